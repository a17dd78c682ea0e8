x=$(echo a; echo b); echo "$x"; echo $x
x=`echo old`; echo $x; echo `echo \`echo nested\``
echo "$(echo "inner $(echo deep)")"
x=$(false); echo $?; x=$(exit 7); echo $?; echo $(exit 3) $?
y=$(printf 'no newline'); echo "[$y]"; y=$(printf 'a\n\n\n'); echo "[$y]"
z=1; y=$(z=2; echo $z); echo $y $z
f() { echo func $1; }; echo $(f arg) "$(f 'b c')"
echo $(case x in x) echo case;; esac)
echo $(echo ')' ; echo "(" )
set -- $(echo 'a b' c); echo $#
echo "$(for i in 1 2 3; do echo $i; done)"
echo $(echo $$) | { read a; [ "$a" = "$$" ] && echo same pid; }
a=$(cd / && pwd); echo $a
echo $(echo x | { read y; echo $y$y; })
echo "$(echo '$notexpanded')"
v='a  b'; echo "$(echo "$v")" $(echo "$v")
n=0; for i in $(echo 1 2 3); do n=$((n+i)); done; echo $n
echo $( # comment
echo after comment
)
