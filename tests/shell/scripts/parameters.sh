unset u; n=; v=value
echo "${u-d}" "${n-d}" "${v-d}" "${u:-d}" "${n:-d}" "${v:-d}"
echo "${u+d}" "${n+d}" "${v+d}" "${u:+d}" "${n:+d}" "${v:+d}"
echo "${u=assigned}" "$u"; echo "${n:=assigned2}" "$n"
echo ${#v} ${#u} ${#}
p=/usr/local/lib/file.tar.gz
echo ${p##*/} ${p#*/} ${p%.*} ${p%%.*} ${p%/*} ${p#nothing} ${p%nothing}
q='a*b'; echo "${q#a\*}" "${q%"*b"}" "${q##*'*'}"
echo "${v%"${v#?}"}" "${v#"${v%?}"}"
set -- one "two three" four
echo $# "$1" "$2" $2 ${3} ${10-none}
for i in "$@"; do echo "[$i]"; done
for i in $@; do echo "($i)"; done
for i in "$*"; do echo "{$i}"; done
IFS=-; echo "$*"; echo $*; IFS=; echo "$*"; unset IFS; echo "$*"
for i in x"$@"y; do echo "<$i>"; done
set --; for i in "$@"; do echo never; done; echo $#
set -- "" a ""; echo $#; for i in "$@"; do echo "[$i]"; done
for i in $1$2; do echo "[$i]"; done
echo ${v}x $vx "${v}x"
shift 2; echo $# "$1."
echo ${x:-a b} "${x:-a   b}" ${x:-"a   b"} "${x:-"q  r"}"

echo ${x-${u2-nested ${v}}}
