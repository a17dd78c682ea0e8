/* Works in the first directory that the handler of `files` offers:
 *
 *     weft run --handle files=files/memory.wasm files/client.wasm
 */
#include "interface/files_program.h"
#include "interface/system_program.h"
#include "lib/main.h"
#include "lib/memory.h"
#include "lib/print.h"

static _Alignas(8) uint8_t buffer[1 << 16];

static struct weft_client client_of(int32_t slot)
{
    return (struct weft_client){ .slot = slot, .buffer = buffer, .capacity = sizeof(buffer) };
}

static bool check(bool passed, const char *what)
{
    print(passed ? "ok: " : "FAILED: ");
    print(what);
    print("\n");
    return passed;
}

static int32_t open(int32_t directory, struct weft_bytes path, uint32_t flags)
{
    struct weft_client client = client_of(directory);
    struct files_node_error_result result;
    return files_node_open(&client, path, flags, &result) == WEFT_OK && !result.failed
               ? result.value
               : WEFT_NO_SLOT;
}

static bool write_text(int32_t file, uint64_t offset, struct weft_bytes text)
{
    struct weft_client client = client_of(file);
    struct files_u32_error_result result;
    return files_node_write(&client, offset, text, &result) == WEFT_OK && !result.failed &&
           result.value == text.size;
}

static bool reads(int32_t file, struct weft_bytes text)
{
    struct weft_client client = client_of(file);
    struct files_bytes_error_result result;
    return files_node_read(&client, 0, 1000, &result) == WEFT_OK && !result.failed &&
           result.value.size == text.size && memcmp(result.value.data, text.data, text.size) == 0;
}

static uint32_t count_entries(int32_t directory)
{
    struct weft_client client = client_of(directory);
    struct files_entry_list_error_result result;
    return files_node_list(&client, 0, 4096, &result) == WEFT_OK && !result.failed
               ? result.value.count
               : UINT32_MAX;
}

static bool unlink(int32_t directory, struct weft_bytes path)
{
    struct weft_client client = client_of(directory);
    struct files_none_error_result result;
    return files_node_unlink(&client, path, &result) == WEFT_OK && !result.failed;
}

static bool close(int32_t slot)
{
    struct weft_client client = client_of(system_slot());
    return system_close(&client, (struct system_any_list){ &slot, 1 }) == WEFT_OK;
}

static bool work(int32_t directory)
{
    const uint32_t both = FILES_OPEN_FLAGS_READ | FILES_OPEN_FLAGS_WRITE;
    bool passed = check(open(directory, WEFT_BYTES("note"), both) < 0, "nothing is there");
    int32_t file = open(directory, WEFT_BYTES("note"), both | FILES_OPEN_FLAGS_CREATE);
    passed &= check(file >= 0, "a file is created");
    passed &= check(write_text(file, 0, WEFT_BYTES("warp and weft")), "and written");
    passed &= check(write_text(file, 5, WEFT_BYTES("AND")), "and written again");
    int32_t second = open(directory, WEFT_BYTES("note"), FILES_OPEN_FLAGS_READ);
    passed &= check(second >= 0 && second != file, "and opened a second time");
    passed &= check(reads(second, WEFT_BYTES("warp AND weft")), "it has what was written");
    passed &=
        check(count_entries(directory) == 3, "the directory has an entry besides the two dots");
    passed &= check(open(directory, WEFT_BYTES("../etc"), both) < 0, "no way leads out of it");
    passed &= check(unlink(directory, WEFT_BYTES("note")), "the name is removed");
    passed &= check(reads(file, WEFT_BYTES("warp AND weft")), "who has it open keeps it");
    passed &= check(close(file) && close(second), "until it is closed");
    passed &= check(count_entries(directory) == 2, "nothing else is left");
    return passed;
}

int weft_main(void)
{
    struct weft_client client = client_of(files_slot());
    struct files_string_node_tuple_list directories;
    enum weft_status status = files_directories(&client, &directories);
    if (status != WEFT_OK || directories.count == 0) {
        print("there are no directories\n");
        return 1;
    }
    return work(directories.data[0].f1) ? 0 : 1;
}
