# comments ; are | ignored
echo a#b '#c' # gone
echo one; echo two
echo three ;
true &&
echo continued
echo pipe |
while read x; do echo "got $x"; done
x=1 y=2; echo $x$y
x=a; x=b echo $x; echo $x
a=1 b=$a; echo $b
PATH=/nowhere; echo still works; PATH=/bin
: ${d:=default}; echo $d
{ :; }; (:); { echo a; } && { echo b; }
if :; then echo x; fi; if
true
then
echo y
fi
case x in
# comment
x) echo in case
;;
esac
for x
in a b
do
echo $x
done
f () { echo spaced; }
f
f()
{
echo newline
}
f
echo $(( 1+1 ))$((2))
echo a;echo b&wait
( echo nested; ( echo deeper; ( echo deepest ) ) )
echo "a
b" | while read x; do echo "-$x"; done
while case $# in 0) false;; *) true;; esac do shift; done; echo $#
set -- 1 2 3 4 5 6 7 8 9 10 11; echo $10 ${10} ${11} $#
echo ${#10} ${#1} ; x=äöü; echo "$x"
echo ~ | while read h; do case $h in "$HOME") echo home;; *) echo "not $h";; esac; done
x=~/a:~/b; case $x in "$HOME/a:$HOME/b") echo tildes;; *) echo "no $x";; esac
echo \~ "~" a~b
echo {a,b} a{b}c
! echo negated; echo $?
unset x; x=${x}y; echo $x
IFS= read -r l <<END
   spaces kept   
END
echo "[$l]"
printf '%s\n' -- -n; echo -- x; echo - y
echo 1 2>&1 >&1; echo a>/dev/null b; echo 'quoted'>f; read q <f; echo $q
trap 'echo int' INT; trap; trap - INT; trap
eval 'f() { echo evaled; }'; f
set a b; echo $#; set -- ; echo $#
echo ${-+set} ${?}
x='$(echo no)'; echo "$x" $x; eval "echo $x"
export Z=1; (Z=2; echo $Z); echo $Z
foo=bar; foo=baz : ; echo $foo
times > /dev/null
