# More than any pipe holds, through each kind of subshell.
i=0; x=0123456789abcdef
while [ $i -lt 12 ]; do x=$x$x; i=$((i+1)); done
echo ${#x}
y=$(echo $x); echo ${#y}
y=$(echo $x | { read l; echo $l; }); echo ${#y}
y=$( (echo $x; echo $x) ); echo ${#y}
{ read a; echo ${#a}; } <<END
$x
END
echo $x | (read b; echo ${#b})
f() { echo $x; }; y=$(f | { read l; echo "$l$l"; }); echo ${#y}
(echo $x; echo $x; echo $x) | { n=0; while read -r l; do n=$((n+${#l})); done; echo $n; }
