#include "programs/permission/view.h"

#include "interface/clock.h"
#include "interface/files_program.h"
#include "interface/log.h"
#include "lib/bundle.h"
#include "lib/say.h"
#include "lib/server.h"
#include "programs/permission/grants.h"
#include "programs/permission/rules.h"
#include "programs/permission/silo.h"

#include <string.h>

enum { PAGES = 512, MESSAGES = 4096, SLOTS = 4096, FIXED_ARGUMENTS = 2 };

struct view {
    struct subject subject;
    uint64_t silo;   /* 0: not in use */
    int32_t process; /* a slot */
    int64_t ended;   /* the message that is answered when it has */
    bool is_told;    /* to the person */
};

static struct view views[VIEWS_MAX];

/* ---- Ends ------------------------------------------------------------------------------------ */

static void end(struct view *view)
{
    if (view->silo == 0)
        return;
    /* What was had through it came by this row, and ends with it. */
    silo_deny(view->silo, FILES_INTERFACE_HASH);
    silo_destroy(view->silo);
    server_close(&view->process, 1);
    view->silo = 0;
}

void view_take_end(int64_t message)
{
    for (uint32_t i = 0; i < VIEWS_MAX; i++)
        if (views[i].silo != 0 && views[i].ended == message)
            end(&views[i]);
}

void view_end(const struct subject *subject)
{
    for (uint32_t i = 0; i < VIEWS_MAX; i++)
        if (views[i].silo != 0 && subject_is_akin(&views[i].subject, subject))
            end(&views[i]);
}

/* One that nobody uses any more gives its place up. */
static struct view *find_place(void)
{
    grants_sweep();
    for (uint32_t i = 0; i < VIEWS_MAX; i++)
        if (views[i].silo != 0 && !grants_has(&views[i].subject))
            end(&views[i]);
    for (uint32_t i = 0; i < VIEWS_MAX; i++)
        if (views[i].silo == 0)
            return &views[i];
    return NULL;
}

static struct view *find(const struct subject *subject)
{
    for (uint32_t i = 0; i < VIEWS_MAX; i++)
        if (views[i].silo != 0 && subject_is_akin(&views[i].subject, subject))
            return &views[i];
    return NULL;
}

bool view_is_news(const struct subject *subject)
{
    struct view *view = find(subject);
    bool is_news = view != NULL && !view->is_told;
    if (is_news)
        view->is_told = true;
    return is_news;
}

/* ---- Starting -------------------------------------------------------------------------------- */

static enum system_verdict verdict_of(const struct system_binding *row)
{
    bool is_needed = silo_row_is(row, SYSTEM_INTERFACE_HASH) ||
                     silo_row_is(row, CLOCK_INTERFACE_HASH) ||
                     silo_row_is(row, FILES_INTERFACE_HASH) ||
                     silo_row_is(row, LOG_INTERFACE_HASH);
    return is_needed ? SYSTEM_VERDICT_ALLOW : SYSTEM_VERDICT_DENY;
}

/* The folders of the program; they live as long as the rules stay. */
static uint32_t list_folders(const struct subject *subject, struct weft_bytes *folders)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < rules.count && count < VIEW_FOLDERS_MAX; i++) {
        const struct subject *other = &rules.list[i].subject;
        if (other->folder.size != 0 && subject_is_akin(other, subject))
            folders[count++] = (struct weft_bytes){ other->folder.text, other->folder.size };
    }
    return count;
}

static int32_t spawn(uint64_t silo, struct weft_bytes *arguments, uint32_t count)
{
    static _Alignas(8) uint8_t buffer[1024 + VIEW_FOLDERS_MAX * (FOLDER_TEXT_MAX + 16)];
    struct weft_client client = { .slot = system_slot(),
                                  .buffer = buffer,
                                  .capacity = sizeof(buffer) };
    struct bundle_program program;
    struct system_process_error_result result;
    if (!bundle_add(WEFT_BYTES("fs/root"), &program))
        return WEFT_NO_SLOT;
    struct system_spawn_options options = { .program = bundle_cid(&program),
                                            .silo = silo,
                                            .arguments = { arguments, count } };
    enum weft_status status =
        system_spawn(&client, options, (struct system_named_slot_list){ 0 }, &result);
    return status == WEFT_OK && !result.failed ? result.value : WEFT_NO_SLOT;
}

/* Its end is this process's matter, and nobody else is told. */
static int64_t await_end(int32_t process)
{
    uint8_t buffer[32];
    struct weft_client client = { .slot = process, .buffer = buffer, .capacity = sizeof(buffer) };
    return system_process_ended_send(&client, WEFT_WANT_ANSWER);
}

static bool start(struct view *view, struct weft_bytes *arguments, uint32_t count)
{
    static const struct system_limits limits = { .memory_pages = PAGES,
                                                 .processes = 1,
                                                 .threads = 1,
                                                 .messages = MESSAGES,
                                                 .slots = SLOTS };
    view->silo = silo_create(WEFT_BYTES("view"), limits);
    if (view->silo == 0)
        return false;
    view->process = silo_narrow(view->silo, verdict_of) ? spawn(view->silo, arguments, count)
                                                        : WEFT_NO_SLOT;
    if (view->process != WEFT_NO_SLOT) {
        view->ended = await_end(view->process);
        return true;
    }
    silo_destroy(view->silo);
    view->silo = 0;
    return false;
}

int32_t view_for(const struct subject *subject)
{
    struct weft_bytes arguments[FIXED_ARGUMENTS + VIEW_FOLDERS_MAX] = { WEFT_BYTES("fs/root"),
                                                                        WEFT_BYTES("view") };
    uint32_t count = list_folders(subject, arguments + FIXED_ARGUMENTS);
    struct view *view = find(subject);
    if (count == 0)
        return WEFT_NO_SLOT;
    if (view != NULL)
        return view->process;
    view = find_place();
    if (view != NULL && start(view, arguments, FIXED_ARGUMENTS + count)) {
        view->subject = *subject;
        view->is_told = false;
        return view->process;
    }
    say(LOG_LEVEL_ERROR, WEFT_BYTES("permission"),
        "no process can be started that shows a program only its folders; it has none");
    return WEFT_NO_SLOT;
}
