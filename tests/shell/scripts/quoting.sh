echo 'a b' "c  d" e\ f
echo "a$(echo b)c" 'x$y' "it's" 'say "hi"'
x='two words'; echo $x "$x" '$x' "\$x" "\"$x\""
echo a\
b
echo "a\
b"
echo '' ""
printf '<%s>' a "" 'b c' "d"e'f' ; echo
echo "back\\slash" 'sq\\' dq\\x
echo "$" "$ " '$' a$ 
echo "tick \` x"
printf '%s\n' "new
line"
