/* A manifest in words. */
#include "programs/manifest/model.h"

namespace {

enum { LABEL_WIDTH = 12 };

void add_line(std::string &text, const char *label, const std::string &value)
{
    std::string padded = label;
    padded.resize(LABEL_WIDTH, ' ');
    text += "  " + padded + " " + value + "\n";
}

void add_handles(std::string &text, const char *label, const std::vector<Handle> &handles)
{
    std::string value;
    for (const Handle &handle : handles)
        value += (value.empty() ? "" : " ") + handle.name + (handle.tag.empty() ? "" : "#") + handle.tag;
    if (!handles.empty())
        add_line(text, label, value);
}

std::string hex(uint16_t number)
{
    static const char digits[] = "0123456789abcdef";
    std::string text;
    for (int shift = 12; shift >= 0; shift -= 4)
        text.push_back(digits[number >> shift & 15]);
    return text;
}

void add_limit(std::string &value, uint64_t limit, const char *unit)
{
    if (limit != 0)
        value += (value.empty() ? "" : ", ") + std::to_string(limit) + " " + unit;
}

void add_limits(std::string &text, const Limits &limits)
{
    std::string value;
    add_limit(value, limits.memory_pages * 64, "KiB of memory");
    add_limit(value, limits.processes, "processes");
    add_limit(value, limits.threads, "threads");
    add_limit(value, limits.messages, "messages");
    add_limit(value, limits.slots, "slots");
    add_limit(value, limits.quota, "percent of a CPU");
    if (!value.empty())
        add_line(text, "at most", value);
    if (limits.weight != 0)
        add_line(text, "weight", std::to_string(limits.weight));
}

void add_service(std::string &text, const Service &service)
{
    static const char *const restarts[] = { "always", "after a failure", "never" };
    text += service.name + ": " + service.program;
    for (const std::string &argument : service.arguments)
        text += " " + argument;
    text += "\n";
    for (const std::string &device : service.devices)
        add_line(text, "device", device);
    for (const Kind &kind : service.kinds)
        add_line(text, "each device", hex(kind.vendor) + ":" + hex(kind.model));
    for (const std::string &directory : service.directories)
        add_line(text, "directory", directory == "*" ? "all that no service names" : directory);
    if (service.place != Place::own)
        add_line(text, "in the silo",
                 service.place == Place::session ? "of the session" : "of the system, with all its rights");
    add_handles(text, "uses", service.uses);
    add_handles(text, "handles", service.handles);
    add_line(text, "restarted",
             std::string(restarts[(int)service.restart]) +
                 (service.start == Start::message ? "; starts with the first message" : ""));
    if (service.refused != Refused::deny)
        add_line(text, "refused", service.refused == Refused::end ? "it is ended" : "somebody is asked");
    add_limits(text, service.limits);
    if (service.heartbeat_ns != 0)
        add_line(text, "heart beat",
                 "has to wait for messages every " +
                     std::to_string(service.heartbeat_ns / 1'000'000) + " ms");
}

void add_rules(std::string &text, const char *label, const Program &program, Answer answer)
{
    std::string value;
    for (const Rule &rule : program.rules)
        if (rule.answer == answer)
            value += (value.empty() ? "" : " ") + rule.name;
    if (!value.empty())
        add_line(text, label, value);
}

void add_program(std::string &text, const Program &program)
{
    static const char *const refused[] = { "is denied", "ends it", "is asked about, or what is usual" };
    text += "program " + program.name + ": " + program.program + "\n";
    add_rules(text, "allowed", program, Answer::allow);
    add_rules(text, "denied", program, Answer::deny);
    add_rules(text, "asked", program, Answer::ask);
    add_rules(text, "substituted", program, Answer::substitute);
    add_line(text, "all else", refused[(int)program.refused]);
    add_limits(text, program.limits);
}

} // namespace

std::string describe(const Manifest &manifest, const Problems &remarks)
{
    std::string text;
    for (const Service &service : manifest.services)
        add_service(text, service);
    text += "session: " + manifest.session.program + "\n";
    add_handles(text, "withheld", manifest.session.withheld);
    add_handles(text, "asked", manifest.session.asked);
    if (manifest.session.asks_all)
        add_line(text, "asked", "all else that is not withheld");
    add_limits(text, manifest.session.limits);
    for (const Program &program : manifest.programs)
        add_program(text, program);
    for (const Problem &remark : remarks)
        text += "line " + std::to_string(remark.at.line) + ", column " + std::to_string(remark.at.column) +
                ": " + remark.text + "\n";
    return text;
}
