#include "settings.h"

#define MEMBER(member) offsetof(struct settings, member)
#define NAME_ALLOWED   "1 to 255 characters, no control characters and none of ' \" < > & \\ /"

static const char *const actions[] = {"flag", "disable", "password", NULL};
static const char *const readers[] = {"auto", "modern", "classic", NULL};

const struct setting_info setting_table[] = {
    {"Limits", SETTING_LIMITS, MEMBER(limits), "", 0, 0,
     "1 to 16 limits, each COUNT/WINDOW or clients:COUNT/WINDOW; COUNT from 1 (of clients from 2) "
     "to 10000, WINDOW from 1s to 7d: a number of seconds, or one with s, m, h or d",
     "50/10m, 200/1h, clients:8/10m",
     "How many sign-ins, or different client names, an account may have within a window.", NULL},
    {"Action", SETTING_WORD, MEMBER(action), "", 0, 0, "flag, disable or password", "disable",
     "What is done to an account that crosses a limit: only an alert and a mark, or the account is "
     "disabled, or it gets a random password.",
     actions},
    {"Observe", SETTING_SWITCH, MEMBER(observe), "", 0, 1, "0 or 1", "0",
     "Whether RelayLock only observes: it counts and alerts, and changes nothing.", NULL},
    {"Exempt", SETTING_NAMES, MEMBER(exempt), "", 0, 0,
     "at most 256 account names of 1 to 255 characters (16384 together with the names under "
     "Accounts), * and ? as wildcards, no control characters",
     "", "Accounts that are never counted.", NULL},
    {"MaxLocksPerHour", SETTING_NUMBER, MEMBER(max_locks_per_hour), "locks", 0, GUARD_LOCKS_MAX,
     "a number from 0 to 1000", "5",
     "How many accounts may be locked within an hour; further ones are only flagged.", NULL},
    {"RestartSmtp", SETTING_SWITCH, MEMBER(restart_smtp), "", 0, 1, "0 or 1", "1",
     "Whether the SMTP service is restarted after a lock, which ends the open sessions.", NULL},
    {"SmtpService", SETTING_NAME, MEMBER(smtp_service), "", 0, 0, NAME_ALLOWED, "SMTPSVC",
     "The SMTP service's name (not its display name).", NULL},
    {"StopTimeout", SETTING_NUMBER, MEMBER(stop_timeout), "s", 10, 3600, "a number from 10 to 3600",
     "120", "How long the SMTP service may take to stop.", NULL},
    {"RestartCooldown", SETTING_NUMBER, MEMBER(restart_cooldown), "s", 0, 86400,
     "a number from 0 to 86400", "300",
     "The least time between two restarts of the SMTP service; locks in between share one.", NULL},
    {"MaxRestartsPerHour", SETTING_NUMBER, MEMBER(max_restarts_per_hour), "restarts", 1, 60,
     "a number from 1 to 60", "6",
     "How often the SMTP service may be restarted within an hour; what is left waits.", NULL},
    {"RestartServices", SETTING_SERVICES, MEMBER(restart_services), "", 0, 0,
     "at most 8 names of services; each " NAME_ALLOWED, "",
     "Services that are restarted, in this order, when sign-ins of a locked account go on even "
     "after "
     "SMTP was restarted once more.",
     NULL},
    {"GiveUpAfter", SETTING_NUMBER, MEMBER(give_up_after), "h", 1, 168, "a number from 1 to 168",
     "24", "How long a lock that fails is tried again.", NULL},
    {"ContainAfter", SETTING_NUMBER, MEMBER(contain_after), "s", 60, 86400,
     "a number from 60 to 86400", "600",
     "How long no sign-in of a locked account may come until it counts as contained.", NULL},
    {"LockMinutes", SETTING_NUMBER, MEMBER(lock_minutes), "min", 0, 43200,
     "a number from 0 to 43200", "0",
     "After how long a locked account is released by itself; 0: never.", NULL},
    {"MaxAutoReleases", SETTING_NUMBER, MEMBER(max_auto_releases), "releases", 0, 100,
     "a number from 0 to 100", "2",
     "How often an account is released by itself within a week; after that it stays locked.", NULL},
    {"Reader", SETTING_WORD, MEMBER(reader), "", 0, 0, "auto, modern or classic", "auto",
     "How the event log is read: through wevtapi (modern), through ReadEventLog (classic), or "
     "modern where it works.",
     readers},
    {"Channel", SETTING_NAME, MEMBER(channel), "", 0, 0, NAME_ALLOWED, "Application",
     "The event log that is watched.", NULL},
    {"Provider", SETTING_NAME, MEMBER(provider), "", 0, 0, NAME_ALLOWED, "MSExchangeTransport",
     "The event source whose events count.", NULL},
    {"Computers", SETTING_SERVICES, MEMBER(computers), "", 0, 0,
     "at most 8 names of computers, or *; each " NAME_ALLOWED, "",
     "Computers whose sign-ins count besides those of this one; * is any. Empty: in the log "
     "Application this one alone, in other logs any.",
     NULL},
    {"EventId", SETTING_NUMBER, MEMBER(event_id), "", 1, 65535, "a number from 1 to 65535", "1708",
     "The id of the event that tells of a sign-in.", NULL},
    {"RaiseLogging", SETTING_SWITCH, MEMBER(raise_logging), "", 0, 1, "0 or 1", "1",
     "Whether Exchange's diagnostic logging is raised, as far as sign-ins need it.", NULL},
    {"MaxAccounts", SETTING_NUMBER, MEMBER(max_accounts), "accounts", GUARD_ACCOUNTS_MIN,
     GUARD_ACCOUNTS_MAX, "a number from 64 to 1048576", "65536",
     "How many accounts are counted at once; each takes about 1 KB of memory.", NULL},
    {"QueueDirectory", SETTING_FOLDERS, MEMBER(queue_directory), "", 0, 0,
     "at most 8 full paths, each 3 to 255 characters, no control characters, vertical bars and "
     "none "
     "of ' \" < > * ?",
     "", "The SMTP virtual servers' queue folders; empty: where they are found.", NULL},
    {"QueueAlert", SETTING_NUMBER, MEMBER(queue_alert), "files", 0, 1000000,
     "a number from 0 to 1000000", "5000",
     "With how many files in the SMTP queue RelayLock tells why it fills; also when it quadruples "
     "within an hour; 0: never.",
     NULL},
    {"RequireQueue", SETTING_NUMBER, MEMBER(require_queue), "files", 0, 1000000,
     "a number from 0 to 1000000", "0",
     "Accounts are only locked while the SMTP queue holds that many files, or has grown by as many "
     "within the limit's window; 0: without looking at the queue.",
     NULL},
    {"QuarantineOnLock", SETTING_SWITCH, MEMBER(quarantine_on_lock), "", 0, 1, "0 or 1", "0",
     "Whether the messages of a locked account's clients are moved out of the queue by the restart "
     "that follows the lock.",
     NULL},
    {"QuarantineLimit", SETTING_NUMBER, MEMBER(quarantine_limit), "messages", 1, 100000,
     "a number from 1 to 100000", "10000",
     "How many messages a quarantine moves out of the queue at most.", NULL},
};

const size_t setting_count = sizeof setting_table / sizeof setting_table[0];
_Static_assert(sizeof setting_table / sizeof setting_table[0] <= SETTINGS_MAX,
               "struct setting_origins has room for all");
