/* Single programs of people's: [program.NAME]. */
#include "programs/manifest/table.h"

extern "C" {
#include "programs/permission/known.h"
}

namespace {

std::string hex_of(const std::string &bytes)
{
    static const char digits[] = "0123456789abcdef";
    std::string text;
    for (char byte : bytes) {
        text.push_back(digits[(uint8_t)byte >> 4]);
        text.push_back(digits[(uint8_t)byte & 15]);
    }
    return text;
}

/* ---- An interface of a list ---- */

/* NAME, or NAME@HASH. What is wrong with it; empty: nothing. */
std::string read_interface(const std::string &text, Rule &rule)
{
    size_t sign = text.find('@');
    rule.name = text.substr(0, sign);
    if (text.find('#') != std::string::npos)
        return "\"" + text + "\": a program's rule is for all handlers of an interface, and has no tag";
    if (!is_name(rule.name, INTERFACE_NAME_BYTES_MAX, "."))
        return "\"" + text + "\": an interface's name is made of 1 to " +
               std::to_string(INTERFACE_NAME_BYTES_MAX) + " letters, digits, -, _ and .";
    if (sign != std::string::npos && !is_hex(text.substr(sign + 1)))
        return "\"" + text + "\": behind @ are 64 hexadecimal digits, in lower case";
    rule.hash = sign == std::string::npos ? known_hash(rule.name) : bytes_of_hex(text.substr(sign + 1));
    return rule.hash.empty() ? unknown_interface(rule.name) : std::string();
}

const known *known_of(const Rule &rule)
{
    return known_by_hash({ (const uint8_t *)rule.hash.data(), (uint32_t)rule.hash.size() });
}

/* What a rule cannot say. */
void check_rule(const Rule &rule, Problems &problems)
{
    const known *row = known_of(rule);
    if (rule.hash == known_hash("system") || rule.hash == known_hash("permission"))
        complain(problems, rule.at,
                 "nobody is asked about \"" + rule.name + "\", which every program begins with or which asks "
                 "itself: nothing can be said of it here");
    else if (rule.answer == Answer::substitute && (row == nullptr || row->substitute == nullptr))
        complain(problems, rule.at,
                 "there is nothing harmless to put in the place of \"" + rule.name + "\"");
}

void read_rules(Table &table, const char *key, Answer answer, Program &program, Problems &problems)
{
    table.texts(key, [&](const std::string &text, Position at) {
        Rule rule = { answer, {}, {}, {}, at };
        std::string wrong = read_interface(text, rule);
        if (!wrong.empty()) {
            complain(problems, at, wrong);
            return;
        }
        check_rule(rule, problems);
        for (const Rule &other : program.rules)
            if (other.hash == rule.hash)
                complain(problems, at,
                         "program." + program.name + ": \"" + rule.name + "\" stands in line " +
                             std::to_string(other.at.line) + " already: one answer is for each interface");
        rule.grant = rule.name + "@" + hex_of(rule.hash);
        program.rules.push_back(std::move(rule));
    });
}

/* A name in the bundle, or a CID. */
void check_name(const std::string &name, Position at, Problems &problems)
{
    if (!is_name(name, PROGRAM_NAME_BYTES_MAX, "./"))
        complain(problems, at,
                 "a program is named by 1 to " + std::to_string(PROGRAM_NAME_BYTES_MAX) +
                     " letters, digits, -, _, . and /: a name in the boot bundle, or a CID");
}

/* ---- All programs ---- */

bool is_handled(const Manifest &manifest, const char *name)
{
    for (const Service &service : manifest.services)
        for (const Handle &handle : service.handles)
            if (service.for_session && handle.hash == known_hash(name) && handle.tag.empty())
                return true;
    return false;
}

/* What nobody of the session may use cannot be given to one of it. */
void check_withheld(const Program &program, const Session &session, Problems &problems)
{
    for (const Rule &rule : program.rules)
        for (const Handle &handle : session.withheld)
            if (rule.answer != Answer::deny && rule.hash == handle.hash && handle.tag.empty())
                complain(problems, rule.at,
                         "\"" + rule.name + "\" is withheld from the whole session, in line " +
                             std::to_string(handle.at.line) + ": a program of it cannot have it");
}

} // namespace

void read_program(const std::string &name, const toml::table &source, Position at,
                  Manifest &manifest, Problems &problems)
{
    Program program;
    const toml::node *named = source.get("program");
    Table table(source, "program." + name, problems);
    program.name = program.program = name;
    program.at = at;
    program.program_at = named == nullptr
                             ? at
                             : Position{ named->source().begin.line, named->source().begin.column };
    table.text("program", program.program);
    read_rules(table, "allowed", Answer::allow, program, problems);
    read_rules(table, "denied", Answer::deny, program, problems);
    read_rules(table, "asked", Answer::ask, program, problems);
    read_rules(table, "substituted", Answer::substitute, program, problems);
    table.choice<Refused>(
        "refused", { { "deny", Refused::deny }, { "end", Refused::end }, { "ask", Refused::ask } },
        program.refused);
    read_limits(table.table_at("limits"), "program." + name, program.limits, problems);
    table.finish();
    check_name(name, at, problems);
    if (named != nullptr)
        check_name(program.program, program.program_at, problems);
    manifest.programs.push_back(std::move(program));
}

void check_programs(const Manifest &manifest, Problems &problems)
{
    const std::vector<Program> &programs = manifest.programs;
    size_t rules = 0;
    if (programs.size() > PROGRAMS_MAX)
        complain(problems, programs[PROGRAMS_MAX].at,
                 "there are more than " + std::to_string(PROGRAMS_MAX) + " programs");
    if (!programs.empty() && !is_handled(manifest, "permission"))
        complain(problems, programs[0].at,
                 "nobody would go by program." + programs[0].name +
                     ": no service for the session handles \"permission\"");
    for (size_t i = 0; i < programs.size(); i++) {
        for (size_t k = 0; k < i; k++)
            if (programs[i].program == programs[k].program)
                complain(problems, programs[i].program_at,
                         "\"program." + programs[k].name + "\", in line " +
                             std::to_string(programs[k].at.line) + ", is the same program");
        check_withheld(programs[i], manifest.session, problems);
        rules += programs[i].rules.size();
        if (rules > RULES_MAX && rules - programs[i].rules.size() <= RULES_MAX)
            complain(problems, programs[i].at,
                     "there are more than " + std::to_string(RULES_MAX) + " rules for programs");
    }
}
