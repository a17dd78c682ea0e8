#include "tests/kernel/support/guard.h"

void guard_bind(struct silo *silo, struct puppet *guard)
{
    struct interface_key key = { .name = BYTES_LITERAL(PERMISSION_INTERFACE_NAME) };
    bool is_hash = hash_from_hex(BYTES_LITERAL(PERMISSION_INTERFACE_HASH), &key.hash);
    enum status status = silo_bind_process(silo, &key, guard->process);
    BASE_ASSERT(is_hash && status == STATUS_OK);
}

void guard_set_verdict(struct silo *silo, enum verdict verdict)
{
    struct interface_key key = world_key(ALPHA_ID);
    enum status status = silo_set_verdict(silo, &key, verdict);
    BASE_ASSERT(status == STATUS_OK);
}

struct silo *guard_silo(struct silo *parent)
{
    static const struct silo_limits none;
    struct silo *silo = NULL;
    enum status status = silo_create(parent, BYTES_LITERAL("child"), &none, &silo);
    BASE_ASSERT(status == STATUS_OK);
    return silo;
}

i64 guard_answer(struct puppet *guard, const struct permission_answer *answer)
{
    struct body_writer writer;
    body_writer_init(&writer, guard->script.body, sizeof(guard->script.body));
    bool encoded = permission_ask_result_encode(&writer, answer);
    BASE_ASSERT(encoded);
    for (u32 i = 0; i < writer.gift_count; i++)
        guard->script.gifts[i] = writer.gifts[i];
    return puppet_do(guard, (struct script_call){
                                .call = CALL_ANSWER,
                                .arguments = { guard->script.event.id, WEFT_OK,
                                               PUPPET_AT(guard, body), (i64)writer.size,
                                               PUPPET_AT(guard, gifts), writer.gift_count },
                            });
}
