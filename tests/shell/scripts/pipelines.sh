c() { while IFS= read -r l; do printf '%s\n' "$l"; done; }
echo a | c; echo a | c | c | c; { echo x; echo y; } | c
for i in 1 2 3; do echo $i; done | while read x; do echo "r$x"; done
i=0; echo 1 | while read x; do i=5; done; echo $i
(echo s; exit 2) | c; echo $?; echo x | (exit 5); echo $?
echo a | { read x; echo "$x"; } ; c <<END | c | c
here
here
END
f() { echo from f; }; f | c
echo one | if read x; then echo "if $x"; fi
echo 'b' | case x in x) read y; echo case $y;; esac
i=0; while [ $i -lt 2000 ]; do echo "line $i of many that go through a pipe to another"; i=$((i+1)); done | { n=0; while read -r x; do n=$((n+1)); done; echo $n; }
echo bg & wait; echo $?
(exit 7) & wait $!; echo $?
{ echo in background; } & wait
x=$(echo a | c); echo $x
true | true | false; echo $?
echo err 2>&1 >/dev/null | c; { echo to err >&2; } 2>&1 | c
yes_() { while echo y; do :; done; }; yes_ | { read a; echo $a; }
