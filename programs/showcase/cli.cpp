/* A small shell: each line is a program's name and its arguments. `help` and `exit` are its own. */
extern "C" {
#include "programs/showcase/showcase.h"
}

#include <string_view>

namespace {

constexpr std::size_t line_max = 256;
char line[line_max + 1];

enum class read { line, too_long, end };

/* The next line, without its end. */
read read_line()
{
    std::size_t size = 0;
    int byte;
    while ((byte = read_byte()) >= 0 && byte != '\n') {
        if (size < line_max)
            line[size] = static_cast<char>(byte);
        size++;
    }
    line[size < line_max ? size : line_max] = '\0';
    if (byte < 0 && size == 0)
        return read::end;
    return size <= line_max ? read::line : read::too_long;
}

void run_line()
{
    std::string_view words = line;
    int result = words.find_first_not_of(' ') == words.npos ? 0 : run(line);
    if (result == RUN_NOT_FOUND)
        show("%s: there is no such program\n", line);
    else if (result == RUN_BROKEN)
        show("%s: it came to no good end\n", line);
}

} // namespace

int showcase(int, char **)
{
    show("A small shell. `help` tells what it knows.\n> ");
    for (read got; (got = read_line()) != read::end; show("> ")) {
        std::string_view words = line;
        if (got == read::too_long)
            show("a line has %d bytes at most\n", static_cast<int>(line_max));
        else if (words == "exit")
            return 0;
        else if (words == "help")
            show("help, exit, or a program's name and its arguments\n");
        else
            run_line();
    }
    show("\n");
    return 0;
}
