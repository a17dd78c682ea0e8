# From `nm --numeric-sort` of the linked image to assembly that symbols.c reads. Without input it
# makes an empty table, for the first link.
$2 ~ /^[tT]$/ && $3 !~ /^(\.|image_)/ {
    addresses = addresses sprintf("        .long 0x%s, %d\n", substr($1, length($1) - 7), size)
    names = names sprintf("        .asciz \"%s\"\n", $3)
    size += length($3) + 1
    count++
}
$3 == "image_code_end" { end = substr($1, length($1) - 7) }
END {
    print "        .section .rodata.symbols, \"a\""
    print "        .balign 8"
    print "        .globl symbol_table, symbol_count, symbol_names"
    print "symbol_table:"
    printf "%s", addresses
    printf "        .long 0x%s, 0\n", end == "" ? "0" : end
    printf "symbol_count:\n        .long %d\n", count + 1
    print "symbol_names:"
    printf "%s", names
    print "        .byte 0"
    print "        .section .note.GNU-stack, \"\", @progbits"
}
