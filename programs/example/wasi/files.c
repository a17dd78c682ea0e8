/* Works with files and directories under the directory in its first argument: makes, writes,
 * reads, lists, renames, examines and removes, checks each step and says what it did. Leaves the
 * directory as it found it. Exit status 1 at the first step that went wrong. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char poem[] = "first line\nsecond line\nthird line\n";

static void step(bool succeeded, const char *format, ...)
{
    int error = errno;
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    if (!succeeded) {
        printf(": FAILED (%s)\n", strerror(error));
        exit(1);
    }
    printf(": ok\n");
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The names in a directory, sorted, each followed by a blank. */
static const char *listing(const char *path)
{
    static char text[256];
    char names[8][32];
    size_t count = 0;
    DIR *directory = opendir(path);
    step(directory != NULL, "open directory %s", path);
    for (struct dirent *entry; count < 8 && (entry = readdir(directory));) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            snprintf(names[count++], sizeof(names[0]), "%s", entry->d_name);
    }
    closedir(directory);
    qsort(names, count, sizeof(names[0]), compare_names);
    text[0] = 0;
    for (size_t i = 0; i < count; i++) {
        strcat(text, names[i]);
        strcat(text, " ");
    }
    return text;
}

static void write_and_read(void)
{
    FILE *file = fopen("work/poem", "w");
    step(file && fputs(poem, file) >= 0 && fclose(file) == 0, "write work/poem");

    struct stat about;
    step(stat("work/poem", &about) == 0 && S_ISREG(about.st_mode) &&
             about.st_size == (off_t)strlen(poem),
         "examine work/poem: a file of %d bytes", (int)strlen(poem));

    char line[64];
    file = fopen("work/poem", "r");
    step(file && fseek(file, 11, SEEK_SET) == 0 && fgets(line, sizeof(line), file) &&
             strcmp(line, "second line\n") == 0 && fclose(file) == 0,
         "read work/poem from offset 11");

    int descriptor = open("work/poem", O_WRONLY | O_APPEND);
    step(descriptor >= 0 && write(descriptor, "end\n", 4) == 4 && ftruncate(descriptor, 6) == 0 &&
             fstat(descriptor, &about) == 0 && about.st_size == 6 && close(descriptor) == 0,
         "append to work/poem and cut it to 6 bytes");
}

static void move_and_remove(void)
{
    step(mkdir("work/inner", 0777) == 0, "make directory work/inner");
    step(mkdir("work/inner", 0777) != 0 && errno == EEXIST, "making it again is refused");
    step(rename("work/poem", "work/inner/verse") == 0, "rename work/poem to work/inner/verse");
    step(access("work/poem", F_OK) != 0 && errno == ENOENT, "work/poem is gone");
    step(strcmp(listing("work"), "inner ") == 0, "list work: inner");
    step(strcmp(listing("work/inner"), "verse ") == 0, "list work/inner: verse");
    step(rmdir("work/inner") != 0 && errno == ENOTEMPTY, "removing a full directory is refused");
    step(unlink("work/inner/verse") == 0, "remove work/inner/verse");
    step(rmdir("work/inner") == 0, "remove directory work/inner");
    step(unlink("work") != 0, "a directory is not removed as a file");
}

int main(int argument_count, char **arguments)
{
    if (argument_count != 2) {
        fprintf(stderr, "usage: files DIRECTORY\n");
        return 2;
    }
    step(chdir(arguments[1]) == 0, "go to %s", arguments[1]);
    step(mkdir("work", 0777) == 0, "make directory work");
    write_and_read();
    move_and_remove();
    step(rmdir("work") == 0, "remove directory work");
    step(open("../outside", O_RDONLY) < 0, "what is outside stays outside");
    puts("all is as it was");
    return 0;
}
