f() { echo "f $# $1"; return 3; echo never; }
f a b; echo $?
g() { local x=inner; echo $x; h; }; h() { echo "h $x"; }; x=outer; g; echo $x
r() { [ $1 -le 0 ] && return; echo $1; r $(($1-1)); }; r 3
k() { for i in 1 2 3; do return $i; done; }; k; echo $?
c() { echo "$@"; }; c 1 "2 3"; set -- a b; c x; echo $*
v=1 c vv; echo ${v-unset}
m() { x=changed; }; m; echo $x
u() { unset -f u; echo once; }; u; u 2>/dev/null || echo gone
p() (cd /; x=sub; exit 5); p; echo $? $x
d() { echo one; }; d() { echo two; }; d
q() { while read l; do echo "$l"; done <<EOF
in function $1
EOF
}; q arg
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(($1 * $(fact $(($1-1))))); fi; }; fact 6
l() { local a b=2; a=1; echo $a $b; }; l; echo ${a-none} ${b-none}
s() { shift; echo $1; }; s 1 2; echo $1
