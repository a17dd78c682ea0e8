/* From TOML to a manifest. toml++ parses; what is here knows which keys there are and what may
 * stand behind them, and says what is wrong where. */
#include "programs/manifest/table.h"

#include <algorithm>

/* ---- Values of our own ---- */

bool is_hex(const std::string &text)
{
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string bytes_of_hex(const std::string &text)
{
    std::string bytes;
    for (size_t i = 0; i < text.size(); i += 2)
        bytes.push_back((char)std::stoi(text.substr(i, 2), nullptr, 16));
    return bytes;
}

namespace {

/* "64 MiB" in pages of 64 KiB; 0 if it is none. */
uint64_t pages_of(const std::string &text)
{
    static const struct {
        const char *name;
        uint64_t kibibytes;
    } units[] = { { "KiB", 1 }, { "MiB", 1 << 10 }, { "GiB", 1 << 20 } };
    constexpr size_t digits_most = 9;
    size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string::npos || digits > digits_most)
        return 0;
    size_t unit = text.find_first_not_of(' ', digits);
    for (const auto &one : units)
        if (unit != std::string::npos && text.substr(unit) == one.name)
            return (std::stoull(text.substr(0, digits)) * one.kibibytes + 63) / 64;
    return 0;
}

} // namespace

void read_limits(const toml::table *source, const std::string &whose, Limits &limits,
                 Problems &problems)
{
    if (source == nullptr)
        return;
    Table table(*source, whose + ".limits", problems);
    std::string memory;
    table.text("memory", memory);
    table.number("processes", 1, 1 << 14, limits.processes);
    table.number("threads", 1, 1 << 16, limits.threads);
    table.number("messages", 1, 1 << 18, limits.messages);
    table.number("slots", 1, 1 << 22, limits.slots);
    table.number("weight", 1, 10000, limits.weight);
    table.number("quota", 1, 6400, limits.quota);
    table.finish();
    limits.memory_pages = pages_of(memory);
    if (!memory.empty() && limits.memory_pages == 0)
        complain(problems, position_of(*source->get("memory")),
                 whose + ".limits: \"memory\" is a size, as in \"64 MiB\"");
}

namespace {

/* NAME[@HASH][#TAG] */
void read_handle(const std::string &text, Position at, std::vector<Handle> &to, Problems &problems)
{
    Handle handle;
    size_t tag = text.find('#');
    size_t hash = text.find('@');
    handle.at = at;
    handle.name = text.substr(0, std::min(tag, hash));
    if (tag != std::string::npos)
        handle.tag = text.substr(tag + 1);
    if (tag != std::string::npos && !is_name(handle.tag, NAME_BYTES_MAX, ""))
        complain(problems, at,
                 "\"" + text + "\": a tag, behind #, is made of 1 to " + std::to_string(NAME_BYTES_MAX) +
                     " letters, digits, - and _");
    if (hash != std::string::npos && hash < tag) {
        std::string digits = text.substr(hash + 1, tag == std::string::npos ? tag : tag - hash - 1);
        if (is_hex(digits))
            handle.hash = bytes_of_hex(digits);
        else
            complain(problems, at, "\"" + text + "\": behind @ are 64 hexadecimal digits, in lower case");
    } else {
        handle.hash = known_hash(handle.name);
        if (handle.hash.empty())
            complain(problems, at, unknown_interface(handle.name));
    }
    to.push_back(std::move(handle));
}

void read_handles(Table &table, const char *key, std::vector<Handle> &to, Problems &problems)
{
    table.texts(key, [&](const std::string &text, Position at) {
        read_handle(text, at, to, problems);
    });
}

/* VENDOR:MODEL, four hexadecimal digits each. */
void read_kinds(Table &table, Service &service, Problems &problems)
{
    table.texts("kinds", [&](const std::string &text, Position at) {
        constexpr const char *digits = "0123456789abcdef";
        bool is_well = text.size() == 9 && text[4] == ':' &&
                       text.find_first_not_of(digits) == 4 &&
                       text.find_first_not_of(digits, 5) == std::string::npos;
        if (is_well)
            service.kinds.push_back({ (uint16_t)std::stoul(text.substr(0, 4), nullptr, 16),
                                      (uint16_t)std::stoul(text.substr(5), nullptr, 16) });
        else
            complain(problems, at,
                     "\"" + text + "\": a kind of PCI devices is VENDOR:MODEL, as in \"1af4:1044\"");
    });
}

/* Paths as `--dir` names them, or "*". */
void read_directories(Table &table, Service &service, Problems &problems)
{
    table.texts("directories", [&](const std::string &text, Position at) {
        if (text.empty() || (text[0] != '/' && text != "*"))
            complain(problems, at,
                     "\"" + text + "\": a directory is named by its path, as in \"/data\"; \"*\" is all "
                     "that no service names");
        service.directories.push_back(text);
    });
}

/* What else of a row says what a service may: the silo of others says that already. */
void check_place(const Service &service, const toml::table &source, Problems &problems)
{
    static const char *const own[] = { "devices", "kinds", "uses", "refused", "limits" };
    if (service.place == Place::own)
        return;
    for (const char *key : own)
        if (const toml::node *node = source.get(key))
            complain(problems, position_of(*node),
                     "service." + service.name + " has \"" + key +
                         "\": that is for a silo of its own, and its \"silo\" is another's");
}

/* Who is to be asked is used like any other. */
void use_permission(Service &service, Position at)
{
    Handle permission;
    permission.name = "permission";
    permission.hash = known_hash(permission.name);
    permission.at = at;
    service.uses.push_back(permission);
}

/* ---- The parts of a manifest ---- */

/* Where the table has a key, or else where it begins itself. */
Position place_of(const toml::table &source, const char *key)
{
    const toml::node *node = source.get(key);
    return node == nullptr ? position_of(source) : position_of(*node);
}

void need_program(const toml::table &source, const std::string &whose, const std::string &program,
                  Problems &problems)
{
    const toml::node *node = source.get("program");
    if (node == nullptr || (node->is_string() && program.empty()))
        complain(problems, place_of(source, "program"), whose + " needs a \"program\"");
}

/* It is part of command lines: `service stop NAME`, `NAME:WORD`. */
void check_name(const std::string &name, Position at, Problems &problems)
{
    if (!is_name(name, NAME_BYTES_MAX, ""))
        complain(problems, at,
                 "a service's name is made of 1 to " + std::to_string(NAME_BYTES_MAX) +
                     " letters, digits, - and _");
}

void read_service(const std::string &name, const toml::table &source, Position at,
                  Manifest &manifest, Problems &problems)
{
    Service service;
    Table table(source, "service." + name, problems);
    service.name = name;
    service.at = at;
    service.program_at = place_of(source, "program");
    table.text("program", service.program);
    table.texts("arguments", service.arguments);
    table.choice<Place>("silo",
                        { { "own", Place::own },
                          { "session", Place::session },
                          { "system", Place::system } },
                        service.place);
    table.texts("devices", service.devices);
    read_kinds(table, service, problems);
    read_directories(table, service, problems);
    read_handles(table, "uses", service.uses, problems);
    read_handles(table, "handles", service.handles, problems);
    table.flag("for-session", service.for_session);
    table.choice<Refused>(
        "refused", { { "deny", Refused::deny }, { "end", Refused::end }, { "ask", Refused::ask } },
        service.refused);
    if (service.refused == Refused::ask)
        use_permission(service, place_of(source, "refused"));
    table.choice<Start>("start", { { "boot", Start::boot }, { "message", Start::message } },
                        service.start);
    table.choice<Restart>("restart",
                          { { "always", Restart::always },
                            { "failure", Restart::failure },
                            { "never", Restart::never } },
                          service.restart);
    table.number("tries", 0, 1000, service.tries);
    table.duration("heartbeat", service.heartbeat_ns);
    table.duration("stop", service.stop_ns);
    read_limits(table.table_at("limits"), "service." + name, service.limits, problems);
    table.finish();
    need_program(source, "service." + name, service.program, problems);
    check_name(name, at, problems);
    check_place(service, source, problems);
    if (!service.devices.empty() && !service.kinds.empty())
        complain(problems, at, "service." + name + " has \"devices\" or \"kinds\", not both");
    if (service.start == Start::message && service.handles.empty())
        complain(problems, at,
                 "service." + name + " is to start with a message, and \"handles\" nothing");
    manifest.services.push_back(std::move(service));
}

void read_session(const toml::table *source, Session &session, Problems &problems)
{
    if (source == nullptr) {
        complain(problems, {}, "there is no [session], whose \"program\" people begin with");
        return;
    }
    Table table(*source, "session", problems);
    session.program_at = place_of(*source, "program");
    table.text("program", session.program);
    table.texts("arguments", session.arguments);
    read_handles(table, "withheld", session.withheld, problems);
    table.texts("asked", [&](const std::string &text, Position at) {
        if (text == "*")
            session.asks_all = true;
        else
            read_handle(text, at, session.asked, problems);
    });
    read_limits(table.table_at("limits"), "session", session.limits, problems);
    table.finish();
    need_program(*source, "session", session.program, problems);
}

void read_root(const toml::table &root, Manifest &manifest, Problems &problems)
{
    Table table(root, "a manifest", problems);
    table.tables("service", [&](const std::string &name, const toml::table &source, Position at) {
        read_service(name, source, at, manifest, problems);
    });
    read_session(table.table_at("session"), manifest.session, problems);
    table.tables("program", [&](const std::string &name, const toml::table &source, Position at) {
        read_program(name, source, at, manifest, problems);
    });
    table.finish();
    std::sort(manifest.programs.begin(), manifest.programs.end(), [](const Program &a, const Program &b) {
        return a.at.line != b.at.line ? a.at.line < b.at.line : a.at.column < b.at.column;
    });
    if (manifest.services.size() > SERVICES_MAX)
        complain(problems, manifest.services[SERVICES_MAX].at,
                 "there are more than " + std::to_string(SERVICES_MAX) + " services");
}

} // namespace

void read_manifest(std::string_view text, Manifest &manifest, Problems &problems)
{
    if (text.size() > MANIFEST_BYTES_MAX) {
        complain(problems, {}, "it is larger than " + std::to_string(MANIFEST_BYTES_MAX) + " bytes");
        return;
    }
    toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        complain(problems, position_of(parsed.error().source()),
                 std::string(parsed.error().description()));
        return;
    }
    read_root(parsed.table(), manifest, problems);
    if (problems.empty())
        check_programs(manifest, problems);
    if (problems.empty())
        order_services(manifest, problems);
    std::stable_sort(problems.begin(), problems.end(), [](const Problem &a, const Problem &b) {
        return a.at.line != b.at.line ? a.at.line < b.at.line : a.at.column < b.at.column;
    });
}
