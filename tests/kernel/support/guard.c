#include "tests/kernel/support/guard.h"

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
