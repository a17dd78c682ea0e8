/* What a command's name means: a file in PATH, a path, a program of the boot bundle, a CID. */
#include "interface/boot_program.h"
#include "interface/system_program.h"
#include "lib/start.h"
#include "programs/shell/shell.h"

#include <stdlib.h>
#include <string.h>

/* ---- CIDs ---------------------------------------------------------------------------------------
 */

bool program_of_text(const char *text, struct program_name *program)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    uint32_t bits = 0, bit_count = 0;
    program->size = 0;
    if (text[0] != 'b' || strlen(text) < 40)
        return false;
    for (text++; *text != '\0'; text++) {
        const char *digit = strchr(alphabet, *text);
        if (digit == NULL || program->size == sizeof(program->cid))
            return false;
        bits = bits << 5 | (uint32_t)(digit - alphabet);
        bit_count += 5;
        if (bit_count < 8)
            continue;
        bit_count -= 8;
        program->cid[program->size++] = (uint8_t)(bits >> bit_count);
    }
    return program->size != 0;
}

/* ---- What is known ------------------------------------------------------------------------------
 */

/* A file whose bytes the kernel was given; as long as it has not changed they need not be read. */
struct known {
    struct known *next;
    char *path;
    struct place place;
    struct program_name program;
};

static struct known *known;

void program_forget(void)
{
    while (known != NULL) {
        struct known *next = known->next;
        free(known->path);
        free(known);
        known = next;
    }
}

static const struct known *find_known(const char *path, const struct place *place)
{
    for (const struct known *at = known; at != NULL; at = at->next)
        if (strcmp(at->path, path) == 0 && at->place.size == place->size &&
            at->place.modified == place->modified && at->place.inode == place->inode)
            return at;
    return NULL;
}

static void remember(const char *path, const struct place *place,
                     const struct program_name *program)
{
    struct known *entry = take(sizeof(*entry));
    entry->path = take_copy(path, strlen(path));
    entry->place = *place;
    entry->program = *program;
    entry->next = known;
    known = entry;
}

/* ---- Bytes to the kernel ------------------------------------------------------------------------
 */

static const char not_a_module[] = "this is not WebAssembly, or not valid";

static int add_program(const struct text *bytes, struct program_name *program, const char **why)
{
    enum { MARGIN = 256 };
    struct system_bytes_error_result result;
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = take(bytes->size + MARGIN),
                                  .capacity = (uint32_t)bytes->size + MARGIN };
    enum weft_status status = system_add_program(
        &client, (struct weft_bytes){ (const uint8_t *)bytes->data, (uint32_t)bytes->size },
        &result);
    bool added = status == WEFT_OK && !result.failed && result.value.size <= sizeof(program->cid);
    if (added) {
        memcpy(program->cid, result.value.data, result.value.size);
        program->size = result.value.size;
    }
    free(client.buffer);
    *why = status == WEFT_TOO_LARGE ? "the program is too large" : not_a_module;
    return added ? 0 : STATUS_NOT_A_PROGRAM;
}

bool program_itself(struct program_name *program)
{
    const struct system_start_record *start = start_record();
    if (start == NULL)
        return false;
    char *text = take_copy((const char *)start->program.data, start->program.size);
    bool found = program_of_text(text, program);
    free(text);
    return found;
}

/* The shell, by the name that scripts and people know one by. */
static bool is_shell(const char *command)
{
    return strcmp(command, "sh") == 0 || strcmp(command, "/bin/sh") == 0;
}

/* Whether the bytes begin as a module does; otherwise the script is these. */
static bool is_module(const struct text *bytes, const char *path, struct script *script)
{
    enum { LINE_MAX_BYTES = 256 };
    size_t size = 0;
    if (bytes->size >= 4 && memcmp(bytes->data, "\0asm", 4) == 0)
        return true;
    while (size < bytes->size && size < LINE_MAX_BYTES && bytes->data[size] != '\n' &&
           bytes->data[size] != '\0')
        size++;
    text_add(&script->line, bytes->data, size);
    script->is_text = size == bytes->size || bytes->data[size] != '\0';
    script->path = take_copy(path, strlen(path));
    return false;
}

static int load_file(const char *path, struct program_name *program, struct script *script,
                     const char **why)
{
    struct place place = place_look(path, true);
    const struct known *entry = find_known(path, &place);
    struct text bytes = { 0 };
    if (entry != NULL) {
        *program = entry->program;
        return 0;
    }
    *why = "it is a directory";
    int status = STATUS_NOT_A_PROGRAM;
    if (place.kind != PLACE_DIRECTORY && place_read(path, &bytes, why)) {
        *why = not_a_module;
        if (is_module(&bytes, path, script))
            status = add_program(&bytes, program, why);
        if (status == 0)
            remember(path, &place, program);
    }
    text_free(&bytes);
    return status;
}

/* A file of the boot bundle, appended; false: there is none, or `boot` is not to be had. */
static bool read_boot(const char *name, struct text *bytes)
{
    enum { COUNT = 1 << 20 };
    uint8_t *buffer = take(COUNT + 1024);
    struct boot_bytes_option part;
    bool found = false;
    do {
        struct weft_client client = client_at(boot_slot(), buffer, COUNT + 1024);
        if (boot_read(&client, (struct weft_bytes){ (const uint8_t *)name, (uint32_t)strlen(name) },
                      bytes->size, COUNT, &part) != WEFT_OK ||
            !part.present)
            break;
        found = true;
        text_add(bytes, (const char *)part.value.data, part.value.size);
    } while (part.value.size != 0);
    free(buffer);
    return found && bytes->size != 0;
}

/* That file of the boot bundle, its name without the end. */
static int load_boot_file(const char *folder, const char *command, struct program_name *program,
                          const char **why)
{
    struct text name = { 0 };
    struct text bytes = { 0 };
    struct place none = { 0 };
    int status = STATUS_NOT_FOUND;
    text_add_string(&name, folder);
    text_add_string(&name, command);
    text_add_string(&name, ".wasm");
    const struct known *entry = find_known(text_string(&name), &none);
    if (entry != NULL) {
        *program = entry->program;
        status = 0;
    } else if (read_boot(text_string(&name), &bytes)) {
        status = add_program(&bytes, program, why);
        if (status == 0)
            remember(text_string(&name), &none, program);
    }
    text_free(&name);
    text_free(&bytes);
    return status;
}

/* By its whole name, or as one of the folders of a bundle that are for commands. */
static int load_boot(const char *command, struct program_name *program, const char **why)
{
    static const char *const folders[] = { "", "bin/", "system/", "example/" };
    int status = STATUS_NOT_FOUND;
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && status == STATUS_NOT_FOUND; i++)
        status = load_boot_file(folders[i], command, program, why);
    return status;
}

/* ---- Again ---- */

static const struct known *find_known_program(const struct program_name *program)
{
    for (const struct known *at = known; at != NULL; at = at->next)
        if (at->program.size == program->size &&
            memcmp(at->program.cid, program->cid, program->size) == 0)
            return at;
    return NULL;
}

bool program_read(const struct program_name *program, struct text *bytes)
{
    const struct known *entry = find_known_program(program);
    const char *why;
    if (entry == NULL)
        return false;
    return entry->place.kind == PLACE_FILE ? place_read(entry->path, bytes, &why)
                                           : read_boot(entry->path, bytes);
}

bool program_add_again(const struct program_name *program)
{
    struct program_name again = { 0 };
    struct text bytes = { 0 };
    const char *why;
    bool is_added = program_read(program, &bytes) && add_program(&bytes, &again, &why) == 0;
    text_free(&bytes);
    return is_added && again.size == program->size &&
           memcmp(again.cid, program->cid, again.size) == 0;
}

/* ---- Finding ------------------------------------------------------------------------------------
 */

static char *join(const char *directory, size_t size, const char *name, const char *end)
{
    struct text path = { 0 };
    text_add(&path, directory, size);
    if (size != 0 && directory[size - 1] != '/')
        text_add_char(&path, '/');
    text_add_string(&path, name);
    text_add_string(&path, end);
    return text_release(&path);
}

/* NAME.wasm comes before NAME, which may be anything. */
static char *find_in(const char *directory, size_t size, const char *command)
{
    static const char *const ends[] = { ".wasm", "" };
    for (int i = 0; i < 2; i++) {
        char *path = join(directory, size, command, ends[i]);
        if (place_look(path, true).kind == PLACE_FILE)
            return path;
        free(path);
    }
    return NULL;
}

char *program_path(const char *command)
{
    const char *path = variables_get(&shell.variables, "PATH");
    if (strchr(command, '/') != NULL)
        return find_in("", 0, command);
    while (path != NULL && command[0] != '\0') {
        size_t size = strcspn(path, ":");
        char *found = find_in(path, size, command);
        if (found != NULL)
            return found;
        path = path[size] == ':' ? path + size + 1 : NULL;
    }
    return NULL;
}

int program_find(const char *command, struct program_name *program, struct script *script,
                 const char **why)
{
    char *path = program_path(command);
    if (path != NULL) {
        int status = load_file(path, program, script, why);
        free(path);
        return status;
    }
    bool is_path = strchr(command, '/') != NULL;
    if (is_path && place_look(command, true).kind == PLACE_DIRECTORY) {
        *why = "it is a directory";
        return STATUS_NOT_A_PROGRAM;
    }
    if (program_of_text(command, program) || (is_shell(command) && program_itself(program)))
        return 0;
    *why = is_path ? "no such file or directory" : "not found";
    bool may_be_bundled = command[0] != '/' && command[0] != '.';
    return may_be_bundled ? load_boot(command, program, why) : STATUS_NOT_FOUND;
}
