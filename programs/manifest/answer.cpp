/* A manifest as the interface has it. All strings stay those of the manifest. */
#include "programs/manifest/answer.h"

namespace {

weft_bytes bytes_of(const std::string &text)
{
    return { reinterpret_cast<const uint8_t *>(text.data()), (uint32_t)text.size() };
}

std::vector<manifest_handle> handles_of(const std::vector<Handle> &handles)
{
    std::vector<manifest_handle> list;
    for (const Handle &handle : handles)
        list.push_back({ bytes_of(handle.name), bytes_of(handle.hash), bytes_of(handle.tag) });
    return list;
}

std::vector<weft_bytes> texts_of(const std::vector<std::string> &texts)
{
    std::vector<weft_bytes> list;
    for (const std::string &text : texts)
        list.push_back(bytes_of(text));
    return list;
}

manifest_limits limits_of(const Limits &limits)
{
    return { limits.memory_pages, limits.processes, limits.threads,
             limits.messages,     limits.slots,     limits.weight,
             limits.quota };
}

manifest_string_list list_of(const std::vector<weft_bytes> &list)
{
    return { list.data(), (uint32_t)list.size() };
}

manifest_handle_list list_of(const std::vector<manifest_handle> &list)
{
    return { list.data(), (uint32_t)list.size() };
}

/* The lists of one service or session, which have to live as long as the answer. */
struct Lists {
    std::vector<weft_bytes> arguments, devices, directories;
    std::vector<manifest_handle> first, second;
    std::vector<manifest_kind> kinds;
};

manifest_service service_of(const Service &service, Lists &lists)
{
    lists = { texts_of(service.arguments),
              texts_of(service.devices),
              texts_of(service.directories),
              handles_of(service.uses),
              handles_of(service.handles),
              {} };
    for (const Kind &kind : service.kinds)
        lists.kinds.push_back({ kind.vendor, kind.model });
    manifest_service result = {};
    result.name = bytes_of(service.name);
    result.program = bytes_of(service.program);
    result.arguments = list_of(lists.arguments);
    result.place = (manifest_place)service.place;
    result.devices = list_of(lists.devices);
    result.kinds = { lists.kinds.data(), (uint32_t)lists.kinds.size() };
    result.directories = list_of(lists.directories);
    result.uses = list_of(lists.first);
    result.handles = list_of(lists.second);
    result.for_session = service.for_session;
    result.refused = (manifest_refused)service.refused;
    result.start = (manifest_start)service.start;
    result.restart = (manifest_restart)service.restart;
    result.tries = service.tries;
    result.heartbeat = service.heartbeat_ns;
    result.stop = service.stop_ns;
    result.limits = limits_of(service.limits);
    return result;
}

manifest_session session_of(const Session &session, Lists &lists)
{
    lists = { texts_of(session.arguments), {}, {}, handles_of(session.withheld),
              handles_of(session.asked), {} };
    manifest_session result = {};
    result.program = bytes_of(session.program);
    result.arguments = list_of(lists.arguments);
    result.withheld = list_of(lists.first);
    result.asked = list_of(lists.second);
    result.asks_all = session.asks_all;
    result.limits = limits_of(session.limits);
    return result;
}

manifest_program program_of(const Program &program, std::vector<manifest_rule> &rules)
{
    for (const Rule &rule : program.rules)
        rules.push_back({ (manifest_answer)rule.answer, bytes_of(rule.grant) });
    manifest_program result = {};
    result.name = bytes_of(program.name);
    result.program = bytes_of(program.program);
    result.rules = { rules.data(), (uint32_t)rules.size() };
    result.refused = (manifest_refused)program.refused;
    result.limits = limits_of(program.limits);
    result.line = program.program_at.line;
    result.column = program.program_at.column;
    return result;
}

std::vector<manifest_problem> problems_of(const Problems &problems)
{
    std::vector<manifest_problem> told;
    for (const Problem &problem : problems)
        told.push_back({ problem.at.line, problem.at.column, bytes_of(problem.text) });
    return told;
}

} // namespace

bool encode_description(const std::string &text, const Problems &problems, body_writer *writer)
{
    std::vector<manifest_problem> told = problems_of(problems);
    manifest_string_problem_list_result result = {};
    result.failed = !problems.empty();
    if (result.failed)
        result.error = { told.data(), (uint32_t)told.size() };
    else
        result.value = bytes_of(text);
    return manifest_describe_result_encode(writer, &result);
}

bool encode_answer(const Manifest &manifest, const Problems &problems, const Problems &remarks,
                   body_writer *writer)
{
    std::vector<Lists> lists(manifest.services.size() + 1);
    std::vector<manifest_service> services;
    std::vector<std::vector<manifest_rule>> rules(manifest.programs.size());
    std::vector<manifest_program> programs;
    std::vector<manifest_problem> told = problems_of(problems), said = problems_of(remarks);
    manifest_system_problem_list_result result = {};
    result.failed = !problems.empty();
    for (size_t i = 0; i < manifest.services.size(); i++)
        services.push_back(service_of(manifest.services[i], lists[i]));
    for (size_t i = 0; i < manifest.programs.size(); i++)
        programs.push_back(program_of(manifest.programs[i], rules[i]));
    if (result.failed)
        result.error = { told.data(), (uint32_t)told.size() };
    else
        result.value = { { services.data(), (uint32_t)services.size() },
                         session_of(manifest.session, lists.back()),
                         { programs.data(), (uint32_t)programs.size() },
                         { said.data(), (uint32_t)said.size() } };
    return manifest_read_result_encode(writer, &result);
}
