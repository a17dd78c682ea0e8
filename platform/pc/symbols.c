#include "platform/pc/symbols.h"

/* Made from the linked image (symbols.awk), in the order of addresses. The last one is the end of
 * the code, without a name. */
struct symbol {
    u32 address;
    u32 name; /* offset in symbol_names */
};

extern const struct symbol symbol_table[];
extern const u32 symbol_count;
extern const char symbol_names[];

const char *symbol_of(u64 pc, u64 *offset)
{
    u32 low = 0, high = symbol_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (symbol_table[middle].address <= pc)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || low == symbol_count)
        return NULL;
    *offset = pc - symbol_table[low - 1].address;
    return symbol_names + symbol_table[low - 1].name;
}
