/* Keys become lines, and lines answers to those who wait. Nothing is answered with the lock held.
 */
#include "platform/bare/terminal.h"

#include "interface/terminal.h"
#include "machine/machine.h"
#include "platform/bare/console.h"
#include "platform/bare/line.h"
#include "platform/bare/spin.h"

enum {
    REQUESTS_MAX = 1024,   /* that wait at once */
    READ_MAX_BYTES = 4096, /* of one answer */
    KEYS_AT_ONCE = 64,
};

struct request {
    struct list_link link;
    i64 id;
    enum terminal_request_kind kind;
    u32 count;
};

static struct {
    struct spin keys; /* before `lock` */
    struct spin lock;
    struct line line;
    u64 mode_owner; /* process whose mode holds; 0: the usual one */
    struct list reading;
    struct list interrupted;
    u32 request_count;
    void (*on_interrupt)(void);
} terminal;

static struct list *list_of(enum terminal_request_kind kind)
{
    return kind == TERMINAL_INTERRUPTED ? &terminal.interrupted : &terminal.reading;
}

static void forget(struct request *request)
{
    list_remove(&request->link);
    terminal.request_count--;
}

/* ---- Answers ---- */

/* The first who waits for input, if there is some: out of the list, with its bytes. */
static struct request *take_reader(u8 *buffer, u32 *size)
{
    spin_take(&terminal.lock);
    struct list_link *link = list_first(&terminal.reading);
    struct request *request = NULL;
    if (link != NULL && line_is_ready(&terminal.line)) {
        request = BASE_CONTAINER_OF(link, struct request, link);
        forget(request);
        *size = terminal.line.ready_size;
        if (request->kind == TERMINAL_READ)
            *size = line_take(&terminal.line, buffer, (u32)u64_min(request->count, READ_MAX_BYTES));
    }
    spin_give(&terminal.lock);
    return request;
}

static void settle_readers(void)
{
    u8 buffer[TERMINAL_ANSWER_BYTES + READ_MAX_BYTES];
    struct request *request;
    u32 size;
    while ((request = take_reader(buffer + TERMINAL_ANSWER_BYTES, &size)) != NULL) {
        if (request->kind == TERMINAL_READ)
            terminal_answer_read(request->id, buffer, size);
        else
            terminal_answer_readable(request->id, size);
        machine_free(request, sizeof(*request));
    }
}

static struct request *take_interrupted(void)
{
    spin_take(&terminal.lock);
    struct list_link *link = list_first(&terminal.interrupted);
    struct request *request = NULL;
    if (link != NULL) {
        request = BASE_CONTAINER_OF(link, struct request, link);
        forget(request);
    }
    spin_give(&terminal.lock);
    return request;
}

static void settle_interrupt(void)
{
    bool told = false;
    struct request *request;
    while ((request = take_interrupted()) != NULL) {
        terminal_answer_interrupted(request->id);
        machine_free(request, sizeof(*request));
        told = true;
    }
    if (!told)
        terminal.on_interrupt();
}

/* ---- Keys ---- */

static enum line_event type(u8 key)
{
    u8 buffer[LINE_ECHO_MAX];
    struct writer echo;
    writer_init(&echo, buffer, sizeof(buffer));
    spin_take(&terminal.lock);
    enum line_event event = line_type(&terminal.line, key, &echo);
    spin_give(&terminal.lock);
    if (echo.size != 0)
        console_write((struct bytes){ buffer, u64_min(echo.size, sizeof(buffer)) }, true);
    return event;
}

/* By one CPU at a time, so that keys keep their order. How many of them were the interrupt key. */
static u32 take_keys(void)
{
    u8 keys[KEYS_AT_ONCE];
    usize count;
    u32 interrupts = 0;
    spin_take(&terminal.keys);
    while ((count = terminal_receive(keys, sizeof(keys))) != 0)
        for (usize i = 0; i < count; i++)
            interrupts += type(keys[i]) == LINE_INTERRUPT;
    spin_give(&terminal.keys);
    return interrupts;
}

void terminal_look(void)
{
    for (u32 interrupts = take_keys(); interrupts > 0; interrupts--)
        settle_interrupt();
    settle_readers();
}

/* ---- Requests ---- */

enum weft_status terminal_submit(i64 id, enum terminal_request_kind kind, u32 count)
{
    struct request *request = machine_allocate(sizeof(*request));
    if (request == NULL)
        return WEFT_NO_MEMORY;
    request->id = id;
    request->kind = kind;
    request->count = count;
    spin_take(&terminal.lock);
    bool room = terminal.request_count < REQUESTS_MAX;
    if (room) {
        list_push_back(list_of(kind), &request->link);
        terminal.request_count++;
    }
    spin_give(&terminal.lock);
    if (!room) {
        machine_free(request, sizeof(*request));
        return WEFT_LIMIT;
    }
    if (kind != TERMINAL_INTERRUPTED)
        settle_readers();
    return WEFT_OK;
}

static struct request *find_in(const struct list *list, i64 id)
{
    struct list_link *link = list_first(list);
    for (; link != NULL; link = list_next(list, link))
        if (BASE_CONTAINER_OF(link, struct request, link)->id == id)
            return BASE_CONTAINER_OF(link, struct request, link);
    return NULL;
}

void terminal_withdraw(i64 id)
{
    spin_take(&terminal.lock);
    struct request *request = find_in(&terminal.reading, id);
    if (request == NULL)
        request = find_in(&terminal.interrupted, id);
    if (request != NULL)
        forget(request);
    spin_give(&terminal.lock);
    if (request != NULL)
        machine_free(request, sizeof(*request));
}

/* ---- Modes ---- */

void terminal_set_mode(u32 mode, u64 owner)
{
    spin_take(&terminal.lock);
    terminal.line.raw = (mode & TERMINAL_MODE_RAW) != 0;
    terminal.line.no_echo = (mode & TERMINAL_MODE_NO_ECHO) != 0;
    terminal.mode_owner = mode == 0 ? 0 : owner;
    spin_give(&terminal.lock);
}

void terminal_process_ended(struct process_id process)
{
    spin_take(&terminal.lock);
    bool owned = terminal.mode_owner != 0 && terminal.mode_owner == process.value;
    spin_give(&terminal.lock);
    if (owned)
        terminal_set_mode(0, 0);
}

/* ---- Start and end ---- */

enum status terminal_init(void (*interrupted)(void))
{
    list_init(&terminal.reading);
    list_init(&terminal.interrupted);
    terminal.on_interrupt = interrupted;
    return terminal_handlers_init();
}

static void drop_all(struct list *list)
{
    struct list_link *link;
    while ((link = list_pop_front(list)) != NULL) {
        struct request *request = BASE_CONTAINER_OF(link, struct request, link);
        machine_free(request, sizeof(*request));
    }
}

void terminal_deinit(void)
{
    terminal_handlers_deinit();
    drop_all(&terminal.reading);
    drop_all(&terminal.interrupted);
    terminal.request_count = 0;
}
