echo hello > f; while read x; do echo "got $x"; done < f
echo more >> f; while read x; do echo "got $x"; done < f
echo err >&2 2>/dev/null; { echo out; echo err >&2; } 2>/dev/null
{ echo out; echo err >&2; } > g 2>&1; while read x; do echo "g $x"; done < g
: > f; [ -s f ] || echo empty
exec 3> h; echo to3 >&3; echo again >&3; exec 3>&-; while read x; do echo $x; done < h
exec 4< h; read a <&4; read b <&4; echo "$a $b"; exec 4<&-
{ read a; read b; } < h; echo "$a-$b"
while read x <&5; do echo "5 $x"; done 5< h
echo x > f >g; [ -s f ] || echo f is empty; read y < g; echo $y
set -C; echo z > g 2>/dev/null || echo kept; echo z >| g; read y <g; echo $y; set +C
echo a 1>&2 2>/dev/null 1>/dev/null; echo b
cd nowhere 2>/dev/null || echo failed
f() { echo in f; echo err >&2; }; f > h 2>/dev/null; read x < h; echo "$x"
if read x; then echo "if $x"; fi < h
for i in 1 2; do echo $i; done > h; while read x; do echo "for $x"; done < h
(echo sub; echo sub2) > h; while read x; do echo "$x"; done < h
read x < missing 2>/dev/null || echo missing
echo <g >/dev/null; echo $?
echo 1 <> h; [ -e h ] && echo there
cat_() { while IFS= read -r l; do printf '%s\n' "$l"; done; }
echo piped | cat_ | cat_
