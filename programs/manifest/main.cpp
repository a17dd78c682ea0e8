/* Reads manifests. With a file's name: says what is wrong with it, or what the system would be.
 * Without: handles the interface `manifest`, for init. */
#include "programs/manifest/answer.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" {
#include "lib/client.h"
#include "lib/server.h"
}

namespace {

/* ---- For init ---- */

constexpr uint32_t ANSWER_BYTES = 4 * MANIFEST_BYTES_MAX;

weft_status on_read(void *, const weft_event *event, const manifest_read_arguments *arguments)
{
    static uint8_t answer[ANSWER_BYTES];
    Manifest manifest;
    Problems problems;
    body_writer writer;
    read_manifest({ (const char *)arguments->text.data, arguments->text.size }, manifest, problems);
    body_writer_init(&writer, answer, sizeof(answer));
    Problems remarks = problems.empty() ? missing_programs(manifest) : Problems();
    if (!encode_answer(manifest, problems, remarks, &writer))
        return WEFT_TOO_LARGE;
    return client_answer(&writer, event->id);
}

weft_status on_describe(void *, const weft_event *event, const manifest_describe_arguments *arguments)
{
    static uint8_t answer[ANSWER_BYTES];
    Manifest manifest;
    Problems problems;
    body_writer writer;
    read_manifest({ (const char *)arguments->text.data, arguments->text.size }, manifest, problems);
    body_writer_init(&writer, answer, sizeof(answer));
    if (problems.empty())
        problems = missing_anywhere(manifest);
    std::string text = problems.empty() ? describe(manifest, programs_by_cid(manifest)) : "";
    if (!encode_description(text, problems, &writer))
        return WEFT_TOO_LARGE;
    return client_answer(&writer, event->id);
}

[[noreturn]] void serve()
{
    alignas(8) static uint8_t buffer[8 * MANIFEST_BYTES_MAX];
    static const manifest_server handler = { on_read, on_describe };
    weft_server server = {};
    server.buffer = buffer;
    server.capacity = sizeof(buffer);
    for (;;)
        if (server_wait(&server, -1) == WEFT_EVENT_MESSAGE)
            server_finish(&server,
                          manifest_dispatch(&handler, nullptr, &server.event, &server.reader));
}

/* ---- For people ---- */

bool read_file(const char *path, std::string &text)
{
    char part[1 << 14];
    std::FILE *file = std::fopen(path, "r");
    if (file == nullptr)
        return false;
    size_t size;
    while ((size = std::fread(part, 1, sizeof(part), file)) != 0 && text.size() <= MANIFEST_BYTES_MAX)
        text.append(part, size);
    bool is_well = std::ferror(file) == 0;
    std::fclose(file);
    return is_well;
}

int check(const char *path)
{
    std::string text;
    Manifest manifest;
    Problems problems;
    if (!read_file(path, text)) {
        std::fprintf(stderr, "%s: %s\n", path, std::strerror(errno));
        return 1;
    }
    read_manifest(text, manifest, problems);
    if (problems.empty())
        problems = missing_anywhere(manifest);
    for (const Problem &problem : problems)
        std::fprintf(stderr, "%s:%u:%u: %s\n", path, (unsigned)problem.at.line,
                     (unsigned)problem.at.column, problem.text.c_str());
    if (!problems.empty())
        return 1;
    std::fputs(describe(manifest, programs_by_cid(manifest)).c_str(), stdout);
    return 0;
}

} // namespace

int main(int count, char **arguments)
{
    if (count == 1)
        serve();
    if (count == 2 && arguments[1][0] != '-')
        return check(arguments[1]);
    std::fprintf(stderr, "usage: manifest FILE.toml   says what is wrong, or what the system would be\n");
    return 2;
}
