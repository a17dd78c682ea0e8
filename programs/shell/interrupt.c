/* The interrupt key: a question stands with `terminal` whenever the shell waits for a command. */
#include "interface/terminal_program.h"
#include "programs/shell/shell.h"

static uint8_t buffer[256];
static int64_t question;

static struct weft_client client(void)
{
    return client_at(terminal_slot(), buffer, sizeof(buffer));
}

int64_t job_interrupt_question(void)
{
    struct weft_client asker = client();
    if (question == 0)
        question = terminal_interrupted_send(&asker, WEFT_WANT_ANSWER);
    return question;
}

void job_interrupt_seen(void)
{
    question = 0;
}

bool job_interrupted(void)
{
    struct weft_event event;
    int64_t id = shell.at_terminal ? job_interrupt_question() : 0;
    if (id <= 0 || weft_wait(&id, 1, &event, buffer, sizeof(buffer), 0) != WEFT_EVENT_ANSWER)
        return false;
    job_interrupt_seen();
    shell.interrupted = true;
    return true;
}
