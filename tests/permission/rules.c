/* What is remembered: found, changed, forgotten, and kept as text. */
#include "interface/clock.h"
#include "interface/files.h"
#include "interface/tcp.h"
#include "lib/interface.h"
#include "programs/permission/known.h"
#include "programs/permission/rules.h"
#include "tests/tap.h"

#include <string.h>

enum { TEXT_MAX = 1 << 20 };

static char text[TEXT_MAX];

/* A program by a number, and an interface. */
static struct subject subject_of(uint32_t number, const char *interface, const char *name)
{
    uint8_t cid[36] = { 1, 0x55, 0x12, 0x20 };
    struct interface_hash hash = interface_hash(interface);
    struct subject subject;
    memcpy(cid + 4, &number, sizeof(number));
    struct permissions_subject from = {
        .program = { cid, sizeof(cid) },
        .program_name = { (const uint8_t *)name, (uint32_t)strlen(name) },
        .interface = interface_bytes(&hash),
        .interface_name = WEFT_BYTES("whatever"),
    };
    if (!subject_take(&from, &subject))
        memset(&subject, 0, sizeof(subject));
    return subject;
}

static bool name_is(const struct subject_name *name, const char *expected)
{
    return name->size == strlen(expected) && memcmp(name->bytes, expected, name->size) == 0;
}

static void test_one(void)
{
    struct subject sudoku = subject_of(1, TCP_INTERFACE_HASH, "sudoku");
    struct subject other = subject_of(2, TCP_INTERFACE_HASH, "sudoku");
    struct subject clock = subject_of(1, CLOCK_INTERFACE_HASH, "sudoku");
    TAP_OK(name_is(&sudoku.interface, "tcp"), "an interface of the system's has its own name");
    TAP_OK(rules_set(&sudoku, PERMISSIONS_CHOICE_DENY, 7) && rules_find(&sudoku) != NULL &&
               rules_find(&sudoku)->choice == PERMISSIONS_CHOICE_DENY,
           "what is remembered is found");
    TAP_OK(rules_find(&other) == NULL && rules_find(&clock) == NULL,
           "for that program and that interface alone, whatever its name");
    TAP_OK(rules_set(&sudoku, PERMISSIONS_CHOICE_ALLOW, 8) && rules.count == 1 &&
               rules_find(&sudoku)->choice == PERMISSIONS_CHOICE_ALLOW,
           "another choice takes its place");
    TAP_OK(rules_forget(&sudoku) && rules_find(&sudoku) == NULL && !rules_forget(&sudoku),
           "and is forgotten once");
}

static void test_text(void)
{
    struct subject odd = subject_of(3, TCP_INTERFACE_HASH, "a b\nallow 1\x1b[2J");
    rules.count = 0;
    rules_set(&odd, PERMISSIONS_CHOICE_SUBSTITUTE, 1234567890123456789u);
    size_t size = rules_write(text, sizeof(text));
    TAP_OK(memchr(text, '\n', size) == text + size - 1, "a name of many lines is one line");
    rules.count = 0;
    TAP_OK(rules_read(text, size) && rules.count == 1 &&
               rules.list[0].since == 1234567890123456789u &&
               rules.list[0].choice == PERMISSIONS_CHOICE_SUBSTITUTE &&
               subject_equal(&rules.list[0].subject, &odd) &&
               name_is(&rules.list[0].subject.program, "a b\nallow 1\x1b[2J"),
           "what was written is read again");
    for (size_t cut = 1; cut < size - 1; cut++) {
        rules.count = 0;
        if (rules_read(text, cut)) {
            TAP_OK(false, "a line that was cut means nothing");
            return;
        }
    }
    TAP_OK(true, "a line that was cut means nothing");
}

static void test_mistakes(void)
{
    static const char *const lines[] = {
        "allow\n", "perhaps 1 01 02 03 04\n", "allow x 01 02 03 04\n", "\n", "allow 1 0g 02 03 04\n",
        "allow 1 01 02 03\n", "allow 99999999999999999999 01 02 03 04\n",
    };
    bool all = true;
    for (uint32_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        rules.count = 0;
        all &= !rules_read(lines[i], strlen(lines[i])) && rules.count == 0;
    }
    TAP_OK(all, "lines that mean nothing are left out, and it is told");
}

static void test_limit(void)
{
    rules.count = 0;
    bool all = true;
    for (uint32_t i = 1; i <= RULES_MAX; i++) {
        struct subject subject = subject_of(i, TCP_INTERFACE_HASH, "x");
        all &= rules_set(&subject, PERMISSIONS_CHOICE_DENY, 0);
    }
    struct subject more = subject_of(RULES_MAX + 1, TCP_INTERFACE_HASH, "x");
    struct subject last = subject_of(RULES_MAX, TCP_INTERFACE_HASH, "x");
    TAP_OK(all && !rules_set(&more, PERMISSIONS_CHOICE_DENY, 0), "as many as there is room for");
    TAP_OK(rules_set(&last, PERMISSIONS_CHOICE_ALLOW, 0), "those that are there can be changed");
    size_t size = rules_write(text, sizeof(text));
    rules.count = 0;
    TAP_OK(rules_read(text, size) && rules.count == RULES_MAX, "and all are kept");
}

static void test_subjects(void)
{
    uint8_t bytes[SUBJECT_CID_MAX + 1] = { 1 };
    struct permissions_subject from = { .program = { bytes, SUBJECT_CID_MAX },
                                        .interface = { bytes, SUBJECT_HASH } };
    struct subject subject;
    TAP_OK(subject_take(&from, &subject), "a CID of the largest size");
    from.program.size++;
    TAP_OK(!subject_take(&from, &subject), "one byte more is none");
    from.program.size = 0;
    TAP_OK(!subject_take(&from, &subject), "nor is nothing");
    from.program.size = 1;
    from.interface.size = SUBJECT_HASH - 1;
    TAP_OK(!subject_take(&from, &subject), "and a hash has its size");
}

static void test_known(void)
{
    bool all = true;
    for (uint32_t i = 0; i < known_interface_count; i++) {
        struct interface_hash hash = interface_hash(known_interfaces[i].hash);
        all &= known_by_hash(interface_bytes(&hash)) == &known_interfaces[i] &&
               known_by_name(known_interfaces[i].name) == &known_interfaces[i] &&
               (known_interfaces[i].substitute == NULL) == (known_interfaces[i].instead == NULL);
    }
    TAP_OK(all, "each interface is known once, by its name and by its hash");
}

static bool set_folder(const char *path)
{
    struct subject subject = subject_of(1, FILES_INTERFACE_HASH, "sudoku");
    struct weft_bytes folder = { (const uint8_t *)path, (uint32_t)strlen(path) };
    return folder_take(folder, &subject.folder) && !rules_overlap(&subject) &&
           rules_set(&subject, PERMISSIONS_CHOICE_ALLOW, 1);
}

static void test_folders(void)
{
    struct subject whole = subject_of(1, FILES_INTERFACE_HASH, "sudoku");
    rules.count = 0;
    TAP_OK(set_folder("/data:ro") && set_folder("/games/chess") && rules.count == 2,
           "several folders stand beside each other");
    TAP_OK(!set_folder("/data/games") && !set_folder("/games") && !set_folder("/games/chess/x:ro"),
           "but none in another");
    TAP_OK(set_folder("/data") && rules.count == 2 &&
               rules.list[0].subject.folder.size == strlen("/data"),
           "the same folder has one rule, which is the last");
    TAP_OK(rules_find(&whole) == NULL, "a folder is not all files");
    size_t size = rules_write(text, sizeof(text));
    rules.count = 0;
    TAP_OK(rules_read(text, size) && rules.count == 2 &&
               rules.list[1].subject.folder.size == strlen("/games/chess"),
           "they are kept with the rest");
    text[size] = '\0';
    char *choice = strstr(text, "allow");
    memcpy(choice, "deny ", 5);
    memmove(choice + 4, choice + 5, size - 5);
    rules.count = 0;
    TAP_OK(!rules_read(text, size - 1) && rules.count == 1, "a folder that is denied is no rule");
}

int main(void)
{
    test_one();
    test_text();
    test_mistakes();
    test_limit();
    test_subjects();
    test_known();
    test_folders();
    return tap_done();
}
