#include "programs/permission/tool/program.h"

#include "interface/system_program.h"
#include "lib/bundle.h"
#include "programs/permission/wording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LIST_BYTES = 4 << 20, GRANTS_BYTES = 512 << 10, CID_TEXT = 112, CID_BEGINNING = 8 };

/* ---- Printing -------------------------------------------------------------------------------- */

void print_harmless(struct weft_bytes text, int width)
{
    char bytes[320];
    struct wording shown = { bytes, sizeof(bytes), 0 };
    wording_add_harmless(&shown, text);
    printf("%-*.*s", width, (int)shown.size, bytes);
}

static uint32_t write_cid(struct weft_bytes cid, char *bytes)
{
    struct wording text = { bytes, CID_TEXT - 1, 0 };
    wording_add_cid(&text, cid);
    bytes[text.size] = '\0';
    return text.size;
}

void print_cid(struct weft_bytes cid, uint32_t digits)
{
    char bytes[CID_TEXT];
    uint32_t size = write_cid(cid, bytes);
    printf("%.*s", (int)(size < digits ? size : digits), bytes);
}

/* ---- What is decided ------------------------------------------------------------------------- */

struct weft_client decisions_client(void)
{
    return (struct weft_client){ .slot = permissions_slot(),
                                 .buffer = malloc(LIST_BYTES),
                                 .capacity = LIST_BYTES };
}

int tell_permissions(const char *what, enum weft_status status)
{
    const char *why = "who decides about permissions does not answer";
    if (status == WEFT_DENIED)
        why = "nobody decides about permissions here; `./run shell` starts a shell with somebody who "
              "does";
    fprintf(stderr, "%s: %s\n", what, why);
    return EXIT_FAILED;
}

bool decisions_get(struct decisions *decisions)
{
    struct weft_client clients[] = { decisions_client(), decisions_client() };
    enum weft_status status = WEFT_NO_MEMORY;
    if (clients[0].buffer != NULL && clients[1].buffer != NULL)
        status = permissions_rules(&clients[0], &decisions->rules);
    if (status == WEFT_OK)
        status = permissions_events(&clients[1], 0, &decisions->events);
    if (status != WEFT_OK)
        tell_permissions("permission", status);
    return status == WEFT_OK;
}

const struct permissions_grant *grant_next(struct grant_walk *walk)
{
    static _Alignas(8) uint8_t buffer[GRANTS_BYTES];
    if (walk->at == walk->page.count) {
        struct weft_client client = { .slot = permissions_slot(),
                                      .buffer = buffer,
                                      .capacity = sizeof(buffer) };
        walk->at = 0;
        walk->status = permissions_grants(&client, walk->from, &walk->page);
        if (walk->status != WEFT_OK)
            walk->page.count = 0;
        if (walk->page.count == 0)
            return NULL;
        walk->from = walk->page.data[walk->page.count - 1].number + 1;
    }
    return &walk->page.data[walk->at++];
}

/* ---- Programs that can be started -------------------------------------------------------------- */

/* The magic that files begin with. */
static bool begins(const uint8_t *bytes, size_t size, const char *magic)
{
    return size >= 4 && memcmp(bytes, magic, 4) == 0;
}

static bool add_program(const char *path, struct program_id *program)
{
    enum { MARGIN = 256, PROGRAM_MAX = 64 << 20 };
    FILE *file = fopen(path, "rb");
    struct system_bytes_error_result result = { .failed = true };
    if (file == NULL)
        return false;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    uint8_t *bytes = size > 0 && size < PROGRAM_MAX ? malloc((size_t)size) : NULL;
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = bytes == NULL ? NULL : malloc((size_t)size + MARGIN),
                                  .capacity = (uint32_t)size + MARGIN };
    bool is_well = client.buffer != NULL && fread(bytes, 1, (size_t)size, file) == (size_t)size &&
                   begins(bytes, (size_t)size, "\0asm") &&
                   system_add_program(&client, (struct weft_bytes){ bytes, (uint32_t)size },
                                      &result) == WEFT_OK &&
                   !result.failed && result.value.size <= PROGRAM_CID_MAX;
    if (is_well) {
        memcpy(program->cid, result.value.data, result.value.size);
        program->size = result.value.size;
    }
    free(client.buffer);
    free(bytes);
    fclose(file);
    return is_well;
}

static bool try_in(const char *folder, int size, const char *name, struct program_id *program)
{
    static const char *const ends[] = { ".wasm", "" };
    char path[1024];
    for (int i = 0; i < 2; i++) {
        int written = snprintf(path, sizeof(path), "%.*s%s%s%s", size, folder,
                               size == 0 ? "" : "/", name, ends[i]);
        if (written > 0 && written < (int)sizeof(path) && add_program(path, program))
            return true;
    }
    return false;
}

/* As the shell looks for it. */
static bool find_command(const char *name, struct program_id *program)
{
    const char *path = getenv("PATH");
    const char *here = getenv("PWD");
    if (name[0] == '/')
        return try_in("", 0, name, program);
    if (strchr(name, '/') != NULL)
        return here != NULL && try_in(here, (int)strlen(here), name, program);
    while (path != NULL) {
        size_t size = strcspn(path, ":");
        if (try_in(path, (int)size, name, program))
            return true;
        path = path[size] == ':' ? path + size + 1 : NULL;
    }
    struct bundle_program bundled;
    if (!bundle_add((struct weft_bytes){ (const uint8_t *)name, (uint32_t)strlen(name) }, &bundled))
        return false;
    memcpy(program->cid, bundled.cid, bundled.cid_size);
    program->size = bundled.cid_size;
    return true;
}

/* Why the file of that name is no program; NULL: there is none. */
static const char *why_no_program(const char *name)
{
    uint8_t head[4];
    char path[1024];
    struct stat status;
    const char *here = name[0] == '/' ? "" : getenv("PWD");
    const char *slash = name[0] == '/' ? "" : "/";
    int written = here == NULL ? -1 : snprintf(path, sizeof(path), "%s%s%s", here, slash, name);
    if (written < 0 || written >= (int)sizeof(path) || stat(path, &status) != 0)
        return NULL;
    if (S_ISDIR(status.st_mode))
        return "this is a folder, and no program";
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return "it cannot be read";
    size_t size = fread(head, 1, sizeof(head), file);
    fclose(file);
    if (begins(head, size, "\177ELF"))
        return "this is a native program (ELF); Weft runs WebAssembly";
    return begins(head, size, "\0asm")
               ? "it begins as WebAssembly does, but cannot run here; `log` tells why"
               : "this is no program: it does not begin as WebAssembly does";
}

/* ---- Programs that were decided about ------------------------------------------------------------ */

struct search {
    const char *wanted; /* a name, or the beginning of a CID */
    struct program_id *found;
    uint32_t count; /* of different ones */
};

static bool is_wanted(const struct search *search, const struct permissions_subject *subject)
{
    char cid[CID_TEXT];
    size_t size = strlen(search->wanted);
    if (subject->program_name.size == size &&
        memcmp(subject->program_name.data, search->wanted, size) == 0)
        return true;
    write_cid(subject->program, cid);
    return size >= CID_BEGINNING && strncmp(cid, search->wanted, size) == 0;
}

static void look_at(struct search *search, const struct permissions_subject *subject)
{
    struct program_id *found = search->found;
    if (!is_wanted(search, subject) || subject->program.size > PROGRAM_CID_MAX)
        return;
    if (search->count != 0 && found->size == subject->program.size &&
        memcmp(found->cid, subject->program.data, found->size) == 0)
        return;
    search->count++;
    memcpy(found->cid, subject->program.data, subject->program.size);
    found->size = subject->program.size;
    snprintf(found->name, sizeof(found->name), "%.*s", (int)subject->program_name.size,
             (const char *)subject->program_name.data);
}

static uint32_t find_decided(const char *name, const struct decisions *decisions,
                             struct program_id *program)
{
    struct search search = { name, program, 0 };
    struct grant_walk walk = { 0 };
    const struct permissions_grant *grant;
    for (uint32_t i = 0; i < decisions->rules.count; i++)
        look_at(&search, &decisions->rules.data[i].subject);
    while ((grant = grant_next(&walk)) != NULL)
        look_at(&search, &grant->subject);
    for (uint32_t i = 0; i < decisions->events.count; i++)
        look_at(&search, &decisions->events.data[i].subject);
    return search.count;
}

bool program_by_name(const char *name, const struct decisions *decisions,
                     struct program_id *program)
{
    const char *slash = strrchr(name, '/');
    const char *last = slash == NULL ? name : slash + 1;
    snprintf(program->name, sizeof(program->name), "%.*s",
             (int)(strlen(last) - (strlen(last) > 5 && strcmp(last + strlen(last) - 5, ".wasm") == 0
                                       ? 5
                                       : 0)),
             last);
    if (find_command(name, program))
        return true;
    uint32_t count = decisions == NULL ? 0 : find_decided(name, decisions, program);
    if (count == 1)
        return true;
    const char *why = why_no_program(name);
    if (count == 0)
        fprintf(stderr, "%s: %s\n", name,
                why != NULL ? why : "there is no such program, and nothing was decided about one");
    else
        fprintf(stderr, "%s: several programs go by that: `permission log` has their CIDs\n", name);
    return false;
}
