/* fake_directory.h: accounts as a member server sees them: its own SAM, domains with controllers.
 *
 * A stateful stand-in for what account.c and resolver.c ask of Windows, after Microsoft's pages for
 * LookupAccountName/Sid, DsGetDcName, NetUserGetInfo/SetInfo, NetLocalGroupGetMembers,
 * NetGroupGetUsers, NetGetJoinInformation, DsRoleGetPrimaryDomainInformation, CryptGenRandom,
 * OpenProcessToken. This computer is in
 * the first domain that was added. The controllers of a domain share one database, as if
 * replication were always done, but for one that can be made to lag. Buffers handed out are counted
 * until freed.
 */
#ifndef RELAYLOCK_TESTS_FAKE_DIRECTORY_H
#define RELAYLOCK_TESTS_FAKE_DIRECTORY_H

#include "windows/account.h"
#include "windows/resolver.h"

enum {
    FAKE_USERS_MAX = 64,
    FAKE_GROUPS_MAX = 8,
    FAKE_MEMBERS_MAX = 32,
    FAKE_DOMAINS_MAX = 4, /* the first is the computer's own SAM */
    FAKE_CONTROLLERS_MAX = 3,
    FAKE_SID_SIZE = 28 /* S-1-5-21-x-y-z-RID */
};

enum fake_call {
    FAKE_LOOKUP_SID,
    FAKE_LOOKUP_NAME,
    FAKE_GET_DC,
    FAKE_USER_GET,
    FAKE_USER_SET,
    FAKE_ALIAS_MEMBERS,
    FAKE_GROUP_USERS,
    FAKE_MODALS_GET,
    FAKE_BUFFER_FREE,
    FAKE_CRYPT_ACQUIRE,
    FAKE_CRYPT_RANDOM,
    FAKE_CRYPT_RELEASE,
    FAKE_COMPUTER_NAME,
    FAKE_JOIN_INFORMATION,
    FAKE_ROLE,
    FAKE_OPEN_TOKEN,
    FAKE_TOKEN_INFORMATION,
    FAKE_CREATE_EVENT,
    FAKE_CREATE_THREAD,
    FAKE_VIRTUAL_ALLOC,
    FAKE_CALLS
};

/* Of an attribute: of two controllers' values the one of the higher version holds, of equal ones
 * the later (MS-DRSR, AttributeStamp). */
struct fake_stamp {
    unsigned version;
    LONG time;
};

struct fake_user {
    struct fake_domain *domain;
    const wchar_t *name;
    DWORD rid;
    DWORD flags;
    wchar_t comment[1100];
    wchar_t password[PWLEN + 1];
    wchar_t password_before[PWLEN + 1]; /* good for another hour (KB 906305) */
    struct fake_stamp flags_stamp, comment_stamp, password_stamp;
    struct fake_user *behind; /* what the controller that lags has; null: none does */
    unsigned writes;          /* of anything */
    bool unreadable;          /* reading it is denied */
    bool deleted;
};

struct fake_member {
    uint8_t sid[FAKE_SID_SIZE];
    SID_NAME_USE use;
};

struct fake_group { /* a global group of a domain, or its alias Administrators */
    struct fake_domain *domain;
    const wchar_t *name;
    DWORD rid;
    struct fake_member members[FAKE_MEMBERS_MAX];
    DWORD member_count;
};

struct fake_controller {
    const wchar_t *name;
    bool down;
    bool read_only;
    bool lags; /* it has its own state of each user (fake_lag) */
};

struct fake_domain {
    const wchar_t *name; /* NetBIOS */
    const wchar_t *dns;
    uint32_t id;
    struct fake_group administrators; /* named in the language of its servers */
    struct fake_controller controllers[FAKE_CONTROLLERS_MAX];
    size_t controller_count;
    size_t cached;     /* the controller that DsGetDcName remembers as one to write to */
    size_t used;       /* and when none such is demanded */
    bool deny_writing; /* to the computer that we are; not in its own database as a controller */
    bool deny_listing; /* the members of Administrators */
};

struct fake_directory {
    struct fake_domain domains[FAKE_DOMAINS_MAX];
    size_t domain_count;
    struct fake_user users[FAKE_USERS_MAX];
    size_t user_count;
    struct fake_user behind[FAKE_USERS_MAX]; /* by the same index */
    struct fake_group groups[FAKE_GROUPS_MAX];
    size_t group_count;
    DWORD unreachable; /* what a controller that is down brings */
    DWORD page;        /* members that fit into one answer */
    bool
        is_controller; /* this computer, of its domain: read_only and down as the one of its name */
    bool windows_2000; /* servers know no levels with SIDs */
    DWORD password_min;
    uint8_t own_sid[IDENTITY_SID_MAX];  /* whom this process runs as */
    struct logon_domains logon_domains; /* of the SMTP virtual servers */
    DWORD logon_domains_error;          /* of reading them */
    LONG logon_domains_reads;
    volatile DWORD ticks;
    HANDLE gate;        /* when set, LookupAccountName waits for it, as for a silent controller */
    HANDLE waiting;     /* and signals this first */
    int random_byte;    /* -1: all different; otherwise all bytes are this */
    LONG buffers;       /* handed out and not freed */
    LONG providers;     /* acquired and not released */
    LONG handles;       /* the resolver's: opened and not closed */
    LONG blocks;        /* its memory: allocated and not freed */
    ULONG discovery;    /* flags of the latest DsGetDcName */
    LONG rediscoveries; /* DsGetDcName with DS_FORCE_REDISCOVERY */
    LONG calls[FAKE_CALLS];
    /* Called before each call does anything; may change the state. */
    void (*before)(enum fake_call call, LONG count);
};
extern struct fake_directory fake;

/* An empty directory: this computer is EXCH1, its alias is called "Administratoren". Puts itself
 * into account_calls and resolver_calls. */
void fake_directory_reset(void);

/* Lets the nth call from now (1: the next) fail with code. All such orders hold side by side, one
 * a function. */
void fake_directory_fail(enum fake_call call, LONG nth, DWORD code);

struct fake_domain *fake_local(void);
struct fake_domain *fake_add_domain(const wchar_t *name, const wchar_t *dns);
void fake_add_controller(struct fake_domain *domain, const wchar_t *name);
struct fake_user *fake_add_user(struct fake_domain *domain, const wchar_t *name, DWORD rid);
struct fake_group *fake_add_group(struct fake_domain *domain, const wchar_t *name, DWORD rid);
void fake_join_user(struct fake_group *group, const struct fake_user *user);
void fake_join_group(struct fake_group *group, const struct fake_group *member);
void fake_sid(const struct fake_domain *domain, DWORD rid, uint8_t sid[FAKE_SID_SIZE]);

/* From now on a controller of the domain (one at a time) does not hear of what is written
 * elsewhere, nor is heard. */
void fake_lag(struct fake_domain *domain, size_t controller);
/* It does, and what was written here and there is reconciled. */
void fake_replicate(struct fake_domain *domain);

/* For the files of the fake: counts a call and says with what it fails, if anything. */
DWORD fake_enter(enum fake_call call);
bool fake_reachable(const struct fake_domain *domain);
/* The domain that a server's name stands for: null when there is none, or *error is set. */
struct fake_domain *fake_server(LPCWSTR server, DWORD *error);
/* The controller of that name, of *domain; null when there is none. */
struct fake_controller *fake_controller(LPCWSTR server, struct fake_domain **domain);
/* A user's state on that server; null when it has not heard of him. */
struct fake_user *fake_user_on(struct fake_user *user, LPCWSTR server);
void fake_stamp(struct fake_stamp *stamp); /* an attribute was written */
BOOL WINAPI fake_LookupAccountNameW(LPCWSTR, LPCWSTR, PSID, LPDWORD, LPWSTR, LPDWORD,
                                    PSID_NAME_USE);
BOOL WINAPI fake_LookupAccountSidW(LPCWSTR, PSID, LPWSTR, LPDWORD, LPWSTR, LPDWORD, PSID_NAME_USE);
DWORD WINAPI fake_DsGetDcNameW(LPCWSTR, LPCWSTR, GUID *, LPCWSTR, ULONG,
                               PDOMAIN_CONTROLLER_INFOW *);
NET_API_STATUS WINAPI fake_NetUserGetInfo(LPCWSTR, LPCWSTR, DWORD, LPBYTE *);
NET_API_STATUS WINAPI fake_NetUserSetInfo(LPCWSTR, LPCWSTR, DWORD, LPBYTE, LPDWORD);
NET_API_STATUS WINAPI fake_NetLocalGroupGetMembers(LPCWSTR, LPCWSTR, DWORD, LPBYTE *, DWORD,
                                                   LPDWORD, LPDWORD, PDWORD_PTR);
NET_API_STATUS WINAPI fake_NetGroupGetUsers(LPCWSTR, LPCWSTR, DWORD, LPBYTE *, DWORD, LPDWORD,
                                            LPDWORD, PDWORD_PTR);
NET_API_STATUS WINAPI fake_NetUserModalsGet(LPCWSTR, DWORD, LPBYTE *);
NET_API_STATUS WINAPI fake_NetApiBufferFree(LPVOID);
DWORD WINAPI fake_DsRoleGetPrimaryDomainInformation(LPCWSTR, DSROLE_PRIMARY_DOMAIN_INFO_LEVEL,
                                                    PBYTE *);
VOID WINAPI fake_DsRoleFreeMemory(PVOID);
NET_API_STATUS WINAPI fake_NetGetJoinInformation(LPCWSTR, LPWSTR *, PNETSETUP_JOIN_STATUS);

#endif
