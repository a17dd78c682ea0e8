#include "programs/init/refused.h"

#include "interface/permission.h"
#include "lib/interface.h"
#include "lib/say.h"
#include "programs/init/run.h"
#include "programs/init/silo.h"

bool refused_bind(const struct service *service)
{
    struct interface_hash hash = interface_hash(PERMISSION_INTERFACE_HASH);
    const struct manifest_handle permission = { .name = WEFT_BYTES(PERMISSION_INTERFACE_NAME),
                                                .hash = interface_bytes(&hash) };
    if (service->row->refused != MANIFEST_REFUSED_END)
        return true;
    uint64_t badge = REFUSED_BADGE + (uint64_t)(service - services.list);
    int32_t slot = server_mint(PERMISSION_INTERFACE_HASH, badge);
    bool is_well = slot != WEFT_NO_SLOT && silo_bind(service->silo, &permission, slot);
    if (slot != WEFT_NO_SLOT)
        silo_close(slot);
    return is_well;
}

/* The kernel tells it once for each row, so the row is set anew for the next process. */
static enum weft_status on_denied(void *context, const struct weft_event *event,
                                  const struct permission_denied_arguments *arguments)
{
    struct service *service = context;
    const struct permission_question *question = &arguments->question;
    const struct manifest_handle refused = { .name = question->interface_name,
                                             .hash = question->interface,
                                             .tag = question->tag };
    (void)event;
    say(LOG_LEVEL_ERROR, question->interface_name, "this was used without being given, by:");
    run_fail(service, "it is ended, as \"refused\" asks");
    silo_set(service->silo, &refused, SYSTEM_VERDICT_DENY);
    return WEFT_OK;
}

void refused_on_message(struct weft_server *server)
{
    static const struct permission_server handler = { .denied = on_denied };
    uint64_t number = server->event.badge - REFUSED_BADGE;
    struct service *service = number < services.count ? &services.list[number] : NULL;
    server_finish(server, service == NULL ? WEFT_INVALID
                                          : permission_dispatch(&handler, service, &server->event,
                                                                &server->reader));
}
