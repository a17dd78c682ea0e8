x=5; y=$((x > 3 ? x : 0)); echo $y
case "$x" in [0-9]) echo digit;; esac
set -- a b c; for i; do printf '%s,' "$i"; done; echo
echo "${1}${2}" "${*}" "$#"
f() { printf '%s\n' "$@"; }; f "a b" c
while read -r a b; do echo "$b $a"; done <<X
1 one
2 two
X
echo a{b}c "{}" {} ; echo } ; echo "a;b" a\;b
if [ "$x" -gt 3 ] && [ "$x" -lt 10 ]; then echo between; fi
(cd /; pwd); echo $(cd /; pwd)
a="x y"; b=$a; echo "$b"; c=$a$b; echo "$c"
unset a; echo "${a:-"default value"}"; echo ${a:-'single quoted'}
echo "nested: $(echo "a $(echo "b $(echo c)")")"
i=10; while [ $i -gt 0 ]; do i=$((i-3)); done; echo $i
echo $((10 % 3)) $((-10 % 3)) $((1 << 10)) $(( 0xff & 0x0f ))
printf '%s|%5s|%-5s|\n' abc de fg
printf '%03d %x %o\n' 7 255 8
command -v cd; type cd >/dev/null && echo typed
trap 'echo exiting' EXIT; echo before
readonly RO=1; (RO=2) 2>/dev/null; echo $?
echo 'multi
line' | while IFS= read -r l; do echo "<$l>"; done
v=abc; echo ${v#a} ${v%c} ${v#?} ${v%?} ${#v}
p=a/b/c.txt; echo ${p##*/} ${p%/*} ${p%.txt}.md
eval "w=\$v"; echo $w; eval 'for k in 1 2; do echo k$k; done'
x=; echo ${x:+set}${x:-unset}; x=1; echo ${x:+set}
! false && echo negated; { false || true; } && echo group
