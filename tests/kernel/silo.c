/* Silos: the tree, its tables of bindings, and who may change what. */
#include "kernel/limits.h"
#include "tests/kernel/support/pair.h"

static const struct silo_limits none;

static struct silo *child_of(struct silo *parent)
{
    struct silo *silo = NULL;
    enum status status = silo_create(parent, BYTES_LITERAL("child"), &none, &silo);
    return status == STATUS_OK ? silo : NULL;
}

static bool sends(struct puppet *puppet, i32 slot, struct puppet *to)
{
    return puppet_send(puppet, slot, "through", WEFT_NO_WAIT) == 0 && pair_gets(to, "through");
}

static void set_verdict(struct silo *silo, u64 interface, enum verdict verdict)
{
    struct interface_key key = world_key(interface);
    enum status status = silo_set_verdict(silo, &key, verdict);
    BASE_ASSERT(status == STATUS_OK);
}

static void test_table_is_inherited(void)
{
    struct pair pair = pair_start();
    struct silo *grandchild = child_of(child_of(silo_root()));
    struct puppet *below = puppet_spawn(grandchild);
    TAP_OK(below != NULL && sends(below, below->slots[SLOT_ALPHA], pair.server),
           "a silo starts with its parent's table, over two levels");
    TAP_OK(pair.server->script.event.sender_silo == silo_id_of(grandchild).value,
           "the sender's silo is told");
    TAP_OK(puppet_send(below, below->slots[SLOT_GAMMA], "x", WEFT_NO_WAIT) == -WEFT_DENIED,
           "an interface that nobody set anywhere is denied");
    PAIR_END();
}

static void test_deny(void)
{
    struct pair pair = pair_start();
    struct silo *child = child_of(silo_root());
    struct silo *grandchild = child_of(child);
    set_verdict(child, ALPHA_ID, VERDICT_DENY);
    struct puppet *in_child = puppet_spawn(child);
    struct puppet *in_grandchild = puppet_spawn(grandchild);
    TAP_OK(puppet_send(in_child, in_child->slots[SLOT_ALPHA], "x", 0) == -WEFT_DENIED,
           "a denied interface still links, and sending gives DENIED");
    TAP_OK(puppet_send(in_grandchild, in_grandchild->slots[SLOT_ALPHA], "x", 0) == -WEFT_DENIED,
           "in silos below too");
    TAP_OK(sends(pair.client, pair.slot, pair.server), "above it is as before");
    set_verdict(grandchild, ALPHA_ID, VERDICT_ALLOW);
    TAP_OK(puppet_send(in_grandchild, in_grandchild->slots[SLOT_ALPHA], "x", 0) == -WEFT_DENIED,
           "a silo cannot allow what its parent denies");
    set_verdict(child, ALPHA_ID, VERDICT_ALLOW);
    TAP_OK(sends(in_child, in_child->slots[SLOT_ALPHA], pair.server) &&
               sends(in_grandchild, in_grandchild->slots[SLOT_ALPHA], pair.server),
           "back to what the parent has, the same slots work");
    PAIR_END();
}

static void test_denial_is_told_once(void)
{
    struct pair pair = pair_start();
    struct silo *child = child_of(silo_root());
    set_verdict(child, ALPHA_ID, VERDICT_DENY);
    struct puppet *puppet = puppet_spawn(child);
    u32 before = world_denied_count();
    for (u32 i = 0; i < 3; i++)
        puppet_send(puppet, puppet->slots[SLOT_ALPHA], "x", 0);
    TAP_OK(world_denied_count() == before + 1, "the operator is told of a denial, once");
    TAP_OK(text_size(world_denied_name()) != 0, "by the interface's name");
    TAP_OK(!pair.client->ended, "and nothing else happens");
    PAIR_END();
}

static void test_deny_while_messages_wait(void)
{
    struct pair pair = pair_start();
    puppet_kill(pair.server);
    struct silo *child = child_of(silo_root());
    struct puppet *puppet = puppet_spawn(child);
    i64 id = puppet_send(puppet, puppet->slots[SLOT_ALPHA], "?", WEFT_WANT_ANSWER);
    set_verdict(child, ALPHA_ID, VERDICT_DENY);
    TAP_OK(pair_gets_answer(puppet, id, WEFT_DENIED),
           "a message that waits for a handler is answered DENIED when the right is taken away");
    PAIR_END();
}

static void test_ask_without_permission_handler(void)
{
    struct pair pair = pair_start();
    struct silo *child = child_of(silo_root());
    set_verdict(child, ALPHA_ID, VERDICT_ASK);
    struct puppet *puppet = puppet_spawn(child);
    TAP_OK(puppet_send(puppet, puppet->slots[SLOT_ALPHA], "x", WEFT_NO_WAIT) == -WEFT_DENIED,
           "without somebody who could be asked, ask is deny");
    TAP_OK(pair_gets_nothing(pair.server), "and nothing is sent");
    PAIR_END();
}

static void test_parent_provides(void)
{
    struct pair pair = pair_start();
    struct silo *child = child_of(silo_root());
    struct puppet *inner = pair_puppet();
    world_bind(child, ALPHA_ID, inner->process);
    struct puppet *puppet = puppet_spawn(child);
    TAP_OK(sends(puppet, puppet->slots[SLOT_ALPHA], inner),
           "a child's row leads where its parent says");
    TAP_OK(sends(pair.client, pair.slot, pair.server), "the parent's own row is as before");
    puppet_kill(inner);
    TAP_OK(puppet_send(puppet, puppet->slots[SLOT_ALPHA], "x", WEFT_NO_WAIT) == -WEFT_WOULD_BLOCK &&
               pair_gets_nothing(pair.server),
           "and does not fall back to the parent's when that handler dies");
    PAIR_END();
}

static void test_tags(void)
{
    struct pair pair = pair_start();
    struct puppet *disk = pair_puppet();
    struct interface_key key = world_key(ALPHA_ID);
    key.tag = BYTES_LITERAL("disk0");
    TAP_OK(silo_bind_process(silo_root(), &key, disk->process) == STATUS_OK,
           "an interface can be bound a second time, with a tag");
    i32 tagged = (i32)request_resolve(pair.client, ALPHA_ID, "disk0");
    i32 plain = (i32)request_resolve(pair.client, ALPHA_ID, "");
    TAP_OK(tagged > 0 && sends(pair.client, tagged, disk), "the tag leads to one");
    TAP_OK(plain > 0 && sends(pair.client, plain, pair.server), "without it to the other");
    i32 other = (i32)request_resolve(pair.client, ALPHA_ID, "disk1");
    TAP_OK(other < 0 || puppet_send(pair.client, other, "x", WEFT_NO_WAIT) == -WEFT_DENIED,
           "another tag leads nowhere");
    PAIR_END();
}

static void test_destroy(void)
{
    struct pair pair = pair_start();
    struct silo *child = child_of(silo_root());
    struct silo *grandchild = child_of(child);
    struct puppet *in_child = puppet_spawn(child);
    struct puppet *in_grandchild = puppet_spawn(grandchild);
    i64 id = puppet_send(in_child, in_child->slots[SLOT_ALPHA], "?", WEFT_WANT_ANSWER);
    puppet_wait_for(in_child, id, -1);
    silo_destroy(child);
    world_settle();
    TAP_OK(in_child->ended && in_grandchild->ended, "a silo takes its processes and silos with it");
    TAP_OK(pair_gets_nothing(pair.server), "and what they had in queues");
    TAP_OK(!pair.client->ended && sends(pair.client, pair.slot, pair.server),
           "others are not touched");
    PAIR_END();
}

static void test_slot_of_a_destroyed_silo(void)
{
    struct pair pair = pair_start();
    struct silo *child = child_of(silo_root());
    struct puppet *inside = puppet_spawn(child);
    i32 gift = inside->slots[SLOT_BETA] | WEFT_GIFT_COPY;
    puppet_send_gifts(inside, inside->slots[SLOT_ALPHA], &gift, 1, 0);
    i32 slot = puppet_poll(pair.server).gifts[0];
    world_bind(silo_root(), BETA_ID, pair.client->process);
    TAP_OK(sends(pair.server, slot, pair.client), "a slot to a binding can be used elsewhere");
    silo_destroy(child);
    world_settle();
    TAP_OK(puppet_send(pair.server, slot, "x", 0) == -WEFT_GONE,
           "and is GONE with the silo whose table it follows");
    PAIR_END();
}

static void test_handler_in_destroyed_silo(void)
{
    struct pair pair = pair_start();
    struct silo *child = child_of(silo_root());
    struct puppet *handler = puppet_spawn(child);
    world_bind(silo_root(), BETA_ID, handler->process);
    i64 id = puppet_send(pair.client, pair.client->slots[SLOT_BETA], "?", WEFT_WANT_ANSWER);
    puppet_poll(handler);
    silo_destroy(child);
    world_settle();
    TAP_OK(pair_gets_answer(pair.client, id, WEFT_GONE),
           "messages to handlers in a silo that is destroyed are GONE");
    PAIR_END();
}

static void test_depth(void)
{
    struct pair pair = pair_start();
    struct silo *at = silo_root();
    u32 depth = 0;
    for (struct silo *next = at; next != NULL && depth < 100; depth++)
        next = child_of(next);
    TAP_OK(depth == SILO_DEPTH_MAX + 1, "silos go as deep as they may, and no deeper");
    TAP_OK(!pair.client->ended, "with a refusal");
    PAIR_END();
}

/* ---- What a process may do to silos ---- */

static void test_process_makes_a_silo(void)
{
    struct pair pair = pair_start();
    i64 silo = request_create_silo(pair.client, 0, &none);
    TAP_OK(silo > 0, "a process can make a child of its silo");
    i64 below = request_create_silo(pair.client, (u64)silo, &none);
    TAP_OK(below > 0, "and a child of that");
    TAP_OK(request_set_verdict(pair.client, (u64)silo, ALPHA_ID, SYSTEM_VERDICT_DENY) == 0,
           "narrow it");
    i64 process =
        request_spawn(pair.client, program_cid(world_program("puppet")), (u64)below, WEFT_NO_SLOT);
    TAP_OK(process > 0, "and start a process in it");
    struct puppet *inner = puppet_of((u64)request_process_id(pair.client, (i32)process), 0);
    TAP_OK(inner != NULL && puppet_send(inner, inner->slots[SLOT_ALPHA], "x", 0) == -WEFT_DENIED,
           "which is denied what the silo above it is denied");
    TAP_OK(request_destroy_silo(pair.client, (u64)silo) == 0 && inner->ended,
           "and destroy it with all that is in it");
    TAP_OK(request_destroy_silo(pair.client, (u64)silo) == REQUEST_ERROR - SYSTEM_ERROR_NOT_FOUND,
           "after which there is no such silo");
    PAIR_END();
}

static void test_only_below(void)
{
    struct pair pair = pair_start();
    struct silo *child = child_of(silo_root());
    struct silo *sibling = child_of(silo_root());
    struct puppet *inside = puppet_spawn(child);
    u64 root = silo_id_of(silo_root()).value;
    u64 own = silo_id_of(child).value;
    u64 other = silo_id_of(sibling).value;
    TAP_OK(request_create_silo(inside, root, &none) < 0 &&
               request_create_silo(inside, other, &none) < 0,
           "a process can make no silo outside of its own");
    TAP_OK(request_destroy_silo(inside, root) < 0 && request_destroy_silo(inside, other) < 0,
           "nor destroy one");
    TAP_OK(request_destroy_silo(inside, own) < 0, "nor its own");
    TAP_OK(request_set_limits(inside, own, &none) < 0 &&
               request_set_limits(inside, other, &none) < 0,
           "nor set limits of its own or another");
    TAP_OK(request_set_verdict(inside, other, ALPHA_ID, SYSTEM_VERDICT_DENY) < 0 &&
               request_set_verdict(inside, root, ALPHA_ID, SYSTEM_VERDICT_DENY) < 0,
           "nor another's table");
    TAP_OK(request_spawn(inside, program_cid(world_program("puppet")), other, WEFT_NO_SLOT) < 0 &&
               request_spawn(inside, program_cid(world_program("puppet")), root, WEFT_NO_SLOT) < 0,
           "nor start a process there");
    TAP_OK(request_bind(inside, own, BETA_ID, inside->slots[SLOT_ALPHA]) < 0,
           "nor bind in its own");
    TAP_OK(request_set_library(inside, own, "env", program_cid(world_program("puppet"))) < 0,
           "nor set a library in its own");
    TAP_OK(sends(pair.client, pair.slot, pair.server), "and all is as before");
    PAIR_END();
}

static void test_find(void)
{
    enum { NOT_FOUND = REQUEST_ERROR - SYSTEM_ERROR_NOT_FOUND };
    struct pair pair = pair_start();
    struct silo *child = child_of(silo_root());
    struct puppet *inside = puppet_spawn(child);
    struct puppet *below = puppet_spawn(child_of(child));
    struct puppet *beside = puppet_spawn(child_of(silo_root()));
    TAP_OK(request_find(inside, pair.client->id) == NOT_FOUND &&
               request_find(inside, beside->id) == NOT_FOUND &&
               request_find(inside, 0) == NOT_FOUND && request_find(inside, UINT64_MAX) == NOT_FOUND,
           "a process finds none above its silo, nor beside it, nor one that is not there");
    i64 own = request_find(inside, inside->id);
    i64 other = request_find(inside, below->id);
    TAP_OK(own > 0 && request_process_id(inside, (i32)own) == (i64)inside->id &&
               other > 0 && request_process_id(inside, (i32)other) == (i64)below->id,
           "it finds itself, and one in a silo below, by their numbers");
    TAP_OK(request_process_kill(inside, (i32)other) == 0 && below->ended,
           "and can end what it has found");
    TAP_OK(request_find(inside, below->id) == NOT_FOUND, "which is found no more");
    PAIR_END();
}

static void test_own_table_only_narrows(void)
{
    struct pair pair = pair_start();
    struct silo *child = child_of(silo_root());
    struct puppet *inside = puppet_spawn(child);
    u64 own = silo_id_of(child).value;
    TAP_OK(sends(inside, inside->slots[SLOT_ALPHA], pair.server), "a process may send");
    TAP_OK(request_set_verdict(inside, own, ALPHA_ID, SYSTEM_VERDICT_DENY) == 0,
           "until it gives the right up in its own silo");
    TAP_OK(puppet_send(inside, inside->slots[SLOT_ALPHA], "x", 0) == -WEFT_DENIED, "for good:");
    i64 result = request_set_verdict(inside, own, ALPHA_ID, SYSTEM_VERDICT_ALLOW);
    TAP_OK(result == REQUEST_ERROR - SYSTEM_ERROR_DENIED &&
               puppet_send(inside, inside->slots[SLOT_ALPHA], "x", 0) == -WEFT_DENIED,
           "it cannot take it back");
    PAIR_END();
}

static void test_bind_of_a_process(void)
{
    struct pair pair = pair_start();
    u64 silo = (u64)request_create_silo(pair.client, 0, &none);
    i32 handler =
        (i32)request_spawn(pair.client, program_cid(world_program("puppet")), 0, WEFT_NO_SLOT);
    struct puppet *handling = puppet_of((u64)request_process_id(pair.client, handler), 0);
    TAP_OK(request_bind(pair.client, silo, BETA_ID, handler) == 0,
           "a process binds one that it spawned in a child silo");
    i32 user =
        (i32)request_spawn(pair.client, program_cid(world_program("puppet")), silo, WEFT_NO_SLOT);
    struct puppet *using = puppet_of((u64)request_process_id(pair.client, user), 0);
    TAP_OK(handling != NULL && using != NULL && sends(using, using->slots[SLOT_BETA], handling) &&
               handling->script.event.badge == 0,
           "which then handles the interface there, with badge 0");
    PAIR_END();
}

static void test_bind_of_a_slot(void)
{
    struct pair pair = pair_start();
    u64 silo = (u64)request_create_silo(pair.client, 0, &none);
    i32 own = (i32)request_mint(pair.client, BETA_ID, 31);
    TAP_OK(request_bind(pair.client, silo, BETA_ID, own) == 0,
           "a process binds a slot of its own making in a child silo");
    TAP_OK(request_bind(pair.client, silo, GAMMA_ID, pair.slot) == 0, "or a slot to somebody else");
    i32 user =
        (i32)request_spawn(pair.client, program_cid(world_program("puppet")), silo, WEFT_NO_SLOT);
    struct puppet *using = puppet_of((u64)request_process_id(pair.client, user), 0);
    TAP_OK(using != NULL && sends(using, using->slots[SLOT_BETA], pair.client) &&
               pair.client->script.event.badge == 31,
           "messages come with the slot's badge: a shell is the handler of its child");
    TAP_OK(using != NULL && sends(using, using->slots[SLOT_GAMMA], pair.server),
           "or go where the other slot leads");
    request_close(pair.client, own);
    TAP_OK(pair_gets_nothing(pair.client), "the binding holds the slot");
    request_destroy_silo(pair.client, silo);
    struct weft_event event = puppet_poll(pair.client);
    TAP_OK(event.kind == WEFT_EVENT_CLOSED && event.badge == 31, "until its silo is destroyed");
    PAIR_END();
}

static void test_bindings_in_a_ring(void)
{
    struct pair pair = pair_start();
    u64 first = (u64)request_create_silo(pair.client, 0, &none);
    i32 user =
        (i32)request_spawn(pair.client, program_cid(world_program("puppet")), first, WEFT_NO_SLOT);
    struct puppet *inside = puppet_of((u64)request_process_id(pair.client, user), 0);
    i32 gift = inside->slots[SLOT_BETA] | WEFT_GIFT_COPY;
    puppet_send_gifts(inside, inside->slots[SLOT_ALPHA], &gift, 1, 0);
    i32 slot = puppet_poll(pair.server).gifts[0];
    request_bind(pair.server, first, BETA_ID, slot);
    i64 result = puppet_send(inside, inside->slots[SLOT_BETA], "x", WEFT_NO_WAIT);
    TAP_OK(result < 0 && result != PUPPET_BLOCKED, "a binding that leads to itself leads nowhere");
    PAIR_END();
}

static void tests(void)
{
    test_table_is_inherited();
    test_deny();
    test_denial_is_told_once();
    test_deny_while_messages_wait();
    test_ask_without_permission_handler();
    test_parent_provides();
    test_tags();
    test_destroy();
    test_slot_of_a_destroyed_silo();
    test_handler_in_destroyed_silo();
    test_depth();
    test_process_makes_a_silo();
    test_only_below();
    test_find();
    test_own_table_only_narrows();
    test_bind_of_a_process();
    test_bind_of_a_slot();
    test_bindings_in_a_ring();
}

int main(void)
{
    pair_run(tests);
    return tap_done();
}
