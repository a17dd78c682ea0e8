echo -n no newline; echo; echo a b   c; echo 'tab\there'; echo 'x\cy'; echo
echo 'octal\0101'
printf '%d %i %u %o %x %X %c %s %%\n' 1 -2 3 8 255 255 char str
printf '[%5d][%-5d][%05d][%+d][% d]\n' 42 42 42 42 42
printf '[%10s][%-10s][%.2s]\n' right left cut
printf '%s-%s\n' a b c; printf 'n\n'; printf '%b\n' 'a\tb\0101'
printf '\101\n'; printf '%d\n' "'A" 0x10 010; printf '%s\n'
printf '%*d|%-*d|\n' 5 1 5 2; printf '%#o %#x\n' 8 255
test a = a && echo 1; test a != b && echo 2; [ 1 -lt 2 ] && echo 3; [ -n x ] && echo 4; [ -z "" ] && echo 5
[ ! -e nothing ] && echo 6; [ -d . ] && echo 7; [ a ] && echo 8; [ "" ] || echo 9; [ ] || echo 10
[ 1 -eq 1 -a 2 -eq 2 ] && echo 11; [ 1 -eq 2 -o 2 -eq 2 ] && echo 12; [ ! a = b ] && echo 13; [ \( a = a \) ] && echo 14
[ = ] && echo 15; [ ! = x ] || echo 16; [ -n ] && echo 17; [ x -eq 1 ] 2>/dev/null; echo $?
set -- a b c d; shift; echo $1; shift 2; echo $1 $#
eval 'x=5; echo $x'; eval echo '$x' y; eval; echo $?
export E=1; readonly R=2; echo $E $R; (R=3) 2>/dev/null || echo readonly
unset E; echo ${E-unset}
read a b <<EOF
one two three
EOF
echo "$a|$b"
read a b c <<EOF
x y
EOF
echo "$a|$b|$c"
read -r a <<'EOF'
back\slash
EOF
echo "$a"
read a <<'EOF'
con\
tinued esc\aped
EOF
echo "$a"
IFS=: read a b c <<EOF
1:2:3:4
EOF
echo "$a|$b|$c"
IFS=: read a b <<EOF
1::
EOF
echo "$a|$b"
cd /; pwd; cd - >/dev/null; cd /nowhere 2>/dev/null; echo $?
type echo; type cd; command -v echo; command -v nosuch; echo $?
true; echo $?; false; echo $?; :; echo $?
while getopts ab:c o -a -b arg -c rest; do echo "$o ${OPTARG-}"; done; echo $OPTIND
OPTIND=1; set -- -xy -z v w; while getopts xyz: o; do echo "$o ${OPTARG-}"; done; shift $((OPTIND-1)); echo $1
alias hi='echo hello'; alias hi
command echo via command; command false; echo $?
hash; echo $?
echo 'echo sourced $1; y=7; return 4' > s; . ./s; echo $? $y
