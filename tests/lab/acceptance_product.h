/* acceptance_product.h: RelayLock as an administrator handles it: installed by its own verb, told
 * through the registry, controlled through the SCM.
 *
 * Functions without a result end the check when something is not as promised.
 */
#ifndef RELAYLOCK_LAB_ACCEPTANCE_PRODUCT_H
#define RELAYLOCK_LAB_ACCEPTANCE_PRODUCT_H

#include <windows.h>

#define PRODUCT_SERVICE    L"RelayLock"
#define PRODUCT_PARAMETERS L"SYSTEM\\CurrentControlSet\\Services\\RelayLock\\Parameters"
#define PRODUCT_SOURCE     L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\RelayLock"

enum {
    PRODUCT_START_LIMIT = 2000, /* ms within which it has to be RUNNING */
    PRODUCT_STOP_LIMIT = 3000,  /* ms within which it has to be STOPPED */
    PRODUCT_LIMIT = 5,          /* sign-ins in ten minutes: the Limits of every check */
    PRODUCT_CONTROL_STATUS = 128,
    PRODUCT_CONTROL_RELEASE = 129
};

/* Runs `relaylock.exe VERB` from this program's folder: it has to exit with 0. */
void product_verb(const wchar_t *verb);
/* The same, with another exit status and something that it has to print. */
void product_verb_exits(const wchar_t *verb, DWORD status, const wchar_t *words);

/* The settings of a check: the provider of the check, the stand-in as SMTP service, Limits
 * PRODUCT_LIMIT/10m, the reader under test. All else at its default. */
void product_settings(void);
void product_set_number(const wchar_t *name, DWORD number);
void product_set_text(const wchar_t *name, const wchar_t *text);
/* One line of text each, as a REG_MULTI_SZ of one or two. second may be null. */
void product_set_list(const wchar_t *name, const wchar_t *first, const wchar_t *second);
void product_set_account_limits(const wchar_t *account, const wchar_t *limits);

/* Starts it, within PRODUCT_START_LIMIT, and waits until it says through which API it reads: the
 * one under test. The ms until it was RUNNING. */
DWORD product_start(void);
/* Stops it, within PRODUCT_STOP_LIMIT and with exit code 0; the ms that took. */
DWORD product_stop(void);
/* Waits until it is STOPPED with exit code 0, once asked to. */
DWORD product_expect_stopped(DWORD ms);
void product_control(DWORD code);

/* Ends its process, as a power failure would. */
void product_kill(void);
/* Starts it after that, unless its recovery actions were quicker. */
void product_come_back(void);

/* For cleaning up: ERROR_SUCCESS or the error. */
DWORD product_clear_settings(void);
DWORD product_remove(DWORD ms);

#endif
