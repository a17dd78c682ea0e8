/* Users and groups: `weft`, to whom all files belong and as whom all programs run, and the few names
 * that every Unix has, for what reads and writes archives. Who may do what is decided by slots. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

static char nothing[] = "";
static char home[] = "/";
static char *no_members[] = { NULL };

static const struct known {
    char name[8];
    unsigned id;
} known[] = { { "root", 0 }, { "sys", 3 }, { "weft", POSIX_USER }, { "nobody", 65534 } };

enum { KNOWN_COUNT = sizeof(known) / sizeof(known[0]) };

static const struct known *find_id(unsigned id)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++)
        if (known[i].id == id)
            return &known[i];
    return NULL;
}

static const struct known *find_name(const char *name)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++)
        if (strcmp(known[i].name, name) == 0)
            return &known[i];
    return NULL;
}

static struct passwd *give_user(const struct known *found, struct passwd *entry)
{
    if (found == NULL)
        return NULL;
    *entry = (struct passwd){
        .pw_name = (char *)found->name, .pw_passwd = nothing, .pw_uid = found->id,
        .pw_gid = found->id, .pw_gecos = nothing, .pw_dir = home, .pw_shell = nothing,
    };
    return entry;
}

static struct group *give_group(const struct known *found, struct group *entry)
{
    if (found == NULL)
        return NULL;
    *entry = (struct group){
        .gr_name = (char *)found->name, .gr_passwd = nothing, .gr_gid = found->id,
        .gr_mem = no_members,
    };
    return entry;
}

static struct passwd user;
static struct group group;

struct passwd *getpwuid(uid_t id)
{
    return give_user(find_id(id), &user);
}

struct passwd *getpwnam(const char *name)
{
    return give_user(find_name(name), &user);
}

struct group *getgrgid(gid_t id)
{
    return give_group(find_id(id), &group);
}

struct group *getgrnam(const char *name)
{
    return give_group(find_name(name), &group);
}

/* The strings live for ever, so the buffers are not needed. */

int getpwuid_r(uid_t id, struct passwd *entry, char *buffer, size_t size, struct passwd **result)
{
    (void)buffer;
    (void)size;
    *result = give_user(find_id(id), entry);
    return 0;
}

int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size,
               struct passwd **result)
{
    (void)buffer;
    (void)size;
    *result = give_user(find_name(name), entry);
    return 0;
}

int getgrgid_r(gid_t id, struct group *entry, char *buffer, size_t size, struct group **result)
{
    (void)buffer;
    (void)size;
    *result = give_group(find_id(id), entry);
    return 0;
}

int getgrnam_r(const char *name, struct group *entry, char *buffer, size_t size,
               struct group **result)
{
    (void)buffer;
    (void)size;
    *result = give_group(find_name(name), entry);
    return 0;
}

uid_t getuid(void)
{
    return POSIX_USER;
}

uid_t geteuid(void)
{
    return POSIX_USER;
}

gid_t getgid(void)
{
    return POSIX_USER;
}

gid_t getegid(void)
{
    return POSIX_USER;
}

/* To be who one is already is no change. */
static int become(unsigned id)
{
    if (id == POSIX_USER || id == (unsigned)-1)
        return 0;
    errno = EPERM;
    return -1;
}

int setuid(uid_t id)
{
    return become(id);
}

int setgid(gid_t id)
{
    return become(id);
}

int setreuid(uid_t real, uid_t effective)
{
    return become(real) == 0 ? become(effective) : -1;
}

int setregid(gid_t real, gid_t effective)
{
    return become(real) == 0 ? become(effective) : -1;
}

int setresuid(uid_t real, uid_t effective, uid_t saved)
{
    return setreuid(real, effective) == 0 ? become(saved) : -1;
}

int setresgid(gid_t real, gid_t effective, gid_t saved)
{
    return setregid(real, effective) == 0 ? become(saved) : -1;
}

int getgroups(int count, gid_t *groups)
{
    if (count > 0)
        groups[0] = POSIX_USER;
    return 1;
}

int setgroups(size_t count, const gid_t *groups)
{
    (void)count;
    (void)groups;
    errno = EPERM;
    return -1;
}

int initgroups(const char *name, gid_t id)
{
    (void)name;
    return become(id);
}

/* Everybody is in one group, and no other. */
int getgrouplist(const char *name, gid_t own, gid_t *groups, int *count)
{
    int capacity = *count;
    (void)name;
    *count = 1;
    if (capacity < 1)
        return -1;
    groups[0] = own;
    return 1;
}
