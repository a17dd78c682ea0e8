c() { while IFS= read -r l; do printf '%s\n' "$l"; done; }
x=val
c <<EOF
plain $x ${x}s $((1+1)) $(echo sub) `echo tick`
  indented "quoted" 'single' \$x \\ back
EOF
c <<'EOF'
raw $x $(echo no)
EOF
c <<"E O"
raw2 $x
E O
c <<-EOF
	tabs removed
		two
	EOF
c <<A; c <<B
first
A
second
B
c <<EOF | c
piped $x
EOF
if true; then c <<EOF
in if
EOF
fi
c <<EOF
EOF
echo end
for i in 1 2; do c <<EOF
loop $i
EOF
done
(c <<EOF
sub
EOF
)
c <<EOF
a\
b
EOF
