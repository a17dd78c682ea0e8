/* The programs of the boot bundle, and those of a manifest that are not there. */
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

/* False: they are not to be had. */
bool names_in_bundle(std::vector<std::string> &names)
{
    static uint8_t buffer[ENTRIES_BYTES];
    weft_client client = {};
    boot_entry_list list;
    client.slot = boot_slot();
    client.buffer = buffer;
    client.capacity = sizeof(buffer);
    if (boot_entries(&client, &list) != WEFT_OK)
        return false;
    for (uint32_t i = 0; i < list.count; i++)
        add_names(std::string((const char *)list.data[i].name.data, list.data[i].name.size), names);
    return true;
}

/* As init reads them: base32, of version 1, with a hash of 32 bytes. */
bool is_cid(const std::string &text)
{
    return text.size() == 59 && text[0] == 'b' &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567") == std::string::npos;
}

/* Where a program is named, and what becomes of that if it is not there. */
struct Named {
    std::string program;
    Position at;
    std::string without;
};

void look_for(const Named &named, const std::vector<std::string> &names, Problems &missing)
{
    if (is_cid(named.program) ||
        std::find(names.begin(), names.end(), named.program) != names.end())
        return;
    std::string meant = similar_word(named.program, names);
    complain(missing, named.at,
             "the boot bundle has no program \"" + named.program + "\": " +
                 (meant.empty() ? named.without : "is \"" + meant + "\" meant?"));
}

std::vector<Named> people_of(const Manifest &manifest)
{
    std::vector<Named> all;
    for (const Program &program : manifest.programs)
        all.push_back({ program.program, program.program_at,
                        "program." + program.name + " means nothing in this system" });
    return all;
}

std::vector<Named> parts_of(const Manifest &manifest)
{
    std::vector<Named> all = people_of(manifest);
    for (const Service &service : manifest.services)
        all.push_back({ service.program, service.program_at, "service." + service.name + " cannot start" });
    all.push_back({ manifest.session.program, manifest.session.program_at, "there would be no session" });
    std::sort(all.begin(), all.end(), [](const Named &a, const Named &b) {
        return a.at.line != b.at.line ? a.at.line < b.at.line : a.at.column < b.at.column;
    });
    return all;
}

Problems missing_of(const std::vector<Named> &all)
{
    Problems missing;
    std::vector<std::string> names;
    if (!all.empty() && names_in_bundle(names))
        for (const Named &named : all)
            look_for(named, names, missing);
    return missing;
}

} // namespace

Problems missing_programs(const Manifest &manifest)
{
    return missing_of(people_of(manifest));
}

Problems missing_anywhere(const Manifest &manifest)
{
    return missing_of(parts_of(manifest));
}

Problems programs_by_cid(const Manifest &manifest)
{
    Problems remarks;
    for (const Named &named : parts_of(manifest))
        if (is_cid(named.program))
            complain(remarks, named.at,
                     "a program named by its CID is looked for when it is started: whether it is there is not known "
                     "here");
    return remarks;
}
