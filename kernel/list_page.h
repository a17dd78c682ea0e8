/* A page of a list: of all there are, those with the smallest ids from some id on. They are found by
 * going through all in whatever order these have, so a reader who asks for page after page meets each
 * that stays once, while others come and go. Under the kernel's lock. */
#ifndef KERNEL_LIST_PAGE_H
#define KERNEL_LIST_PAGE_H

#include "base/base.h"

struct silo;

enum { LIST_PAGE_MAX = 256 };

struct list_page {
    u64 from;
    u32 max; /* LIST_PAGE_MAX at most */
    u32 count;
    struct list_page_row {
        u64 id;
        void *item;
    } rows[LIST_PAGE_MAX]; /* by id */
};

/* Empty, for at most `count` with an id of at least `from`. */
void list_page_init(struct list_page *page, u64 from, u32 count);
void list_page_add(struct list_page *page, u64 id, void *item);
/* Processes of a silo and of those below, as struct process. */
void list_page_add_processes(struct list_page *page, struct silo *above);
/* The silo and those below, as struct silo. */
void list_page_add_silos(struct list_page *page, struct silo *above);

#endif
