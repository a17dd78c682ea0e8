x=' a  b '; for i in $x; do echo "[$i]"; done
IFS=:; x='a::b:c:'; for i in $x; do echo "[$i]"; done
x=':a'; for i in $x; do echo "[$i]"; done
IFS=' :'; x='a : b :: c '; for i in $x; do echo "[$i]"; done
IFS=; x='a b'; for i in $x; do echo "[$i]"; done
unset IFS; x='a b'; for i in $x; do echo "[$i]"; done
x='a b'; set -- $x"c d"; echo $#; set -- "$x"$x; echo $# "$1"
set -- $(echo 1 2; echo 3); echo $#
e=; set -- $e; echo $#; set -- "$e"; echo $#; set -- $e"" ; echo $#
set -- a$e; echo $# "$1"
IFS=,; set -- $(printf 'a,b,,c'); echo $# "$3." ; IFS=' '
x="a
b"; echo $x
