/* toml++, without exceptions and without files: WASI's C++ library has neither. */
#ifndef PROGRAMS_MANIFEST_TOML_H
#define PROGRAMS_MANIFEST_TOML_H

#include <istream>
#include <string>

/* For a function of toml++ that is not used and has to compile: a file that is never there. */
template <> class std::basic_ifstream<char, std::char_traits<char>> : public std::istream {
  public:
    basic_ifstream() : std::istream(nullptr) {}
    void open(const std::string &, std::ios_base::openmode) { setstate(std::ios_base::failbit); }
    bool is_open() const { return false; }
};

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#endif
