/* What the manifest says of programs, as init tells it. */
#include "interface/clock.h"
#include "interface/tcp.h"
#include "lib/interface.h"
#include "programs/permission/ruling.h"
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

enum { CID_SIZE = 36 };

static uint8_t cid_bytes[CID_SIZE] = { 1, 0x55, 0x12, 0x20 };

static struct weft_bytes cid_of(uint32_t number)
{
    memcpy(cid_bytes + 4, &number, sizeof(number));
    return (struct weft_bytes){ cid_bytes, CID_SIZE };
}

static bool add(uint32_t number, const struct rulings_rule *rules, uint32_t count)
{
    const struct rulings_program program = {
        .cid = cid_of(number),
        .name = WEFT_BYTES("sudoku"),
        .rules = { rules, count },
        .refused = RULINGS_REFUSED_END,
        .limits = { .memory_pages = 1, .processes = 2, .quota = 3 },
    };
    return ruling_add(&program);
}

static struct subject subject_of(uint32_t number, const char *interface)
{
    struct interface_hash hash = interface_hash(interface);
    struct permissions_subject from = { .program = cid_of(number), .interface = interface_bytes(&hash) };
    struct subject subject;
    bool is_taken = subject_take(&from, &subject);
    TAP_OK(is_taken, "a program and an interface");
    return subject;
}

static void test_rules(void)
{
    const struct rulings_rule rules[] = {
        { RULINGS_ANSWER_ALLOW, WEFT_BYTES("tcp@" TCP_INTERFACE_HASH) },
        { RULINGS_ANSWER_DENY, WEFT_BYTES("clock@" CLOCK_INTERFACE_HASH) },
    };
    TAP_OK(add(1, rules, 2), "a program with rules");
    struct subject tcp = subject_of(1, TCP_INTERFACE_HASH);
    struct subject clock = subject_of(1, CLOCK_INTERFACE_HASH);
    struct subject other = subject_of(2, TCP_INTERFACE_HASH);
    TAP_OK(ruling_find(&tcp) != NULL && ruling_find(&tcp)->choice == PERMISSIONS_CHOICE_ALLOW &&
               ruling_find(&other) == NULL,
           "they are for that program alone");
    TAP_OK(ruling_denies(&clock) && !ruling_denies(&tcp) && !ruling_denies(&other),
           "what is denied is told apart");
    const struct ruled *ruled = ruling_program(cid_of(1));
    TAP_OK(ruled != NULL && ruled->terms.refused == PERMISSIONS_REFUSED_END &&
               ruled->terms.limits.memory_pages == 1 && ruled->terms.limits.processes == 2 &&
               ruled->terms.limits.quota == 3 && ruling_program(cid_of(2)) == NULL,
           "with what else is said of it");
    TAP_OK(!add(1, rules, 1) && rulings.count == 2, "a program is told once");
}

static void test_not_understood(void)
{
    static const char *const grants[] = {
        "",
        "tcp",
        "@" TCP_INTERFACE_HASH,
        "tcp@" TCP_INTERFACE_HASH ":/data",
        "tcp@0",
        "tcp@gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg",
    };
    for (uint32_t i = 0; i < sizeof(grants) / sizeof(grants[0]); i++) {
        const struct rulings_rule rules[] = {
            { RULINGS_ANSWER_ALLOW, { (const uint8_t *)grants[i], (uint32_t)strlen(grants[i]) } },
            { RULINGS_ANSWER_DENY, WEFT_BYTES("clock@" CLOCK_INTERFACE_HASH) },
        };
        uint32_t before = rulings.count;
        TAP_OK(!add(100 + i, rules, 2) && rulings.count == before + 1,
               "a rule that means nothing is left out, and the next one holds");
    }
    const struct rulings_program nobody = { .name = WEFT_BYTES("x") };
    TAP_OK(!ruling_add(&nobody), "a program without a CID is none");
    const struct rulings_rule twice[] = {
        { RULINGS_ANSWER_DENY, WEFT_BYTES("tcp@" TCP_INTERFACE_HASH) },
        { RULINGS_ANSWER_ALLOW, WEFT_BYTES("tcp@" TCP_INTERFACE_HASH) },
    };
    struct subject tcp = subject_of(200, TCP_INTERFACE_HASH);
    TAP_OK(!add(200, twice, 2) && ruling_denies(&tcp), "of two rules for one the first holds");
}

static void test_limits(void)
{
    static char grants[RULINGS_MAX + 1][72];
    static struct rulings_rule rules[RULINGS_MAX + 1];
    memset(&rulings, 0, sizeof(rulings));
    for (uint32_t i = 0; i < RULED_MAX; i++)
        if (!add(i, NULL, 0))
            TAP_OK(false, "as many programs as there may be");
    TAP_OK(rulings.program_count == RULED_MAX && !add(RULED_MAX, NULL, 0), "64 programs, and no more");
    memset(&rulings, 0, sizeof(rulings));
    for (uint32_t i = 0; i <= RULINGS_MAX; i++) {
        int size = snprintf(grants[i], sizeof(grants[i]), "i@%064x", i);
        rules[i] = (struct rulings_rule){ RULINGS_ANSWER_ALLOW,
                                          { (const uint8_t *)grants[i], (uint32_t)size } };
    }
    TAP_OK(add(1, rules, RULINGS_MAX) && rulings.count == RULINGS_MAX, "1024 rules");
    TAP_OK(!add(2, rules, 1) && rulings.count == RULINGS_MAX, "and no more");
}

int main(void)
{
    test_rules();
    test_not_understood();
    test_limits();
    return tap_done();
}
