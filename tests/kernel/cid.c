/* kernel/cid*.c: names as IPFS tools print them. The expected names were made with the reference
 * importer (npm ipfs-unixfs-importer 16, with the chunk sizes and widths named below) from files
 * of pseudo-random bytes; that of the empty file and BLAKE3's are published. */
#include "kernel/kernel.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 256 << 10, LARGEST = 200 * CHUNK + 77 };

struct named_file {
    usize size;
    const char *name;
};

/* `ipfs add --cid-version=1`: chunks of 256 KiB, 174 links, raw leaves. */
static const struct named_file version_1[] = {
    { 0, "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku" },
    { 1, "bafkreicvtlvnbate2v4v2oijoggn2bnl2skxf2cp4vkzb3xtdkekbd677u" },
    { 1000, "bafkreig5rsiux24njgtln47lmmbmsf2yehbcex7elvx7mytazrznmhncnq" },
    { CHUNK, "bafkreibod6ouylqn4fguzh7puk4rah65faogasdsk3tcvprpvjqg256qea" },
    { CHUNK + 1, "bafybeickzmh3p3sjqpgncvut7ozlkcniatbgenra7set2uy5x7tkij4yqy" },
    { 3 * CHUNK + 5, "bafybeiawvpveof2fqdewdmlxpkpajjvpxekvn7ntqrscnffgamogbai3tq" },
    { 174 * CHUNK, "bafybeihrqs2mq3zxbavynno4lqqujkvwzpjhpjxoclfngxds4fstgonxhy" },
    { 174 * CHUNK + 1, "bafybeiaobofrzdlbkpdxqdp4itvrfkhohcasnpumpf5coxpyaettlmcjvm" },
    { LARGEST, "bafybeiddby6nu5h4ltpmmp5ranb2xq4hz7qab3ea3studsgzq44jldl6ji" },
};

/* `ipfs add --cid-version=0`: the same cuts, wrapped leaves. */
static const struct named_file version_0[] = {
    { 0, "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH" },
    { 1, "QmRy2a1t6YSCiqXbkUQ1xQtXUQzX4mXmdzjLGey6884Uhb" },
    { CHUNK, "QmdK8ZTiWxxiyFpQyiw9zwE51M8kVDsxf37mcz85E5MYGp" },
    { CHUNK + 1, "QmSc9NmeaHq27NpZyXgS8cqfjRH6ksSEqhY5rFTU3NU8qp" },
    { 3 * CHUNK + 5, "QmQDMgmtMG7BBfSK5eesU4ZUHaFDqckv9Lr79JRcKxtLKN" },
};

/* The profile of 2025: chunks of 1 MiB, 1024 links, raw leaves. */
static const struct named_file profile_2025[] = {
    { 1 << 20, "bafkreidtzwqoi5v4fkrc6d2egsxrsm5rq63az2hosssywgdxjldb4nliry" },
    { (1 << 20) + 1, "bafybeif4jq75xjpbervn3ogfeduyc3xl3e5uskfrda34k5vnk4rncvpi5i" },
    { 5 << 20, "bafybeia3milpdfszriqdlocb2jmkqvk7ow5aih3j6xpyr6eosedkojocbe" },
};

static void fill_pattern(u8 *file, usize size)
{
    u32 state = 1;
    for (usize i = 0; i < size; i++) {
        state = state * 1103515245u + 12345u;
        file[i] = (u8)(state >> 24);
    }
}

static const char *text_of(const struct cid *cid, char *buffer, usize size)
{
    struct writer writer;
    writer_init(&writer, buffer, size);
    cid_write(cid, &writer);
    return writer_terminate(&writer);
}

static void test_naming(u8 *file)
{
    for (usize i = 0; i < BASE_ARRAY_COUNT(version_1); i++) {
        struct cid cid = cid_of((struct bytes){ file, version_1[i].size });
        char text[128];
        TAP_OK(strcmp(text_of(&cid, text, sizeof(text)), version_1[i].name) == 0,
               "a file's name is the one that IPFS tools print");
    }
}

/* Whether the file matches its name, and no longer when its last byte has changed. */
static bool matches_exactly(const struct named_file *named, u8 *file)
{
    struct cid cid;
    if (!cid_from_text(bytes_from_text(named->name), &cid))
        return false;
    struct bytes bytes = { file, named->size };
    bool good = cid_matches(&cid, bytes);
    if (bytes.size == 0)
        return good;
    file[bytes.size - 1] ^= 1;
    bool bad = cid_matches(&cid, bytes);
    file[bytes.size - 1] ^= 1;
    return good && !bad;
}

static void test_matching(u8 *file)
{
    for (usize i = 0; i < BASE_ARRAY_COUNT(version_0); i++)
        TAP_OK(matches_exactly(&version_0[i], file), "version 0, wrapped leaves");
    for (usize i = 0; i < BASE_ARRAY_COUNT(profile_2025); i++)
        TAP_OK(matches_exactly(&profile_2025[i], file), "chunks of 1 MiB, 1024 links");
    TAP_OK(matches_exactly(&version_1[2], file), "a raw block");
    TAP_OK(matches_exactly(&version_1[4], file), "a DAG");
    struct cid blake3;
    TAP_OK(cid_from_text(BYTES_LITERAL("f01551e20af1349b9f5f9a1a6a0404dea36dcc949"
                                       "9bcb25c9adc112b7cc9a93cae41f3262"),
                         &blake3) &&
               cid_matches(&blake3, (struct bytes){ 0 }),
           "BLAKE3 of nothing");
    TAP_OK(!cid_matches(&blake3, (struct bytes){ file, 1 }), "BLAKE3 of something else");
}

static void test_text(void)
{
    static const char *const good[] = {
        "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
        "BAFKREIHDWDCEFGH4DQKJV67UZCMW7OJEE6XEDZDETOJUZJEVTENXQUVYKU",
        "f01551220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "F01551220E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "zb2rhmy65F3REf8SZp7De11gxtECBGgUKaLdiDj7MCGCHxbDW",
    };
    struct cid first = { 0 };
    for (usize i = 0; i < BASE_ARRAY_COUNT(good); i++) {
        struct cid cid = { 0 };
        bool read = cid_from_text(bytes_from_text(good[i]), &cid);
        if (i == 0)
            first = cid;
        TAP_OK(read && cid_equal(&cid, &first), "the same name in another base");
    }
}

static void test_bad_text(void)
{
    static const char *const bad[] = {
        "",
        "b",
        "bafkrei",
        "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk",
        "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykua",
        "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk1",
        "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykv",
        "xafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
        "f02551220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "f01711220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "f01551320e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "f0155121fe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "f01551220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85",
        "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQ",
        "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQHH",
        "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1Aw0H",
    };
    for (usize i = 0; i < BASE_ARRAY_COUNT(bad); i++) {
        struct cid cid;
        TAP_OK(!cid_from_text(bytes_from_text(bad[i]), &cid), "a malformed name is refused");
    }
}

int main(void)
{
    u8 *file = malloc(LARGEST);
    if (file == NULL)
        return 1;
    fill_pattern(file, LARGEST);
    test_naming(file);
    test_matching(file);
    test_text();
    test_bad_text();
    free(file);
    return tap_done();
}
