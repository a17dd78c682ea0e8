/* toml++, without exceptions and without files: WASI's C++ library has neither. And without streams: what
 * they know of locales would be ten times as large as all else, and be loaded before any driver. */
#ifndef PROGRAMS_MANIFEST_TOML_H
#define PROGRAMS_MANIFEST_TOML_H

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <istream>
#include <string>

/* For a function of toml++ that is not used and has to compile: a file that is never there. */
template <> class std::basic_ifstream<char, std::char_traits<char>> : public std::istream {
  public:
    basic_ifstream() : std::istream(nullptr) {}
    void open(const std::string &, std::ios_base::openmode) { setstate(std::ios_base::failbit); }
    bool is_open() const { return false; }
};

/* libc++ has it for whole numbers only, and toml++ would take a stream. The text is digits as TOML has them. */
namespace std {
inline from_chars_result from_chars(const char *begin, const char *end, double &value)
{
    string text(begin, end);
    char *rest = nullptr;
    errno = 0;
    value = strtod(text.c_str(), &rest);
    if (rest == text.c_str())
        return { begin, errc::invalid_argument };
    return { begin + (rest - text.c_str()), errno == ERANGE ? errc::result_out_of_range : errc{} };
}
} // namespace std

/* One assertion of the parser is about the text, not about itself: that behind `[` a key begins. It has a mistake to
 * tell for what does not, a few lines on. */
inline void toml_assertion_failed(const char *what)
{
    if (std::strcmp(what, "is_bare_key_character(*cp) || is_string_delimiter(*cp)") == 0)
        return;
    std::fprintf(stderr, "toml++: %s does not hold\n", what);
    std::abort();
}
#define TOML_ASSERT(expression) ((expression) ? (void)0 : toml_assertion_failed(#expression))

#define TOML_FLOAT_CHARCONV 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#endif
