/* fake_services.h: a service control manager in memory, with a clock of its own.
 *
 * Services have states, accept or refuse controls, take their time to stop and start, hang, die and
 * depend on each other, as learn.microsoft.com describes it of the real ones (ControlService,
 * StartService, EnumDependentServices, CreateService, DeleteService, QueryServiceConfig2). Each run
 * has a process of its own, which can be waited for. Handles carry the rights they were opened with
 * and are counted. Time passes by waiting (and by 1 ms a call), and can be given things to do. Any
 * call can be made to fail.
 */
#ifndef RELAYLOCK_TESTS_FAKE_SERVICES_H
#define RELAYLOCK_TESTS_FAKE_SERVICES_H

#include <windows.h>
#include <stdbool.h>

enum { FAKE_DEPENDENCIES_MAX = 4, FAKE_TEXT_MAX = 300, FAKE_ACTIONS_MAX = 4 };

struct fake_service {
    bool exists;
    wchar_t name[FAKE_TEXT_MAX];
    const wchar_t *depends_on[FAKE_DEPENDENCIES_MAX];

    DWORD state, controls_accepted, exit_code;
    DWORD checkpoint, wait_hint;
    bool deleted; /* marked for deletion */

    /* how it behaves; all 0: stops and starts at once */
    DWORD denied;            /* rights that nobody gets */
    DWORD stop_time;         /* ms in STOP_PENDING, with a checkpoint every second */
    DWORD stop_notice;       /* ms that it is RUNNING still after the order */
    bool stop_hangs;         /* in STOP_PENDING; ends when this is set to false */
    bool stop_ignored;       /* takes the order and goes on running */
    bool stop_unacceptable;  /* ERROR_SERVICE_CANNOT_ACCEPT_CTRL although it runs */
    DWORD handler_time;      /* ms in its control handler; over 30 s ControlService gives up */
    DWORD start_time;        /* ms in START_PENDING, with a checkpoint every second */
    bool start_hangs;        /* in START_PENDING, without checkpoints */
    unsigned start_failures; /* StartService fails so many times */
    DWORD start_error;       /* with this */
    unsigned start_deaths;   /* so many starts end in STOPPED */
    DWORD death_code;        /* with this exit code */
    bool process_denied;     /* nobody may wait for its process */

    /* its configuration */
    wchar_t display[FAKE_TEXT_MAX], command[FAKE_TEXT_MAX], dependencies[FAKE_TEXT_MAX];
    wchar_t description[FAKE_TEXT_MAX], account[FAKE_TEXT_MAX];
    DWORD type, start_type, error_control;
    DWORD reset_period, action_count;
    SC_ACTION actions[FAKE_ACTIONS_MAX];
    bool failure_actions_flag, delayed;
    wchar_t privileges[FAKE_TEXT_MAX]; /* a list */
    DWORD sid_type, preshutdown;       /* ms; 0: the default */
    DWORD dacl_size;                   /* bytes; 0: the default one */
    union {
        ACL acl;
        BYTE bytes[512];
    } dacl;

    /* what happened to it */
    unsigned stops, starts;       /* orders that were taken */
    unsigned runs;                /* starts that came to RUNNING */
    DWORD process;                /* in which it runs, or ran last; each start has its own */
    DWORD told;                   /* the last control of its own (128 to 255) it got; 0: none */
    DWORD stopped_at, started_at; /* tick of its last STOPPED and RUNNING */

    /* the fake's own */
    DWORD changing_since;
    bool dying;
    bool ordered; /* to stop, which it will notice later */
};

/* An empty manager at tick `now`. Puts its calls into smtp_service_calls, service_view_calls,
 * installation_calls and own_service_calls. */
void fake_services_reset(DWORD now);

/* Adds a service that runs and can be stopped. Holds until the next reset. */
struct fake_service *fake_services_add(const wchar_t *name);
struct fake_service *fake_services_find(const wchar_t *name); /* null: there is none */
void fake_services_depend(struct fake_service *dependent, const wchar_t *on);

DWORD fake_services_now(void);
void fake_services_advance(DWORD ms);
/* Has something done ms from now. */
void fake_services_after(DWORD ms, void (*act)(void *context), void *context);
/* The most that may pass in all, ms (an hour unless told): beyond it the test fails, as it hangs.
 */
void fake_services_limit(DWORD ms);

/* An event handle for the waits; signalled ms from now, or not at all. */
HANDLE fake_services_abandon(void);
void fake_services_abandon_after(DWORD ms);

/* An auto-reset event for the waits; to be set, for fake_services_after as well. */
HANDLE fake_services_wake(void);
void fake_services_set_wake(void *unused);

/* The n-th call from now (1 is the next) that can fail does so with error, without effect. */
void fake_services_fail(unsigned n, DWORD error);
/* Calls of that name fail, `times` of them after `skip` good ones. */
void fake_services_fail_named(const char *call, unsigned skip, unsigned times, DWORD error);
const char *fake_services_failed(void); /* the last call failed so; null: none was */
unsigned fake_services_calls(void);     /* that can fail, since reset */
const char *fake_services_called(void); /* the latest of them; null: none was made */

/* Called before each of those calls has any effect, with how many there were since reset; null: no
 * more. It may longjmp away: the process that called has ended, and so have its handles. */
void fake_services_watch(void (*before)(unsigned calls));

unsigned fake_services_open_handles(void);

/* Whether the manager is one of before Windows Vista, which knows two levels of
 * ChangeServiceConfig2 alone. Holds until the next reset. */
void fake_services_before_vista(bool old);
bool fake_services_are_old(void);

/* What an operator does, beside our calls. */
void fake_services_begin_stop(struct fake_service *service);
void fake_services_begin_start(struct fake_service *service);

/* Whether a process that was opened has ended. */
bool fake_services_has_ended(HANDLE process);

/* The computer starts again: orders under way and plans are gone, and those run that start by
 * themselves. */
void fake_services_boot(void);

/* ---- for the files of this fake ------------------------------------------------------------- */

/* Whether the call fails by order of the test; sets the last error. */
bool fake_services_must_fail(const char *call);
void fake_services_settle(struct fake_service *service);
struct fake_service *fake_services_at(size_t index); /* null behind the last */
void fake_services_install_calls(void);
void fake_services_install_config_calls(void);
void fake_services_install_query_calls(void);
void fake_services_install_process_calls(void);
void fake_services_install_waits(void);
void fake_services_clear_events(void);
DWORD fake_services_new_process(void);
void fake_services_forget_processes(void);
unsigned fake_services_open_processes(void);
void fake_services_report_status(const struct fake_service *service, SERVICE_STATUS *status);
bool fake_services_know(DWORD level); /* of ChangeServiceConfig2 */
/* Units of a list, which ends in an empty text, that one included. */
size_t fake_services_list_count(const wchar_t *list);
BOOL fake_services_refuse(DWORD error); /* sets the last error; FALSE */
SC_HANDLE fake_services_open_handle(struct fake_service *service, DWORD rights);
/* The service of a handle with those rights; null with the last error set. */
struct fake_service *fake_services_of(SC_HANDLE handle, DWORD rights);
bool fake_services_may_create(SC_HANDLE manager);
void fake_services_forget_handles(
    void); /* as the end of a process does; the events are cleared too */

#endif
