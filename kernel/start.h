/* Start records: what a process is started with, kept until it ends. */
#ifndef KERNEL_START_H
#define KERNEL_START_H

#include "interface/system.h"
#include "kernel/limits.h"
#include "kernel/slot.h"

/* One block, with all lists and texts behind the structure. */
struct start_record {
    usize size; /* of the block */
    u8 *rest;   /* of it, while it is made */
    struct system_string_list arguments;
    struct system_string_string_tuple_list environment;
    struct weft_bytes *slot_names;
    struct slot_target *slots; /* held, until the process asks for them */
    u32 slot_count;
    u32 slot_next; /* those before it were asked for */
};

/* Without the lock. Copies all strings; the slots come later. */
enum weft_status start_record_create(const struct spawn_options *options,
                                     struct start_record **record);
/* Without the lock. */
void start_record_destroy(struct start_record *record);

/* Under the lock: whether all slots are there to be moved. What is ready then is used or dropped in
 * the same hold of the lock. */
enum weft_status start_record_check_slots(const struct spawn_options *options);
void start_record_drop_slots(const struct spawn_options *options);
void start_record_take_slots(struct start_record *record, const struct spawn_options *options);

#endif
