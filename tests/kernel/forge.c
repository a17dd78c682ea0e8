/* Numbers that a program makes up: slots, gifts, ids, badges. None gives it anything, and nobody
 * else notices. */
#include "tests/kernel/support/pair.h"

enum { FORGERIES = 120000 };

static i64 forge(struct puppet *puppet, enum forge kind, i64 base)
{
    return puppet_do(puppet, (struct script_call){
                                 .call = CALL_FORGE,
                                 .arguments = { kind, FORGERIES, (i64)simulate_random(), base },
                             });
}

/* A slot of the server with a badge, in the client's hands: what the forger is after. */
static i32 treasure(struct pair *pair)
{
    struct delivered message = pair_deliver(pair, "open");
    i32 minted = (i32)request_mint(pair->server, BETA_ID, 0xFEED);
    puppet_answer_gifts(pair->server, message.taken, &minted, 1);
    return puppet_poll(pair->client).gifts[0];
}

static bool nobody_noticed(struct pair *pair, struct delivered open, i32 slot)
{
    if (!pair_gets_nothing(pair->server) || !pair_gets_nothing(pair->client))
        return false;
    if (puppet_answer(pair->server, open.taken, WEFT_OK, "kept") != WEFT_OK ||
        !pair_gets_answer(pair->client, open.sent, WEFT_OK))
        return false;
    return puppet_send(pair->client, slot, "mine", 0) == 0 &&
           puppet_poll(pair->server).badge == 0xFEED;
}

static void test_forgeries(void)
{
    struct pair pair = pair_start();
    i32 slot = treasure(&pair);
    struct delivered open = pair_deliver(&pair, "still open");
    struct puppet *forger = pair_puppet();
    TAP_OK(forge(forger, FORGE_SEND, slot) == 0, "120,000 made-up slots: none can be sent on");
    TAP_OK(forge(forger, FORGE_GIFT, slot) == 0, "120,000 made-up gifts: none can be given");
    TAP_OK(forge(forger, FORGE_ANSWER, open.taken) == 0,
           "120,000 made-up ids: none can be answered or taken back");
    TAP_OK(forge(forger, FORGE_WAIT, open.sent) == 0,
           "120,000 made-up ids: none can be waited for");
    TAP_OK(nobody_noticed(&pair, open, slot), "and those who own them notice nothing");
    PAIR_END();
}

static void test_forged_badge(void)
{
    struct pair pair = pair_start();
    i32 slot = treasure(&pair);
    struct puppet *forger = pair_puppet();
    i32 copied = (i32)request_mint(forger, BETA_ID, 0xFEED);
    puppet_send(forger, copied, "for whom?", 0);
    TAP_OK(pair_gets_nothing(pair.server) && pair_gets(forger, "for whom?"),
           "a slot minted with another's badge and interface leads to its own maker");
    u64 badge;
    i32 gift = copied | WEFT_GIFT_COPY;
    puppet_send_gifts(forger, forger->slots[SLOT_ALPHA], &gift, 1, 0);
    i32 received = puppet_poll(pair.server).gifts[0];
    TAP_OK(request_badge(pair.server, received, &badge) < 0,
           "and its badge is no badge to the other");
    TAP_OK(puppet_send(pair.client, slot, "real", 0) == 0 &&
               puppet_poll(pair.server).badge == 0xFEED,
           "whose own still is");
    PAIR_END();
}

static void test_forged_interface(void)
{
    struct pair pair = pair_start();
    struct silo *child;
    const struct silo_limits none = { 0 };
    enum status status = silo_create(silo_root(), BYTES_LITERAL("child"), &none, &child);
    struct interface_key key = world_key(ALPHA_ID);
    TAP_OK(status == STATUS_OK && silo_set_verdict(child, &key, VERDICT_DENY) == STATUS_OK,
           "a silo is denied an interface");
    struct puppet *inside = puppet_spawn(child);
    i64 slot = request_resolve(inside, ALPHA_ID, "");
    TAP_OK(slot < 0 || puppet_send(inside, (i32)slot, "", WEFT_NO_WAIT) == -WEFT_DENIED,
           "finding it at run time does not help");
    u64 below = (u64)request_create_silo(inside, 0, &none);
    i32 process =
        (i32)request_spawn(inside, program_cid(world_program("puppet")), below, WEFT_NO_SLOT);
    struct puppet *deeper = puppet_of((u64)request_process_id(inside, process), 0);
    request_set_verdict(inside, below, ALPHA_ID, SYSTEM_VERDICT_ALLOW);
    TAP_OK(deeper != NULL &&
               puppet_send(deeper, deeper->slots[SLOT_ALPHA], "", WEFT_NO_WAIT) == -WEFT_DENIED,
           "nor a silo of one's own below");
    i64 bound = request_bind(inside, below, ALPHA_ID, inside->slots[SLOT_ALPHA]);
    TAP_OK(bound < 0 ||
               puppet_send(deeper, deeper->slots[SLOT_ALPHA], "", WEFT_NO_WAIT) == -WEFT_DENIED,
           "nor binding the denied slot there");
    TAP_OK(pair_gets_nothing(pair.server), "nothing gets through");
    PAIR_END();
}

int main(void)
{
    test_forgeries();
    test_forged_badge();
    test_forged_interface();
    return tap_done();
}
