#include "programs/pipe/account.h"

#include <stddef.h>

/* One without pipes belongs to nobody. */
enum { ACCOUNTS_MAX = 1024 };

static struct account accounts[ACCOUNTS_MAX];

struct account *account_open(uint64_t silo)
{
    struct account *empty = NULL;
    struct account *account = NULL;
    for (uint32_t i = 0; i < ACCOUNTS_MAX && account == NULL; i++) {
        if (accounts[i].pipes == 0 && empty == NULL)
            empty = &accounts[i];
        if (accounts[i].pipes != 0 && accounts[i].silo == silo)
            account = &accounts[i];
    }
    if (account == NULL)
        account = empty;
    if (account == NULL || account->pipes == ACCOUNT_PIPES_MAX)
        return NULL;
    account->silo = silo;
    account->pipes++;
    return account;
}

void account_close(struct account *account)
{
    account->pipes--;
}

bool account_charge(struct account *account, uint32_t bytes)
{
    if (bytes > ACCOUNT_BYTES_MAX - account->bytes)
        return false;
    account->bytes += bytes;
    return true;
}
