/* acceptance_checks_hang.c: calls that neither succeed nor fail. Acting waits for them; reading and
 * stopping do not. */
#include "acceptance_check.h"
#include "acceptance_checks.h"
#include "acceptance_leftovers.h"
#include "acceptance_options.h"
#include "acceptance_product.h"
#include "acceptance_scene.h"

#include <wchar.h>

enum {
    SOON = 2000,          /* ms within which a lock that does not hang is done or has failed */
    HELD_UP_LIMIT = 3000, /* ms until a known name is acted on: 2 s held up, 1 s as without that */
    NEW_NAMES = 20,       /* all at once; more than RelayLock lets wait */
    LOCK_PATIENCE = 90000 /* ms */
};

/* What a hanging call left undone is said when it is left, and done after the next start. */
static void expect_left_undone(DWORD locks)
{
    const struct alert *undone = log_expect(ALERT_STOPPED_UNFINISHED, NULL, SCENE_PATIENCE);
    check_that(wcstoul(undone->strings[0], NULL, 10) == locks,
               L"event 106 names \"%ls\" accounts still to be locked, not %lu", undone->strings[0],
               locks);
}

/* No word of its lock: neither done nor failed. */
static void expect_in_suspense(const struct account *account)
{
    check_that(log_alerts(ALERT_DISABLED, account->name) == 0 &&
                   log_alerts(ALERT_ALREADY_DISABLED, account->name) == 0 &&
                   log_alerts(ALERT_LOCK_FAILED, account->name) == 0,
               L"the lock of %ls did not hang", account->full);
}

/* While the controller hangs, no account is looked at here: this program would hang as well. */
void check_dc_hang(void)
{
    if (!options.dc_hang || !options.dc_release)
        check_skip(L"no way given to make a domain controller hang (--dc-hang, --dc-release)");
    if (!options.domain_account)
        check_skip(L"no way given to lock an account of a domain (--domain-account)");
    struct account victim, other;
    account_find(&victim, options.domain_account);
    account_expect_enabled(&victim);
    leftover_note(LEFTOVER_ENABLE, victim.full);
    account_create(&other, L"other");
    product_start();
    /* While the controller answers, so that Windows knows who they are. */
    log_sign_ins(victim.full, 1);
    log_sign_ins(other.full, 1);
    scene_read_so_far();

    scene_begin_trouble(options.dc_hang, options.dc_release);
    log_sign_ins(victim.full, PRODUCT_LIMIT - 1);
    log_expect(ALERT_CROSSED, victim.name, SCENE_PATIENCE);
    Sleep(SOON);
    expect_in_suspense(&victim);
    DWORD reported = GetTickCount();
    log_sign_ins(other.full, PRODUCT_LIMIT - 1);
    log_expect(ALERT_CROSSED, other.name, HELD_UP_LIMIT);
    DWORD read = GetTickCount() - reported;
    expect_in_suspense(&victim);
    DWORD stopped = product_stop();
    expect_in_suspense(&victim);
    expect_left_undone(1); /* the other one: the first is in the journal */
    product_start();
    product_stop();
    expect_in_suspense(&victim);
    scene_end_trouble(options.dc_release);

    product_start();
    account_expect_disabled(&victim, LOCK_PATIENCE);
    account_expect_disabled(&other, LOCK_PATIENCE);
    check_note(L"read on after %lu ms", read);
    check_note(L"stopped after %lu ms", stopped);
}

/* Asks for a name as RelayLock does, to know whether that hangs. */
static DWORD WINAPI look_up(void *name)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    wchar_t domain[DNLEN + 1];
    DWORD size = sizeof sid, count = ARRAYSIZE(domain);
    SID_NAME_USE use;
    LookupAccountNameW(NULL, name, sid, &size, domain, &count, &use);
    return 0;
}

static bool is_looking_up(HANDLE thread)
{
    return WaitForSingleObject(thread, 0) == WAIT_TIMEOUT;
}

/* Names of nobody, and nobody ever asked for them, so that no cache of Windows has them; without a
 * domain, so that the domain is asked. Locking asks Windows for names as well, so the lock of the
 * known account may hang, too. */
void check_lookup_hang(void)
{
    if (!options.lookup_hang || !options.lookup_release)
        check_skip(L"no way given to make look-ups hang (--lookup-hang, --lookup-release)");
    struct account known;
    account_create(&known, L"known");
    product_start();
    log_sign_ins(known.full, PRODUCT_LIMIT - 1);
    scene_read_so_far();

    static wchar_t nobody[UNLEN + 1];
    DWORD now = GetTickCount();
    scene_begin_trouble(options.lookup_hang, options.lookup_release);
    _snwprintf(nobody, ARRAYSIZE(nobody), L"RLA-%08lx", now);
    HANDLE thread = CreateThread(NULL, 0, look_up, nobody, 0, NULL);
    check_windows(thread != NULL, L"CreateThread");
    DWORD reported = GetTickCount();
    for (DWORD i = 0; i < NEW_NAMES; i++) {
        wchar_t name[UNLEN + 1];
        _snwprintf(name, ARRAYSIZE(name), L"RLA-%08lx-%lu", now, i);
        log_sign_ins(name, 1);
    }
    log_sign_ins(known.full, 1);
    log_expect(ALERT_CROSSED, known.name, HELD_UP_LIMIT);
    DWORD read = GetTickCount() - reported;
    check_that(is_looking_up(thread), L"the look-up of %ls did not hang", nobody);
    DWORD stopped = product_stop();
    check_that(is_looking_up(thread), L"the look-up of %ls did not hang on", nobody);
    CloseHandle(thread);
    product_start();
    product_stop();
    scene_end_trouble(options.lookup_release);

    product_start();
    account_expect_disabled(&known, LOCK_PATIENCE);
    check_note(L"known name read after %lu ms", read);
    check_note(L"stopped after %lu ms", stopped);
}
