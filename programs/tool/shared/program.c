#include "programs/tool/shared/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    return EXIT_FAILED;
}

/* Base32 as multibase calls it `b`. */
static bool write_cid(struct weft_bytes cid, char text[PROGRAM_CID_TEXT])
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
    uint32_t bits = 0, count = 0, size = 0;
    if (cid.size > PROGRAM_CID_BYTES)
        return false;
    text[size++] = 'b';
    for (uint32_t i = 0; i < cid.size; i++) {
        bits = bits << 8 | cid.data[i];
        for (count += 8; count >= 5; count -= 5)
            text[size++] = digits[bits >> (count - 5) & 31];
    }
    if (count != 0)
        text[size++] = digits[bits << (5 - count) & 31];
    text[size] = '\0';
    return true;
}

/* The whole file; NULL: why not is told. */
static uint8_t *read_file(const char *path, uint32_t *size)
{
    enum { STEP = 1 << 20 };
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    size_t got = STEP;
    if (file == NULL) {
        perror(path);
        return NULL;
    }
    for (*size = 0; got == STEP; *size += (uint32_t)got) {
        uint8_t *larger = *size + STEP > WEFT_BODY_MAX ? NULL : realloc(bytes, *size + STEP);
        got = larger == NULL ? 0 : fread(larger + *size, 1, STEP, file);
        if (larger == NULL || ferror(file)) {
            fail(path, larger == NULL ? "it is too large" : "it cannot be read");
            free(larger == NULL ? bytes : larger);
            bytes = NULL;
            break;
        }
        bytes = larger;
    }
    fclose(file);
    return bytes;
}

static bool begins(struct weft_bytes bytes, const char *magic)
{
    return bytes.size >= 4 && memcmp(bytes.data, magic, 4) == 0;
}

static int add(const char *path, struct weft_bytes bytes, struct program *program)
{
    if (begins(bytes, "\177ELF"))
        return fail(path, "this is a native program (ELF); Weft runs WebAssembly");
    if (!begins(bytes, "\0asm"))
        return fail(path, "this is no program: it does not begin as WebAssembly does");
    struct weft_client client = { .slot = system_slot(), .capacity = bytes.size + 4096 };
    struct system_bytes_error_result result = { .failed = true };
    client.buffer = malloc(client.capacity);
    enum weft_status status = WEFT_NO_MEMORY;
    if (client.buffer != NULL)
        status = system_add_program(&client, bytes, &result);
    bool is_well = status == WEFT_OK && !result.failed && write_cid(result.value, program->text);
    if (is_well)
        memcpy(program->cid, result.value.data, program->cid_size = result.value.size);
    free(client.buffer);
    if (status != WEFT_OK)
        return tell_status(path, status);
    return is_well ? 0 : fail(path, "it is no program that can run here; `log` tells why");
}

int program_add(const char *path, struct program *program)
{
    uint32_t size;
    uint8_t *bytes = read_file(path, &size);
    int failed = EXIT_FAILED;
    if (bytes != NULL)
        failed = add(path, (struct weft_bytes){ bytes, size }, program);
    free(bytes);
    return failed;
}
