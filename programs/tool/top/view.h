/* What top shows: a head and one of three tables, from two moments' figures. */
#ifndef PROGRAMS_TOOL_TOP_VIEW_H
#define PROGRAMS_TOOL_TOP_VIEW_H

#include "programs/tool/shared/figures.h"
#include "programs/tool/top/page.h"

enum view_kind { VIEW_PROCESSES, VIEW_SILOS, VIEW_INTERFACES, VIEW_COUNT };
enum view_order { ORDER_CPU, ORDER_MEMORY, ORDER_MESSAGES, ORDER_TIME, ORDER_NAME, ORDER_NUMBER };

enum { HISTORY = 40, FILTER_MAX = 32 };

struct view {
    enum view_kind kind;
    enum view_order order;
    uint64_t silo;           /* only this one and those below; 0: all */
    char filter[FILTER_MAX]; /* of what is shown the name has this in it */
    char note[80];           /* what to say below the head */
    bool shows_keys;         /* in place of the table */
    struct figures figures[2];
    unsigned newest; /* of the two */
    bool has_before;
    double cpu[HISTORY];      /* part of all CPUs, the newest last */
    double messages[HISTORY]; /* a second */
};

/* Takes figures; then there are rates since those before. */
enum weft_status view_take(struct view *view);
void view_show(const struct view *view, struct page *page);

#endif
