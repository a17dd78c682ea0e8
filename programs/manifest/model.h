/* What a manifest says, and what is wrong with it. */
#ifndef PROGRAMS_MANIFEST_MODEL_H
#define PROGRAMS_MANIFEST_MODEL_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

enum {
    MANIFEST_BYTES_MAX = 256 << 10,
    SERVICES_MAX = 64,
    PROBLEMS_MAX = 50, /* that are told: the rest would be of no more help */
    NAME_BYTES_MAX = 32,
    LIST_MAX = 32, /* of arguments, devices, kinds, interfaces of one service */
    PROGRAMS_MAX = 64,
    PROGRAM_NAME_BYTES_MAX = 64,
    INTERFACE_NAME_BYTES_MAX = 64,
    RULES_MAX = 1024, /* of all programs together */
};

/* From 1 on. */
struct Position {
    uint32_t line = 1;
    uint32_t column = 1;
};

struct Problem {
    Position at;
    std::string text;
};

struct Handle {
    std::string name;
    std::string hash; /* 32 bytes */
    std::string tag;
    Position at;
};

struct Limits {
    uint64_t memory_pages = 0;
    uint32_t processes = 0, threads = 0, messages = 0, slots = 0, weight = 0, quota = 0;
};

struct Kind {
    uint16_t vendor, model;
};

enum class Place { own, session, system };
enum class Refused { deny, end, ask };
enum class Start { boot, message };
enum class Restart { always, failure, never };

struct Service {
    std::string name;
    std::string program;
    std::vector<std::string> arguments;
    Place place = Place::own;
    std::vector<std::string> devices;
    std::vector<Kind> kinds;
    std::vector<std::string> directories;
    std::vector<Handle> uses;
    std::vector<Handle> handles;
    bool for_session = true;
    Refused refused = Refused::deny;
    Start start = Start::boot;
    Restart restart = Restart::always;
    uint32_t tries = 8;
    uint64_t heartbeat_ns = 0;
    uint64_t stop_ns = 5'000'000'000;
    Limits limits;
    Position at;
    Position program_at; /* where it is named */
};

struct Session {
    std::string program;
    std::vector<std::string> arguments;
    std::vector<Handle> withheld;
    std::vector<Handle> asked;
    bool asks_all = false;
    Limits limits;
    Position program_at;
};

enum class Answer { allow, deny, substitute, ask };

struct Rule {
    Answer answer;
    std::string name; /* of the interface */
    std::string hash;
    std::string grant; /* NAME@HASH: all of it, for who decides about permissions */
    Position at;
};

/* One of people's. */
struct Program {
    std::string name;
    std::string program;
    std::vector<Rule> rules;
    Refused refused = Refused::ask;
    Limits limits;
    Position at;
    Position program_at; /* where it is named */
};

struct Manifest {
    std::vector<Service> services;
    Session session;
    std::vector<Program> programs;
};

using Problems = std::vector<Problem>;

inline void complain(Problems &problems, Position at, std::string text)
{
    if (problems.size() < PROBLEMS_MAX)
        problems.push_back({ at, std::move(text) });
}

/* From text to a manifest (read.cpp). What is in it means nothing if there are problems. */
void read_manifest(std::string_view text, Manifest &manifest, Problems &problems);
/* Whoever uses what another handles comes after it; a ring, and two who handle the same, are
 * problems (order.cpp). */
void order_services(Manifest &manifest, Problems &problems);
/* What is wrong with programs among each other, and with services and the session (programs.cpp). */
void check_programs(const Manifest &manifest, Problems &problems);
/* Of people's programs, those that are not in the boot bundle: what is said of them means nothing
 * (bundle.cpp). */
Problems missing_programs(const Manifest &manifest);
/* All that are not in the boot bundle, those of services and of the session, too. */
Problems missing_anywhere(const Manifest &manifest);
/* What is said of programs that are named by CID, which no bundle is asked for. */
Problems programs_by_cid(const Manifest &manifest);
/* What the system would be, in words, and what is to be said of it (describe.cpp). */
std::string describe(const Manifest &manifest, const Problems &remarks);
/* Whether it has 1 to so many letters, digits, - and _, and of others none but these (names.cpp). */
bool is_name(const std::string &text, size_t size_max, const char *others);
/* The hash of an interface that the system knows by name; empty: it does not (names.cpp). */
std::string known_hash(std::string_view name);
/* What is said of a name that is none of these, with the one that may have been meant. */
std::string unknown_interface(std::string_view name);
/* That of `words` which `word` is most like, if it is like one. */
std::string similar_word(std::string_view word, const std::vector<std::string> &words);

#endif
