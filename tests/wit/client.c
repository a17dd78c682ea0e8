/* The calls of generated code over a kernel that is played by this test: what is sent, and that
 * nothing is left behind, whatever the answer. */
#pragma clang diagnostic ignored "-Wunknown-attributes" /* of imports, which are WebAssembly's */
#pragma clang diagnostic ignored "-Wignored-attributes"

#include "lib/client.h"

#include "interface/shapes_program.h"
#include "tests/tap.h"

#include <string.h>

/* The code under test is compiled for WebAssembly elsewhere; here it is part of this program. */
#include "interface/shapes_program.c"
#include "lib/client.c"

enum { ID = 77, SLOT = 5 };

/* What the kernel was asked, and what it is to answer. */
static struct {
    int64_t send_result;
    int32_t wait_result;
    int32_t answer_status;
    uint8_t answer[64];
    uint32_t answer_size;
    uint32_t answer_gifts;

    int32_t sent_slot;
    uint8_t sent[64];
    uint32_t sent_size;
    int32_t sent_gifts[WEFT_GIFTS_MAX];
    uint32_t sent_gift_count;
    uint32_t sent_flags;
    uint32_t sends;
    uint32_t waits;
    int64_t deadline;
    int64_t waited_for;
    int64_t settled; /* the last id that weft_answer was given */
} kernel;

int64_t weft_send(int32_t slot, const void *body, uint32_t size, const int32_t *gifts,
                  uint32_t gift_count, uint32_t flags)
{
    kernel.sends++;
    kernel.sent_slot = slot;
    kernel.sent_size = size;
    memcpy(kernel.sent, body, size);
    kernel.sent_gift_count = gift_count;
    memcpy(kernel.sent_gifts, gifts, gift_count * sizeof(*gifts));
    kernel.sent_flags = flags;
    return kernel.send_result;
}

int32_t weft_answer(int64_t message, int32_t status, const void *body, uint32_t size,
                    const int32_t *gifts, uint32_t gift_count)
{
    (void)status;
    (void)gifts;
    (void)gift_count;
    kernel.settled = message;
    kernel.sent_size = size;
    if (size != 0)
        memcpy(kernel.sent, body, size);
    return message == ID ? 0 : -WEFT_BAD_MESSAGE;
}

int32_t weft_wait(const int64_t *ids, uint32_t id_count, struct weft_event *event, void *body,
                  uint32_t capacity, int64_t deadline)
{
    kernel.waits++;
    kernel.deadline = deadline;
    kernel.waited_for = id_count == 1 ? ids[0] : 0;
    *event = (struct weft_event){
        .kind = WEFT_EVENT_ANSWER,
        .status = kernel.answer_status,
        .id = kernel.waited_for,
        .size = kernel.answer_size,
        .gift_count = kernel.answer_gifts,
        .gifts = { 31, 32 },
    };
    if (kernel.answer_size > capacity)
        return -WEFT_TOO_LARGE;
    memcpy(body, kernel.answer, kernel.answer_size);
    return kernel.wait_result;
}

static _Alignas(8) uint8_t buffer[64];

/* A client, and a kernel that will answer with these bytes. */
static struct weft_client client_of(const uint8_t *answer, uint32_t size)
{
    memset(&kernel, 0, sizeof(kernel));
    kernel.send_result = ID;
    kernel.wait_result = WEFT_EVENT_ANSWER;
    kernel.answer_size = size;
    if (answer != NULL)
        memcpy(kernel.answer, answer, size);
    return (struct weft_client){ .slot = SLOT, .buffer = buffer, .capacity = sizeof(buffer) };
}

static void test_call(void)
{
    static const uint8_t words[] = { 1, 2, 3 };
    struct weft_client client = client_of(words, sizeof(words));
    struct shapes_words result;
    enum weft_status status =
        shapes_echo_words(&client, (struct shapes_words){ 4, 5, 6 }, 7, 8, 9, &result);
    TAP_OK(status == WEFT_OK && result.int_ == 1 && result.class_ == 2 && result.stdin_ == 3,
           "a call gives the decoded answer");
    TAP_OK(kernel.sent_slot == SLOT && kernel.sent_size == 24 && kernel.sent[8] == 4 &&
               kernel.sent_flags == WEFT_WANT_ANSWER,
           "it sent the request and wants an answer");
    TAP_OK(kernel.waits == 1 && kernel.waited_for == ID && kernel.settled == 0,
           "it waited for exactly that answer");
}

static void test_lists(void)
{
    /* Eight bytes that name a list of two bools behind them: the rest is scratch. */
    static const uint8_t truths[] = { 8, 0, 0, 0, 2, 0, 0, 0, 1, 0 };
    struct weft_client client = client_of(truths, sizeof(truths));
    struct shapes_bool_list result;
    TAP_OK(shapes_echo_flags(&client, (struct shapes_few_list){ 0 }, (struct shapes_bool_list){ 0 },
                             (struct shapes_char_list){ 0 }, &result) == WEFT_OK &&
               result.count == 2 && result.data[0] && !result.data[1],
           "lists are decoded into the rest of the buffer");
    TAP_OK((const uint8_t *)result.data >= buffer + sizeof(truths) &&
               (const uint8_t *)(result.data + 2) <= buffer + sizeof(buffer),
           "and lie behind the answer");
    static const uint8_t rows[56] = { 8, 0, 0, 0, 6, 0, 0, 0 };
    struct shapes_u16_list_list matrix;
    client = client_of(rows, sizeof(rows));
    TAP_OK(shapes_echo_matrix(&client, (struct shapes_u16_list_list){ 0 }, &matrix) ==
               WEFT_TOO_LARGE,
           "an answer whose lists do not fit is too large");
}

static void test_gifts(void)
{
    static const uint8_t first[] = { 0, 0, 0, 0 };
    struct weft_client client = client_of(first, sizeof(first));
    const int32_t parts[] = { 20, 21 };
    int32_t made = WEFT_NO_SLOT;
    kernel.answer_gifts = 1;
    TAP_OK(shapes_thing_join(&client, (struct shapes_thing_list){ parts, 2 }, &made) == WEFT_OK &&
               made == 31,
           "a slot comes with the answer");
    TAP_OK(kernel.sent_gift_count == 2 && kernel.sent_gifts[0] == 20 && kernel.sent_gifts[1] == 21,
           "slots go with the request");
    client = client_of(first, sizeof(first));
    kernel.answer_gifts = 2;
    TAP_OK(shapes_thing_join(&client, (struct shapes_thing_list){ 0 }, &made) == WEFT_INVALID &&
               client.event.gift_count == 2 && !client.answer.decoded,
           "a gift too many makes the answer malformed, and the gifts are in the event");
}

static void test_failures(void)
{
    struct shapes_words result;
    struct shapes_words words = { 0 };
    struct weft_client client = client_of(NULL, 0);
    kernel.send_result = -WEFT_DENIED;
    TAP_OK(shapes_echo_words(&client, words, 0, 0, 0, &result) == WEFT_DENIED && kernel.waits == 0,
           "what could not be sent is not waited for");
    client = client_of(NULL, 0);
    kernel.answer_status = WEFT_GONE;
    TAP_OK(shapes_echo_words(&client, words, 0, 0, 0, &result) == WEFT_GONE && kernel.settled == 0,
           "a status in place of an answer is the call's");
    client = client_of(NULL, 65);
    kernel.answer_gifts = 1;
    TAP_OK(shapes_echo_words(&client, words, 0, 0, 0, &result) == WEFT_TOO_LARGE &&
               kernel.settled == ID && client.event.gift_count == 0,
           "an answer larger than the buffer is withdrawn, and its gifts with it");
    client = client_of(NULL, 2);
    TAP_OK(shapes_echo_words(&client, words, 0, 0, 0, &result) == WEFT_INVALID,
           "a malformed answer is told");
    client = client_of(NULL, 0);
    kernel.wait_result = -WEFT_FAULT;
    TAP_OK(shapes_echo_words(&client, words, 0, 0, 0, &result) == WEFT_FAULT &&
               kernel.settled == ID,
           "when waiting fails, the request is withdrawn");
    client = client_of(NULL, 0);
    client.capacity = 23;
    TAP_OK(shapes_echo_words(&client, words, 0, 0, 0, &result) == WEFT_TOO_LARGE &&
               kernel.sends == 0,
           "a request larger than the buffer is not sent");
    client = client_of(NULL, 0);
    client.impatient = true;
    kernel.wait_result = WEFT_EVENT_NONE;
    TAP_OK(shapes_echo_words(&client, words, 0, 0, 0, &result) == WEFT_WOULD_BLOCK &&
               kernel.settled == ID,
           "an impatient client withdraws what is not answered at once");
    client = client_of(NULL, 0);
    client.deadline_ns = 77;
    kernel.wait_result = WEFT_EVENT_NONE;
    TAP_OK(shapes_echo_words(&client, words, 0, 0, 0, &result) == WEFT_WOULD_BLOCK &&
               kernel.settled == ID && kernel.deadline == 77,
           "one with a deadline, what is not answered then");
}

static void test_asynchronous(void)
{
    struct weft_client client = client_of(NULL, 0);
    TAP_OK(shapes_nothing_send(&client, WEFT_WANT_ANSWER | WEFT_NO_WAIT) == ID &&
               kernel.waits == 0 && kernel.sent_flags == (WEFT_WANT_ANSWER | WEFT_NO_WAIT),
           "a request alone gives its id");
    kernel.send_result = -WEFT_WOULD_BLOCK;
    TAP_OK(shapes_nothing_send(&client, 0) == -WEFT_WOULD_BLOCK, "or a negated status");
    client.capacity = 3;
    TAP_OK(shapes_nothing_send(&client, 0) == -WEFT_TOO_LARGE, "also when it does not fit");
}

static void test_answer(void)
{
    struct weft_client client = client_of(NULL, 0);
    struct body_writer writer;
    struct shapes_words words = { 1, 2, 3 };
    (void)client;
    body_writer_init(&writer, buffer, sizeof(buffer));
    TAP_OK(shapes_echo_words_answer(&writer, ID, &words) == WEFT_OK && kernel.settled == ID &&
               kernel.sent_size == 3 && memcmp(kernel.sent, "\1\2\3", 3) == 0,
           "a handler answers with the encoded result");
    TAP_OK(shapes_echo_words_answer(&writer, ID + 1, &words) == WEFT_BAD_MESSAGE,
           "what the kernel says of it is told");
    body_writer_init(&writer, buffer, 2);
    kernel.settled = 0;
    TAP_OK(shapes_echo_words_answer(&writer, ID, &words) == WEFT_TOO_LARGE && kernel.settled == 0,
           "an answer that does not fit is not sent");
}

int main(void)
{
    test_call();
    test_lists();
    test_gifts();
    test_failures();
    test_asynchronous();
    test_answer();
    return tap_done();
}
