/* A table of a manifest's text, whose keys are taken one by one: what stands behind them has a kind, and
 * what is wrong is told with its place. */
#ifndef PROGRAMS_MANIFEST_TABLE_H
#define PROGRAMS_MANIFEST_TABLE_H

#include "programs/manifest/model.h"
#include "programs/manifest/toml.h"

#include <functional>

inline Position position_of(const toml::source_region &source)
{
    return { source.begin.line, source.begin.column };
}

inline Position position_of(const toml::node &node)
{
    return position_of(node.source());
}

/* "2 s" in nanoseconds; false if it is none, or more than an hour. */
inline bool duration_of(const std::string &text, uint64_t &to)
{
    static const struct {
        const char *name;
        uint64_t ns;
    } units[] = { { "ms", 1'000'000 }, { "s", 1'000'000'000 }, { "min", 60'000'000'000 } };
    constexpr size_t digits_most = 7;
    constexpr uint64_t most_ns = 3600'000'000'000;
    size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string::npos || digits > digits_most)
        return false;
    size_t unit = text.find_first_not_of(' ', digits);
    for (const auto &one : units)
        if (unit != std::string::npos && text.substr(unit) == one.name) {
            to = std::stoull(text.substr(0, digits)) * one.ns;
            return to != 0 && to <= most_ns;
        }
    return false;
}

/* One table of the text, whose keys are taken one by one; what is left over is a mistake. */
class Table {
  public:
    Table(const toml::table &table, std::string what, Problems &problems)
        : table(table), what(std::move(what)), problems(problems)
    {
    }

    void text(const char *key, std::string &to)
    {
        if (const toml::node *node = take(key)) {
            if (const auto *value = node->as_string())
                to = value->get();
            else
                wrong(*node, key, "a text in quotes");
        }
    }

    void flag(const char *key, bool &to)
    {
        if (const toml::node *node = take(key)) {
            if (const auto *value = node->as_boolean())
                to = value->get();
            else
                wrong(*node, key, "true or false");
        }
    }

    void number(const char *key, uint32_t least, uint32_t most, uint32_t &to)
    {
        if (const toml::node *node = take(key)) {
            const auto *value = node->as_integer();
            if (value != nullptr && value->get() >= least && value->get() <= most)
                to = (uint32_t)value->get();
            else
                wrong(*node, key,
                      "a number from " + std::to_string(least) + " to " + std::to_string(most));
        }
    }

    void duration(const char *key, uint64_t &to)
    {
        if (const toml::node *node = take(key)) {
            const auto *value = node->as_string();
            if (value == nullptr || !duration_of(value->get(), to))
                wrong(*node, key, "a time up to an hour, as in \"2 s\" or \"500 ms\"");
        }
    }

    template <typename Choice>
    void choice(const char *key, std::vector<std::pair<const char *, Choice>> choices, Choice &to)
    {
        const toml::node *node = take(key);
        if (node == nullptr)
            return;
        std::string wanted;
        for (const auto &[name, value] : choices) {
            if (node->is_string() && node->as_string()->get() == name) {
                to = value;
                return;
            }
            wanted += (wanted.empty() ? "\"" : " or \"") + std::string(name) + "\"";
        }
        wrong(*node, key, wanted);
    }

    using Each = std::function<void(const std::string &, Position)>;
    void texts(const char *key, const Each &each)
    {
        const toml::node *node = take(key);
        if (node == nullptr)
            return;
        if (!node->is_array()) {
            wrong(*node, key, "a list of texts, as in [\"one\", \"two\"]");
            return;
        }
        if (node->as_array()->size() > LIST_MAX)
            wrong(*node, key, "a list of at most " + std::to_string(LIST_MAX));
        for (const toml::node &item : *node->as_array()) {
            if (item.is_string())
                each(item.as_string()->get(), position_of(item));
            else
                wrong(item, key, "only texts in its list");
        }
    }

    void texts(const char *key, std::vector<std::string> &to)
    {
        texts(key, [&](const std::string &value, Position) { to.push_back(value); });
    }

    using EachTable = std::function<void(const std::string &, const toml::table &, Position)>;
    /* Tables within this one: [what.NAME]. */
    void tables(const char *key, const EachTable &each)
    {
        const toml::node *node = take(key);
        if (node == nullptr)
            return;
        if (!node->is_table()) {
            wrong(*node, key, "tables with names, as in [" + std::string(key) + ".name]");
            return;
        }
        for (const auto &[name, item] : *node->as_table()) {
            if (item.is_table())
                each(std::string(name.str()), *item.as_table(), position_of(item));
            else
                wrong(item, key, "tables with names, as in [" + std::string(key) + ".name]");
        }
    }

    const toml::table *table_at(const char *key)
    {
        const toml::node *node = take(key);
        if (node != nullptr && !node->is_table())
            wrong(*node, key, "a table");
        return node == nullptr ? nullptr : node->as_table();
    }

    /* After all that may be there was taken. */
    void finish()
    {
        for (const auto &[key, node] : table) {
            std::string name(key.str());
            bool is_known = false;
            for (const std::string &one : taken)
                is_known = is_known || one == name;
            if (is_known)
                continue;
            std::string meant = similar_word(name, taken);
            complain(problems, position_of(key.source()),
                     what + " has no \"" + name + "\"" +
                         (meant.empty() ? "" : ": is \"" + meant + "\" meant?"));
        }
    }

  private:
    const toml::table &table;
    std::string what;
    Problems &problems;
    std::vector<std::string> taken;

    const toml::node *take(const char *key)
    {
        taken.push_back(key);
        return table.get(key);
    }

    void wrong(const toml::node &node, const char *key, const std::string &wanted)
    {
        complain(problems, position_of(node), what + ": \"" + key + "\" is to be " + wanted);
    }
};

/* ---- What several parts of a manifest have (read.cpp) ---- */

/* 64 hexadecimal digits. */
bool is_hex(const std::string &text);
std::string bytes_of_hex(const std::string &text);
void read_limits(const toml::table *source, const std::string &whose, Limits &limits,
                 Problems &problems);

/* [program.NAME] (programs.cpp). */
void read_program(const std::string &name, const toml::table &source, Position at, Manifest &manifest,
                  Problems &problems);

#endif
