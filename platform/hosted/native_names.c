/* The resolver blocks, so it runs on threads of its own: they start when there is a question and
 * end when there is none left. A thread that hangs in the resolver when the system ends is left
 * behind: it finds its question withdrawn. */
#include "platform/hosted/native_names.h"

#include "interface/names.h"
#include "platform/hosted/address.h"
#include "platform/hosted/handler.h"
#include "platform/hosted/limits.h"

#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct question {
    struct list_link link; /* in `questions`, or in `asking` */
    i64 id;
    bool withdrawn;
    char name[LIMIT_HOST_NAME_BYTES];
};

static struct handler handler;

static struct {
    pthread_mutex_t lock;
    pthread_cond_t answered;
    struct list questions; /* that no thread has taken yet */
    struct list asking;
    u32 question_count;
    u32 thread_count;
    u32 answering; /* threads that may be inside of the kernel */
} names = { .lock = PTHREAD_MUTEX_INITIALIZER, .answered = PTHREAD_COND_INITIALIZER };

static enum names_error error_of(int failure)
{
    switch (failure) {
    case EAI_NONAME:
    case EAI_NODATA:
    case EAI_ADDRFAMILY:
        return NAMES_ERROR_NOT_FOUND;
    case EAI_AGAIN:
        return NAMES_ERROR_TRY_AGAIN;
    default:
        return NAMES_ERROR_FAILED;
    }
}

/* ---- Answers ---- */

static void answer_error(i64 id, enum names_error error)
{
    u8 small[16];
    struct body_writer writer;
    struct names_address_list_error_result result = { .failed = true, .error = error };
    body_writer_init(&writer, small, sizeof(small));
    names_resolve_result_encode(&writer, &result);
    handler_answer(&handler, id, &writer);
}

/* What the resolver found, without doubles. */
static u32 collect(const struct addrinfo *found, struct address *addresses)
{
    u32 count = 0;
    for (; found != NULL && count < LIMIT_ADDRESSES; found = found->ai_next) {
        struct address address = address_from_host(found->ai_addr);
        u32 same = 0;
        while (same < count && memcmp(&addresses[same], &address, sizeof(address)) != 0)
            same++;
        if (same == count && address.size != 0)
            addresses[count++] = address;
    }
    return count;
}

static void answer_addresses(i64 id, const struct addrinfo *found)
{
    enum { ADDRESS_WIRE_BYTES = 16 + ADDRESS_V6_BYTES };
    struct address addresses[LIMIT_ADDRESSES];
    struct names_address rows[LIMIT_ADDRESSES];
    u8 space[16 + LIMIT_ADDRESSES * ADDRESS_WIRE_BYTES];
    struct body_writer writer;
    u32 count = collect(found, addresses);
    for (u32 i = 0; i < count; i++) {
        const u8 *bytes = addresses[i].bytes;
        if (addresses[i].size == ADDRESS_V4_BYTES)
            rows[i] = (struct names_address){ .tag = NAMES_ADDRESS_V4,
                                              .v4 = { bytes[0], bytes[1], bytes[2], bytes[3] } };
        else
            rows[i] = (struct names_address){ .tag = NAMES_ADDRESS_V6,
                                              .v6 = { bytes, ADDRESS_V6_BYTES } };
    }
    struct names_address_list_error_result result = { .value = { rows, count } };
    body_writer_init(&writer, space, sizeof(space));
    names_resolve_result_encode(&writer, &result);
    handler_answer(&handler, id, &writer);
}

static void ask(struct question *question)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };
    struct addrinfo *found = NULL;
    int failure = getaddrinfo(question->name, NULL, &hints, &found);
    pthread_mutex_lock(&names.lock);
    bool wanted = !question->withdrawn;
    list_remove(&question->link);
    names.answering += wanted;
    pthread_mutex_unlock(&names.lock);
    if (wanted && failure != 0)
        answer_error(question->id, error_of(failure));
    else if (wanted)
        answer_addresses(question->id, found);
    pthread_mutex_lock(&names.lock);
    names.answering -= wanted;
    pthread_cond_broadcast(&names.answered);
    pthread_mutex_unlock(&names.lock);
    if (found != NULL)
        freeaddrinfo(found);
    free(question);
}

/* ---- Threads ---- */

static void *thread_main(void *argument)
{
    pthread_mutex_lock(&names.lock);
    struct list_link *link;
    while ((link = list_pop_front(&names.questions)) != NULL) {
        list_push_back(&names.asking, link);
        names.question_count--;
        pthread_mutex_unlock(&names.lock);
        ask(BASE_CONTAINER_OF(link, struct question, link));
        pthread_mutex_lock(&names.lock);
    }
    names.thread_count--;
    pthread_mutex_unlock(&names.lock);
    return argument;
}

/* With the lock. False: no thread will ever take the question. */
static bool have_thread(void)
{
    pthread_t thread;
    sigset_t all, previous;
    if (names.thread_count >= LIMIT_NAME_THREADS)
        return true;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &previous);
    bool started = pthread_create(&thread, NULL, thread_main, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    if (started)
        pthread_detach(thread);
    names.thread_count += started;
    return names.thread_count > 0;
}

/* False: too many ask already. */
static bool enqueue(struct question *question)
{
    pthread_mutex_lock(&names.lock);
    bool room = names.question_count < LIMIT_NAME_QUEUE && have_thread();
    if (room) {
        list_push_back(&names.questions, &question->link);
        names.question_count++;
    }
    pthread_mutex_unlock(&names.lock);
    return room;
}

static enum weft_status on_resolve(void *context, const struct weft_event *event,
                                   const struct names_resolve_arguments *arguments)
{
    (void)context;
    struct weft_bytes name = arguments->name;
    if (name.size == 0 || name.size >= LIMIT_HOST_NAME_BYTES ||
        memchr(name.data, 0, name.size) != NULL) {
        answer_error(event->id, NAMES_ERROR_BAD_NAME);
        return WEFT_OK;
    }
    struct question *question = calloc(1, sizeof(*question));
    if (question == NULL)
        return WEFT_NO_MEMORY;
    question->id = event->id;
    memcpy(question->name, name.data, name.size);
    if (!enqueue(question)) {
        free(question);
        answer_error(event->id, NAMES_ERROR_TRY_AGAIN);
    }
    return WEFT_OK;
}

/* ---- The handler ---- */

static void on_message(void *context, const struct native_message *message)
{
    static const struct names_server server = { .resolve = on_resolve };
    struct weft_event event;
    struct body_reader reader;
    native_message_event(message, &event, &reader);
    enum weft_status status = names_dispatch(&server, context, &event, &reader);
    if (status != WEFT_OK)
        handler_refuse(&handler, message, status);
}

static void on_closed(void *context, u64 badge)
{
    (void)context;
    (void)badge;
}

static struct question *find(struct list *list, i64 id)
{
    struct list_link *link = list_first(list);
    for (; link != NULL; link = list_next(list, link)) {
        struct question *question = BASE_CONTAINER_OF(link, struct question, link);
        if (question->id == id)
            return question;
    }
    return NULL;
}

static void on_withdrawn(void *context, i64 id)
{
    (void)context;
    pthread_mutex_lock(&names.lock);
    struct question *waiting = find(&names.questions, id);
    struct question *asked = find(&names.asking, id);
    if (waiting != NULL) {
        list_remove(&waiting->link);
        names.question_count--;
    } else if (asked != NULL) {
        asked->withdrawn = true;
    }
    pthread_mutex_unlock(&names.lock);
    free(waiting);
}

enum status native_names_init(void)
{
    static const struct native_operations operations = { "names", on_message, on_closed,
                                                         on_withdrawn };
    list_init(&names.questions);
    list_init(&names.asking);
    return handler_init(&handler, &operations, NULL, NAMES_INTERFACE_NAME, NAMES_INTERFACE_HASH);
}

static void withdraw_all(void)
{
    struct list_link *link;
    pthread_mutex_lock(&names.lock);
    while ((link = list_pop_front(&names.questions)) != NULL)
        free(BASE_CONTAINER_OF(link, struct question, link));
    names.question_count = 0;
    for (link = list_first(&names.asking); link != NULL; link = list_next(&names.asking, link))
        BASE_CONTAINER_OF(link, struct question, link)->withdrawn = true;
    while (names.answering > 0)
        pthread_cond_wait(&names.answered, &names.lock);
    pthread_mutex_unlock(&names.lock);
}

void native_names_deinit(void)
{
    withdraw_all();
    handler_deinit(&handler);
}
