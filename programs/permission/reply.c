#include "programs/permission/person.h"

#include <string.h>

/* Without spaces around it, and in small letters. */
static uint32_t trim(struct weft_bytes line, char *word, uint32_t capacity)
{
    uint32_t begin = 0, end = line.size;
    while (begin < end && line.data[begin] == ' ')
        begin++;
    while (end > begin && (line.data[end - 1] == ' ' || line.data[end - 1] == '\r'))
        end--;
    if (end - begin >= capacity)
        return 0;
    for (uint32_t i = begin; i < end; i++) {
        uint8_t byte = line.data[i];
        word[i - begin] = (char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
    }
    word[end - begin] = '\0';
    return end - begin;
}

enum reply person_read(struct weft_bytes line, bool has_substitute, bool *is_understood)
{
    static const char *const words[] = {
        [REPLY_ONCE] = "once",
        [REPLY_ALWAYS] = "always",
        [REPLY_NEVER] = "never",
        [REPLY_SUBSTITUTE] = "substitute",
    };
    char word[16];
    uint32_t size = trim(line, word, sizeof(word));
    for (int i = 0; size != 0 && i < 4; i++) {
        bool is_it = strcmp(word, words[i]) == 0 || (size == 1 && word[0] == words[i][0]);
        if (is_it && (i != REPLY_SUBSTITUTE || has_substitute)) {
            *is_understood = true;
            return (enum reply)i;
        }
    }
    *is_understood = false;
    return REPLY_NOBODY;
}
