/* Paging of Intel's manual, volume 3, chapter 4: an entry of 8 bytes is an address and these bits.
 */
#include "arch/x86_64/privileged/paging.h"

#include "arch/x86_64/privileged/registers.h"

enum {
    ENTRY_PRESENT = 1 << 0,
    ENTRY_WRITE = 1 << 1,
    ENTRY_WRITE_THROUGH = 1 << 3,
    ENTRY_NO_CACHE = 1 << 4,
    ENTRY_LARGE = 1 << 7, /* maps memory itself, on the third level */
    ENTRY_GLOBAL = 1 << 8,
    ENTRY_PROMISED = 1 << 9, /* ours: not present, and to be filled */
    ENTRY_ALIAS = 1 << 10,   /* ours: see PAGING_ALIAS */
    ENTRY_LENT = 1 << 11,    /* ours: see paging_lend */
    ENTRIES = 512,
    PAGE_SHIFT = 12,
    LEVEL_BITS = 9,
    PAGE_SIZE = 1 << PAGE_SHIFT,
    LARGE_PAGE_SIZE = 2 << 20,
};

static const u64 ENTRY_NO_EXECUTE = (u64)1 << 63;
static const u64 ENTRY_LAZY = (u64)1 << 52; /* ours: promised, but see PAGING_LAZY */
static const u64 ENTRY_ADDRESS = 0x000FFFFFFFFFF000;

static paging_take *take_page;
static u64 root;
static u64 direct; /* 0 until memory is mapped there */
static u64 no_execute;
static u32 levels; /* 4 or 5, as boot.S has found */

static u64 *table_at(u64 physical)
{
    return (u64 *)(usize)(direct + physical);
}

static u64 table_create(void)
{
    u64 physical = take_page();
    if (physical != 0)
        __builtin_memset(table_at(physical), 0, PAGE_SIZE);
    return physical;
}

static u32 index_of(u64 at, u32 level)
{
    return (u32)(at >> (PAGE_SHIFT + LEVEL_BITS * (level - 1))) & (ENTRIES - 1);
}

/* Eight types of memory, a byte each, chosen by the bits write-through (1), no-cache (2) and
 * another that is never set. As after a reset, but that 1 alone, which would be write-through,
 * combines. */
void paging_init_cpu(void)
{
    msr_write(MSR_PAGE_TYPES, 0x0007040600070106);
}

void paging_init(paging_take *take)
{
    take_page = take;
    levels = (cr4_read() & CR4_FIVE_LEVELS) != 0 ? 5 : 4;
    if ((msr_read(MSR_EFER) & EFER_NO_EXECUTE) != 0)
        no_execute = ENTRY_NO_EXECUTE;
    root = table_create();
    BASE_ASSERT(root != 0);
}

void paging_switch(paging_take *take)
{
    cr3_write(root);
    direct = DIRECT_MAP;
    take_page = take;
}

u64 paging_lower_half(void)
{
    return (u64)1 << (PAGE_SHIFT + LEVEL_BITS * levels - 1);
}

u64 paging_root(void)
{
    return root;
}

/* ---- Walking ---- */

/* The entry of `at` on that level (1: the last); NULL: a table on the way is not there, and was not
 * to be made or could not be. */
static u64 *entry_at(u64 at, u32 level, bool make)
{
    u64 *table = table_at(root);
    for (u32 above = levels; above > level; above--) {
        u64 *entry = &table[index_of(at, above)];
        if ((*entry & ENTRY_PRESENT) == 0) {
            u64 made = make ? table_create() : 0;
            if (made == 0)
                return NULL;
            __atomic_store_n(entry, made | ENTRY_PRESENT | ENTRY_WRITE, __ATOMIC_RELEASE);
        }
        table = table_at(*entry & ENTRY_ADDRESS);
    }
    return &table[index_of(at, level)];
}

static u64 bits_of(u32 access)
{
    u64 bits = (access & PAGING_WRITE) != 0 ? ENTRY_WRITE : 0;
    if ((access & PAGING_EXECUTE) == 0)
        bits |= no_execute;
    if ((access & PAGING_DEVICE) != 0)
        bits |= ENTRY_NO_CACHE | ENTRY_WRITE_THROUGH;
    if ((access & PAGING_COMBINE) != 0)
        bits |= ENTRY_WRITE_THROUGH; /* paging_init_cpu gives that this meaning */
    if ((access & PAGING_ALIAS) != 0)
        bits |= ENTRY_ALIAS;
    if ((access & PAGING_LAZY) != 0)
        bits |= ENTRY_LAZY;
    return bits;
}

/* ---- Mapping for good ---- */

static bool is_large(u64 at, u64 physical, u64 size)
{
    return ((at | physical) & (LARGE_PAGE_SIZE - 1)) == 0 && size >= LARGE_PAGE_SIZE;
}

/* As many pages, of one size, as one table maps: how many bytes. 0: no memory for tables. */
static u64 map_in_table(u64 at, u64 physical, u64 size, u64 bits)
{
    bool large = is_large(at, physical, size);
    u64 step = large ? LARGE_PAGE_SIZE : PAGE_SIZE;
    u64 *entry = entry_at(at, large ? 2 : 1, true);
    u64 left = entry == NULL ? 0 : ENTRIES - index_of(at, large ? 2 : 1);
    u64 done = 0;
    for (; left > 0 && size - done >= step; left--, done += step)
        *entry++ = (physical + done) | bits | (large ? ENTRY_LARGE : 0);
    return done;
}

bool paging_map(u64 at, u64 physical, u64 size, u32 access)
{
    u64 bits = bits_of(access) | ENTRY_PRESENT | ENTRY_GLOBAL;
    while (size > 0) {
        u64 done = map_in_table(at, physical, size, bits);
        if (done == 0)
            return false;
        at += done;
        physical += done;
        size -= done;
    }
    return true;
}

/* ---- Promises ---- */

bool paging_prepare(u64 at, u64 size)
{
    u64 end = at + size;
    for (at &= ~(u64)(PAGING_TABLE_REACH - 1); at < end; at += PAGING_TABLE_REACH)
        if (entry_at(at, 1, true) == NULL)
            return false;
    return true;
}

void paging_promise(u64 at, u64 size, u32 access)
{
    u64 bits = bits_of(access) | ENTRY_PROMISED;
    for (u64 end = at + size; at < end;) {
        u64 *entries = entry_at(at, 1, false);
        u64 stop = u64_min(end, (at & ~(u64)(PAGING_TABLE_REACH - 1)) + PAGING_TABLE_REACH);
        BASE_ASSERT(entries != NULL);
        for (; at < stop; at += PAGE_SIZE, entries++) {
            BASE_ASSERT(*entries == 0);
            *entries = bits;
        }
    }
}

enum paging_state paging_state_of(u64 at)
{
    const u64 *entry = entry_at(at, 2, false);
    if (entry != NULL && (*entry & (ENTRY_PRESENT | ENTRY_LARGE)) == ENTRY_PRESENT)
        entry = &table_at(*entry & ENTRY_ADDRESS)[index_of(at, 1)];
    if (entry == NULL || *entry == 0)
        return PAGING_NOTHING;
    if ((*entry & ENTRY_PRESENT) != 0)
        return PAGING_PRESENT;
    return (*entry & ENTRY_LAZY) != 0 ? PAGING_HOPED_FOR : PAGING_PROMISED;
}

void paging_fill(u64 at, u64 physical)
{
    u64 *entry = entry_at(at, 1, false);
    BASE_ASSERT(entry != NULL && (*entry & ENTRY_PROMISED) != 0);
    u64 bits = *entry & ~(ENTRY_PROMISED | ENTRY_LAZY);
    __atomic_store_n(entry, bits | physical | ENTRY_PRESENT, __ATOMIC_RELEASE);
}

/* ---- Lending ---- */

/* Its first word, seen as an entry by a CPU that still walks here, is not present. */
static void chain(struct paging_remains *remains, u64 physical)
{
    *table_at(physical) = remains->first;
    remains->first = physical;
}

bool paging_lend(u64 at, u64 physical, u32 access, struct paging_remains *remains)
{
    u64 *entry = entry_at(at, 1, false);
    BASE_ASSERT(entry != NULL && *entry != 0);
    u64 before = __atomic_exchange_n(entry, physical | bits_of(access) | ENTRY_PRESENT | ENTRY_LENT,
                                     __ATOMIC_ACQ_REL);
    bool was_there = (before & ENTRY_PRESENT) != 0 && (before & ENTRY_LENT) == 0;
    if (was_there)
        chain(remains, before & ENTRY_ADDRESS);
    return was_there;
}

void paging_unlend(u64 at, u64 physical, u32 access)
{
    u64 *entry = entry_at(at, 2, false);
    if (entry == NULL || (*entry & (ENTRY_PRESENT | ENTRY_LARGE)) != ENTRY_PRESENT)
        return;
    entry = &table_at(*entry & ENTRY_ADDRESS)[index_of(at, 1)];
    u64 lent = ENTRY_PRESENT | ENTRY_LENT;
    if ((*entry & lent) == lent && (*entry & ENTRY_ADDRESS) == physical)
        __atomic_store_n(entry, bits_of(access) | ENTRY_PROMISED, __ATOMIC_RELEASE);
}

/* ---- Taking apart ---- */

static void clear_last(u64 table, struct paging_remains *remains)
{
    u64 *entries = table_at(table);
    for (u32 i = 0; i < ENTRIES; i++) {
        u64 entry = entries[i];
        bool owns = (entry & ENTRY_ALIAS) == 0;
        __atomic_store_n(&entries[i], 0, __ATOMIC_RELAXED);
        if ((entry & (ENTRY_PROMISED | ENTRY_LENT)) != 0)
            remains->promised += owns && (entry & ENTRY_LAZY) == 0;
        else if ((entry & ENTRY_PRESENT) != 0 && owns)
            chain(remains, entry & ENTRY_ADDRESS);
    }
}

static bool is_empty(const u64 *table)
{
    for (u32 i = 0; i < ENTRIES; i++)
        if (table[i] != 0)
            return false;
    return true;
}

/* The part of [at, end) that one table of the third level maps; then the table, if it is empty. */
static void clear_third(u64 at, u64 end, struct paging_remains *remains)
{
    u64 *above = entry_at(at, 3, false);
    if (above == NULL || (*above & ENTRY_PRESENT) == 0)
        return;
    u64 table = *above & ENTRY_ADDRESS;
    for (; at < end; at += PAGING_TABLE_REACH) {
        u64 *entry = &table_at(table)[index_of(at, 2)];
        if ((*entry & ENTRY_PRESENT) == 0)
            continue;
        u64 last = *entry & ENTRY_ADDRESS;
        __atomic_store_n(entry, 0, __ATOMIC_RELAXED);
        clear_last(last, remains);
        chain(remains, last);
    }
    if (is_empty(table_at(table))) {
        __atomic_store_n(above, 0, __ATOMIC_RELAXED);
        chain(remains, table);
    }
}

void paging_clear(u64 at, u64 size, struct paging_remains *remains)
{
    static const u64 REACH = (u64)1 << 30; /* of a table of the third level */
    u64 end = at + size;
    while (at < end) {
        u64 next = u64_min(end, (at & ~(REACH - 1)) + REACH);
        clear_third(at, next, remains);
        at = next;
    }
}

void paging_forget(void)
{
    cr3_write(cr3_read());
}
