#include "programs/shell/edit/history.h"

#include <stdlib.h>
#include <string.h>

bool history_add(struct history *history, const char *line)
{
    struct words *lines = &history->lines;
    bool is_blank_line = line[strspn(line, " \t\n")] == '\0';
    if (is_blank_line || (lines->count != 0 && strcmp(lines->data[lines->count - 1], line) == 0))
        return false;
    if (lines->count == HISTORY_MAX) {
        free(lines->data[0]);
        memmove(lines->data, lines->data + 1, (lines->count - 1) * sizeof(char *));
        lines->count--;
    }
    words_add_copy(lines, line);
    return true;
}

size_t history_search(const struct history *history, const char *text, size_t before)
{
    for (size_t i = before; i > 0; i--)
        if (strstr(history->lines.data[i - 1], text) != NULL)
            return i - 1;
    return before;
}

void history_from_file(struct history *history, const char *bytes, size_t size)
{
    struct text line = { 0 };
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n') {
            history_add(history, text_string(&line));
            text_clear(&line);
        } else if (bytes[i] == '\\' && i + 1 < size) {
            i++;
            text_add_char(&line, bytes[i] == 'n' ? '\n' : bytes[i]);
        } else if (bytes[i] != '\0') {
            text_add_char(&line, bytes[i]);
        }
    }
    text_free(&line);
}

void history_to_file(const struct history *history, struct text *text)
{
    for (size_t i = 0; i < history->lines.count; i++) {
        for (const char *at = history->lines.data[i]; *at != '\0'; at++) {
            if (*at == '\n' || *at == '\\')
                text_add_char(text, '\\');
            text_add_char(text, *at == '\n' ? 'n' : *at);
        }
        text_add_char(text, '\n');
    }
}
