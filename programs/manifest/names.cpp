/* The interfaces that the system knows by name, and what somebody may have meant. */
#include "programs/manifest/model.h"

#include <algorithm>

namespace {

struct Known {
    const char *name;
    const char *hash; /* 64 digits */
};

const Known known[] = {
#include "interfaces.inc"
};

int digit(char letter)
{
    return letter <= '9' ? letter - '0' : letter - 'a' + 10;
}

/* Levenshtein's: how many letters have to be changed, put in or left out. */
size_t distance(std::string_view a, std::string_view b)
{
    std::vector<size_t> row(b.size() + 1);
    for (size_t k = 0; k <= b.size(); k++)
        row[k] = k;
    for (size_t i = 1; i <= a.size(); i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t k = 1; k <= b.size(); k++) {
            size_t changed = corner + (a[i - 1] != b[k - 1]);
            corner = row[k];
            row[k] = std::min({ row[k] + 1, row[k - 1] + 1, changed });
        }
    }
    return row[b.size()];
}

} // namespace

bool is_name(const std::string &text, size_t size_max, const char *others)
{
    static const std::string usual =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return !text.empty() && text.size() <= size_max &&
           text.find_first_not_of(usual + others) == std::string::npos;
}

std::string known_hash(std::string_view name)
{
    std::string hash;
    for (const Known &one : known)
        if (one.name == name)
            for (size_t i = 0; i < 64; i += 2)
                hash.push_back((char)(digit(one.hash[i]) << 4 | digit(one.hash[i + 1])));
    return hash;
}

std::string similar_word(std::string_view word, const std::vector<std::string> &words)
{
    constexpr size_t longest = 64; /* nobody mistypes more */
    std::string best;
    size_t least = std::min<size_t>(word.size() < 4 ? 1 : word.size() / 4 + (word.size() > 5), 3);
    if (word.size() > longest)
        return best;
    for (const std::string &one : words) {
        size_t far = distance(word, one);
        if (far <= least) {
            best = one;
            least = far - (far != 0);
        }
    }
    return best;
}

std::string unknown_interface(std::string_view name)
{
    std::vector<std::string> names;
    for (const Known &one : known)
        names.push_back(one.name);
    std::string meant = similar_word(name, names);
    return "no interface is known as \"" + std::string(name) + "\": " +
           (meant.empty() ? "one of your own is written NAME@HASH (weft interface FILE.wit)"
                          : "is \"" + meant + "\" meant?");
}
