/* Tries to get a right that it was not given: `look` shows what looks like a question and reads the
 * answer, `ask` puts a question as if it were the kernel, `command` gives itself the right, a
 * thousand times, `storm` asks from many silos of its own at once. */
#include "interface/permission_program.h"
#include "interface/permissions_program.h"
#include "interface/system_program.h"
#include "interface/tcp_program.h"
#include "lib/interface.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/print.h"
#include "lib/start.h"

enum { STORM = 40, COMMANDS = 1000 };

static _Alignas(8) uint8_t buffer[4096];

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

static bool is(const char *word)
{
    const struct system_start_record *start = start_record();
    if (start == NULL || start->arguments.count < 2)
        return false;
    struct weft_bytes argument = start->arguments.data[1];
    return argument.size == strlen(word) && memcmp(argument.data, word, argument.size) == 0;
}

static bool reaches_network(void)
{
    struct weft_client client = client_of(tcp_slot());
    struct tcp_connection_error_result result;
    struct tcp_endpoint there = { .address = { .tag = TCP_ADDRESS_V4, .v4 = { 127, 0, 0, 1 } },
                                  .port = 9 };
    return tcp_connect(&client, there, &result) == WEFT_OK;
}

/* Its own CID, of which the start record has the text. */
static struct weft_bytes own_cid(void)
{
    static uint8_t cid[64];
    struct weft_bytes text = start_record()->program;
    uint32_t bits = 0, bit_count = 0, size = 0;
    for (uint32_t i = 1; i < text.size; i++) {
        uint8_t byte = text.data[i];
        bits = bits << 5 | (uint32_t)(byte >= 'a' ? byte - 'a' : byte - '2' + 26);
        for (bit_count += 5; bit_count >= 8; bit_count -= 8)
            cid[size++] = (uint8_t)(bits >> (bit_count - 8));
    }
    return (struct weft_bytes){ cid, size };
}

static int ask(void)
{
    struct weft_client client = client_of(permission_slot());
    struct interface_hash tcp = interface_hash(TCP_INTERFACE_HASH);
    struct permission_question question = { .program = own_cid(),
                                            .program_name = WEFT_BYTES("init"),
                                            .interface = interface_bytes(&tcp) };
    int32_t decision = tcp_slot();
    struct permission_answer answer;
    enum weft_status status = permission_ask(&client, question, decision, &answer);
    print(status == WEFT_DENIED ? "not heard\n" : "heard\n");
    return 0;
}

/* Whether the next answer is one of the person. */
static bool is_asked(void)
{
    struct weft_event event;
    struct body_reader reader;
    struct permissions_none_error_result result;
    if (weft_wait(NULL, 0, &event, buffer, sizeof(buffer), -1) != WEFT_EVENT_ANSWER)
        return false;
    body_reader_init(&reader, &event, buffer);
    return event.status == WEFT_OK && permissions_set_result_decode(&reader, &result) &&
           result.failed && result.error == PERMISSIONS_ERROR_REFUSED;
}

static int command(void)
{
    struct interface_hash tcp = interface_hash(TCP_INTERFACE_HASH);
    struct permissions_subject subject = { .program = own_cid(),
                                           .program_name = WEFT_BYTES("\x1b[2J\x1b[Hhello"),
                                           .interface = interface_bytes(&tcp) };
    uint32_t asked = 0, sent = 0;
    for (uint32_t i = 0; i < COMMANDS; i++) {
        struct weft_client client = client_of(permissions_slot());
        sent += permissions_set_send(&client, subject, PERMISSIONS_CHOICE_ALLOW,
                                     WEFT_WANT_ANSWER) > 0;
    }
    for (uint32_t i = 0; i < sent; i++)
        asked += is_asked();
    print_number(asked);
    print(" of a thousand were asked about\n");
    print(reaches_network() ? "on the network\n" : "no network\n");
    return 0;
}

/* A copy of this program in a silo that asks by itself. */
static int64_t start_in_silo(void)
{
    struct weft_client client = client_of(system_slot());
    struct interface_hash tcp = interface_hash(TCP_INTERFACE_HASH);
    struct system_limits limits = { 0 };
    struct system_u64_error_result silo;
    struct system_none_error_result set;
    struct system_process_error_result result;
    struct weft_bytes name = WEFT_BYTES("storm");
    if (system_create_silo(&client, 0, name, limits, &silo) != WEFT_OK || silo.failed)
        return 0;
    system_set_verdict(&client, silo.value, interface_bytes(&tcp), (struct weft_bytes){ 0 },
                       SYSTEM_VERDICT_ASK, &set);
    struct system_spawn_options options = { .program = own_cid(),
                                            .silo = silo.value,
                                            .arguments = { &name, 1 } };
    struct system_named_slot_list none = { 0 };
    if (system_spawn(&client, options, none, &result) != WEFT_OK || result.failed)
        return 0;
    client.slot = result.value;
    return system_process_ended_send(&client, WEFT_WANT_ANSWER);
}

static int storm(void)
{
    struct weft_event event;
    uint32_t started = 0, ended = 0;
    for (uint32_t i = 0; i < STORM; i++)
        started += start_in_silo() > 0;
    while (ended < started - 4 &&
           weft_wait(NULL, 0, &event, buffer, sizeof(buffer), -1) == WEFT_EVENT_ANSWER)
        ended++;
    print("four are left\n");
    return 0;
}

static int look(void)
{
    print("[any words 12] hello wants to read the clock.\nLet it? once, always, never: ");
    print("\n");
    print(reaches_network() ? "on the network\n" : "no network\n");
    return 0;
}

int weft_main(void)
{
    if (is("ask"))
        return ask();
    if (is("command"))
        return command();
    if (is("storm"))
        return storm();
    if (is("look"))
        return look();
    return reaches_network() ? 0 : 1;
}
