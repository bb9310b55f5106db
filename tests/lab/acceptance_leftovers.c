#include "acceptance_leftovers.h"
#include "acceptance_accounts.h"
#include "acceptance_command.h"
#include "acceptance_output.h"
#include "acceptance_product.h"
#include "acceptance_registry.h"
#include "acceptance_services.h"
#include "acceptance_state.h"

#include <wchar.h>

enum { NAME_CHARACTERS = 2048, COMMAND_PATIENCE = 60000 /* ms */, STOP_PATIENCE = 10000 };

static DWORD run_command(const wchar_t *line)
{
    return command_shell(line, COMMAND_PATIENCE);
}

static DWORD remove_services(const wchar_t *what)
{
    (void)what;
    DWORD product = product_remove(STOP_PATIENCE);
    DWORD stand_ins = stand_ins_remove();
    return product != ERROR_SUCCESS ? product : stand_ins;
}

static const struct {
    const wchar_t *key;
    const wchar_t *doing;
    DWORD (*undo)(const wchar_t *what);
} kinds[] = {
    [LEFTOVER_ACCOUNT] = {LEFTOVERS_KEY L"\\Accounts", L"deleting the test account",
                          account_delete},
    [LEFTOVER_ENABLE] = {LEFTOVERS_KEY L"\\Enable", L"enabling the account", account_enable},
    [LEFTOVER_MARK] = {LEFTOVERS_KEY L"\\Marks", L"unmarking the account", account_unmark},
    [LEFTOVER_COMMAND] = {LEFTOVERS_KEY L"\\Commands", L"running the command", run_command},
    [LEFTOVER_SERVICES] = {LEFTOVERS_KEY L"\\Services", L"removing the services", remove_services},
};

void leftover_note(enum leftover kind, const wchar_t *what)
{
    DWORD error = registry_set_number(kinds[kind].key, what, 1);
    if (error == ERROR_SUCCESS)
        return;
    output_line(L"HKEY_LOCAL_MACHINE\\%ls cannot be written: error %lu", kinds[kind].key, error);
    ExitProcess(2);
}

void leftover_strike(enum leftover kind, const wchar_t *what)
{
    registry_remove_value(kinds[kind].key, what);
}

bool leftovers_any(void)
{
    return registry_has_key(LEFTOVERS_KEY);
}

/* Whether services are written down: then a RelayLock on this host is ours. */
static bool have_services(void)
{
    wchar_t name[NAME_CHARACTERS];
    return registry_first_value(kinds[LEFTOVER_SERVICES].key, name, ARRAYSIZE(name)) ==
           ERROR_SUCCESS;
}

/* Each is struck off once it is undone. The first that fails ends it: the list is walked from its
 * head, and what stays there would come up again. */
static bool undo_all(enum leftover kind)
{
    wchar_t name[NAME_CHARACTERS];
    for (;;) {
        DWORD error = registry_first_value(kinds[kind].key, name, ARRAYSIZE(name));
        if (error == ERROR_NO_MORE_ITEMS)
            return true;
        if (error == ERROR_SUCCESS)
            error = kinds[kind].undo(name);
        else
            wcscpy(name, kinds[kind].key);
        if (error != ERROR_SUCCESS) {
            output_line(L"# clean-up: %ls %ls failed with error %lu", kinds[kind].doing, name,
                        error);
            return false;
        }
        leftover_strike(kind, name);
    }
}

static bool report(DWORD error, const wchar_t *doing)
{
    if (error != ERROR_SUCCESS)
        output_line(L"# clean-up: %ls failed with error %lu", doing, error);
    return error == ERROR_SUCCESS;
}

bool leftovers_of_check(void)
{
    bool done = undo_all(LEFTOVER_COMMAND); /* before anything that needs what it gives back */
    if (have_services()) {
        stand_ins_release();
        done &= report(service_put_down(PRODUCT_SERVICE, STOP_PATIENCE), L"stopping RelayLock");
        done &= report(product_clear_settings(), L"removing RelayLock's settings");
        state_unblock(); /* fails where there is a folder, as there should be */
        done &= report(state_remove(), L"removing RelayLock's journal");
    }
    done &= undo_all(LEFTOVER_ENABLE);
    done &= undo_all(LEFTOVER_MARK);
    done &= undo_all(LEFTOVER_ACCOUNT);
    return done;
}

bool leftovers_remove(void)
{
    bool done = leftovers_of_check();
    done &= undo_all(LEFTOVER_SERVICES);
    if (done)
        done = report(registry_remove_tree(LEFTOVERS_KEY), L"removing " LEFTOVERS_KEY);
    return done;
}
