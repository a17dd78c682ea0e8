/* What jobs have of a person's terminal. A job that is started at one gets a stream of its own,
 * which is read while the job is in front; ^Z stops the job, and the shell is in front again. */
#include "interface/terminal_program.h"
#include "lib/server.h"
#include "programs/shell/shell.h"

static uint8_t buffer[256];
static bool is_there; /* a terminal that knows jobs, and a person at it */
static int64_t question;

static struct weft_client client(int32_t slot)
{
    return client_at(slot, buffer, sizeof(buffer));
}

/* A job of the terminal; WEFT_NO_SLOT: there can be none. */
static int32_t create(void)
{
    struct weft_client asker = client(terminal_slot());
    struct terminal_job_error_result result;
    if (terminal_job(&asker, &result) != WEFT_OK || result.failed)
        return WEFT_NO_SLOT;
    return result.value;
}

void front_look(void)
{
    int32_t job = create();
    is_there = job != WEFT_NO_SLOT;
    if (is_there)
        server_close(&job, 1);
}

struct front front_nothing(void)
{
    return (struct front){ WEFT_NO_SLOT, WEFT_NO_SLOT, 0 };
}

int64_t front_stop_question(struct front *front)
{
    struct weft_client asker = client(front->job);
    if (front->stop == 0 && front->job != WEFT_NO_SLOT)
        front->stop = terminal_job_stopped_send(&asker, WEFT_WANT_ANSWER);
    return front->stop;
}

void front_take(struct front *front)
{
    struct weft_client asker = client(front->job);
    struct terminal_none_error_result result;
    if (front->job == WEFT_NO_SLOT)
        return;
    terminal_job_front(&asker, &result);
    front_stop_question(front);
}

int32_t front_stream(struct front *front, bool takes_place)
{
    if (!is_there || front->job != WEFT_NO_SLOT)
        return front->stream;
    front->job = create();
    if (front->job == WEFT_NO_SLOT)
        return WEFT_NO_SLOT;
    struct weft_client asker = client(front->job);
    if (terminal_job_open(&asker, &front->stream) != WEFT_OK)
        front->stream = WEFT_NO_SLOT;
    if (takes_place)
        front_take(front);
    return front->stream;
}

void front_give(const struct front *front)
{
    struct weft_client asker = client(front->job);
    struct terminal_none_error_result result;
    if (front->job != WEFT_NO_SLOT)
        terminal_job_back(&asker, &result);
}

void front_close(struct front *front)
{
    front_give(front);
    if (front->stop > 0)
        weft_answer(front->stop, WEFT_OK, NULL, 0, NULL, 0);
    if (front->stream != WEFT_NO_SLOT)
        server_close(&front->stream, 1);
    if (front->job != WEFT_NO_SLOT)
        server_close(&front->job, 1);
    *front = front_nothing();
}

/* ---- The stop key where there is no job
 * ----------------------------------------------------------
 */

int64_t front_key_question(void)
{
    struct weft_client asker = client(terminal_slot());
    if (question == 0 && is_there)
        question = terminal_stopped_send(&asker, WEFT_WANT_ANSWER);
    return question;
}

void front_key_seen(void)
{
    question = 0;
}
