/* doctor.h: whether RelayLock will work on this host, and whether it works now: looked at, piece by
 * piece, without changing anything.
 *
 * Each check runs on a thread of its own for at most DOCTOR_PATIENCE ms, since a domain controller
 * or a log service that hangs would hang it, too. One that does not come back is left behind, and
 * its line says so. What a check finds out goes into its findings (docs/doctor.md has all of them
 * with their states and cures) and, for those behind it, into the doctor; checks whose ground is
 * missing say nothing, as the check that should have laid it has said what is wrong.
 */
#ifndef RELAYLOCK_APP_DOCTOR_H
#define RELAYLOCK_APP_DOCTOR_H

#include <windows.h>
#include <stdbool.h>
#include <stdint.h>
#include "findings.h"
#include "shown.h"
#include "../core/settings.h"
#include "../windows/directory.h"
#include "../windows/name_cache.h"

enum { DOCTOR_PATIENCE = 10000 };

/* The command that brings the service, its source and its folder up to date. */
#define DOCTOR_INSTALL "relaylock install"

/* Whom a check of rights holds for: where the service runs as another one, it tells nothing of it.
 */
struct doctor_who {
    bool known;         /* whom the process runs as */
    bool administrator; /* with the rights of one */
    uint8_t sid[IDENTITY_SID_MAX];
    char name[SHOWN_MAX]; /* DOMAIN\user; "this process" when not known */
};

struct doctor_service {
    bool known; /* whether it is installed */
    bool installed;
    wchar_t account[DIRECTORY_DOMAIN_MAX + 1]; /* it runs as, or will: "LocalSystem" */
};

/* The account that the doctor was asked about. */
struct doctor_account {
    bool found;
    struct name_answer answer;
    wchar_t server[ACCOUNT_SERVER_MAX];   /* that would be written to; "": this computer */
    wchar_t domain[DIRECTORY_DOMAIN_MAX]; /* or computer whose account it is */
    char name[SHOWN_MAX];                 /* DOMAIN\user */
};

struct doctor {
    const wchar_t *asked;     /* an account's name; null: none */
    wchar_t exe[MAX_PATH];    /* this program */
    int64_t now;              /* s since 1970-01-01 UTC */
    struct settings settings; /* in force; the defaults until they are read */
    struct setting_origins origins;
    struct doctor_who who;
    struct doctor_service service;
    struct doctor_account account;
};

/* One check; it may hang. */
struct doctor_check {
    const char *name; /* of its line when it does not come back */
    void (*look)(struct doctor *doctor, struct findings *findings);
};

/* All of them, in order; ended by a null name. */
extern const struct doctor_check doctor_checks[];

/* Does the check within DOCTOR_PATIENCE and appends what it found. False: it was left behind, and
 * *doctor must live for as long as the process does. */
bool doctor_do(const struct doctor_check *check, struct doctor *doctor, struct findings *findings);

/* The checks. */
void doctor_look_windows(struct doctor *doctor, struct findings *findings);
void doctor_look_exchange(struct doctor *doctor, struct findings *findings);
void doctor_look_who(struct doctor *doctor, struct findings *findings);
void doctor_look_settings(struct doctor *doctor, struct findings *findings);
void doctor_look_source(struct doctor *doctor, struct findings *findings);
void doctor_look_writers(struct doctor *doctor, struct findings *findings);
void doctor_look_levels(struct doctor *doctor, struct findings *findings);
void doctor_look_log(struct doctor *doctor, struct findings *findings);
void doctor_look_smtp(struct doctor *doctor, struct findings *findings);
void doctor_look_queue(struct doctor *doctor, struct findings *findings);
void doctor_look_service(struct doctor *doctor, struct findings *findings);
void doctor_look_state(struct doctor *doctor, struct findings *findings);
void doctor_look_controller(struct doctor *doctor, struct findings *findings);
void doctor_look_protected(struct doctor *doctor, struct findings *findings);
void doctor_look_account(struct doctor *doctor, struct findings *findings);
void doctor_look_right(struct doctor *doctor, struct findings *findings);

/* The SID of the account that the service runs as. ERROR_SUCCESS, or that of LookupAccountName: it
 * cannot be told, and *sid is LocalSystem's. */
DWORD doctor_find_service_sid(const struct doctor *doctor, uint8_t sid[IDENTITY_SID_MAX]);

/* What mends a setting of RelayLock's own that was said to be wrong: a value to put there, as reg
 * takes it ("/t REG_SZ /d classic"), or null for the default. False: it is the default, and nothing
 * was said. */
bool doctor_mend_setting(const struct doctor *doctor, size_t index, const char *value,
                         struct findings *findings);

/* A warning that something could not be looked at: the call and its error, and what to do then. */
void doctor_cannot_tell(struct findings *findings, const char *check, const char *call,
                        DWORD error);

#endif
