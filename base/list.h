/* A doubly linked list whose links live in its items; an item is in one list at most per link.
 * The list owns nothing. `BASE_CONTAINER_OF` leads from link to item. */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include "base/types.h"

struct list_link {
    struct list_link *next; /* NULL: not in a list */
    struct list_link *previous;
};

struct list {
    struct list_link head; /* its `next` is the first item; circular */
};

static inline void list_init(struct list *list)
{
    list->head.next = &list->head;
    list->head.previous = &list->head;
}

static inline bool list_empty(const struct list *list)
{
    return list->head.next == &list->head;
}

static inline bool list_linked(const struct list_link *link)
{
    return link->next != NULL;
}

static inline void list_insert_after(struct list_link *place, struct list_link *link)
{
    link->previous = place;
    link->next = place->next;
    place->next->previous = link;
    place->next = link;
}

static inline void list_push_back(struct list *list, struct list_link *link)
{
    list_insert_after(list->head.previous, link);
}

static inline void list_push_front(struct list *list, struct list_link *link)
{
    list_insert_after(&list->head, link);
}

/* Out of the list that it is in. */
static inline void list_take_out(struct list_link *link)
{
    struct list_link *next = link->next;
    struct list_link *previous = link->previous;
    previous->next = next;
    next->previous = previous;
    *link = (struct list_link){ 0 };
}

/* The same; nothing if it is in none. */
static inline void list_remove(struct list_link *link)
{
    if (list_linked(link))
        list_take_out(link);
}

/* The first link, or NULL. */
static inline struct list_link *list_first(const struct list *list)
{
    return list_empty(list) ? NULL : list->head.next;
}

/* The first link of a list that is not empty. */
static inline struct list_link *list_front(const struct list *list)
{
    return list->head.next;
}

/* The link behind `link`, or NULL at the end. */
static inline struct list_link *list_next(const struct list *list, const struct list_link *link)
{
    return link->next == &list->head ? NULL : link->next;
}

/* Takes the first link out; NULL when the list is empty. */
static inline struct list_link *list_pop_front(struct list *list)
{
    struct list_link *first = list_first(list);
    if (first != NULL)
        list_remove(first);
    return first;
}

#endif
