/* The programs of this system's boot bundle, and those of a manifest that are not there. */
#include "programs/manifest/model.h"

#include <algorithm>

extern "C" {
#include "interface/boot_program.h"
}

namespace {

enum { ENTRIES_BYTES = 1 << 20 };

bool take_off(std::string &text, std::string_view end)
{
    bool has_it = text.size() > end.size() && text.ends_with(end);
    if (has_it)
        text.resize(text.size() - end.size());
    return has_it;
}

/* All names that lib/bundle.h finds a file by. */
void add_names(std::string file, std::vector<std::string> &names)
{
    names.push_back(file);
    if (!take_off(file, ".wasm"))
        return;
    names.push_back(file);
    for (const char *folder : { "bin/", "system/", "example/" })
        if (file.starts_with(folder))
            names.push_back(file.substr(std::string_view(folder).size()));
}

/* Empty: they are not to be had. */
std::vector<std::string> names_in_bundle()
{
    static uint8_t buffer[ENTRIES_BYTES];
    std::vector<std::string> names;
    weft_client client = {};
    boot_entry_list list;
    client.slot = boot_slot();
    client.buffer = buffer;
    client.capacity = sizeof(buffer);
    if (boot_entries(&client, &list) != WEFT_OK)
        return names;
    for (uint32_t i = 0; i < list.count; i++)
        add_names(std::string((const char *)list.data[i].name.data, list.data[i].name.size), names);
    return names;
}

/* As init reads them: base32, of version 1, with a hash of 32 bytes. */
bool is_cid(const std::string &text)
{
    return text.size() == 59 && text[0] == 'b' &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567") == std::string::npos;
}

} // namespace

Problems missing_programs(const Manifest &manifest)
{
    Problems missing;
    std::vector<std::string> names = manifest.programs.empty() ? std::vector<std::string>() : names_in_bundle();
    for (const Program &program : manifest.programs) {
        if (names.empty() || is_cid(program.program) ||
            std::find(names.begin(), names.end(), program.program) != names.end())
            continue;
        std::string meant = similar_word(program.program, names);
        complain(missing, program.program_at,
                 "the boot bundle has no program \"" + program.program + "\": " +
                     (meant.empty() ? "program." + program.name + " means nothing in this system"
                                    : "is \"" + meant + "\" meant?"));
    }
    return missing;
}
