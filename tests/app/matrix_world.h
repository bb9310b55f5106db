/* matrix_world.h: a host in memory for the fault matrix: its directory, its services, its disk, its
 * event log, and the engine as a process on it, which is killed at an OS call and started again.
 *
 * Nothing of the engine is replaced above the OS calls: lockdown, account, smtp_service, the store
 * and the journal are the real ones, over fake_directory, fake_services and fake_files. What every
 * process sees of the log is a story (matrix_shape): it is told up to where it was, as the log is
 * read again, and goes on from there.
 *
 * A process dies before one of its OS calls. That is also after the one before took effect: nothing
 * but these calls changes the host. Two tellings with the same deaths are the same.
 */
#ifndef TESTS_APP_MATRIX_WORLD_H
#define TESTS_APP_MATRIX_WORLD_H

#include <setjmp.h>
#include <stdbool.h>
#include "app/lockdown.h"
#include "../windows/fake_directory.h"
#include "../windows/fake_files.h"
#include "../windows/fake_services.h"

enum {
    MATRIX_ACCOUNTS = 3, /* CONTOSO\user01 ..., numbered from 1 */
    MATRIX_SERVICES = 8,
    MATRIX_STEPS = 12,
    MATRIX_POINTS = 8192, /* OS calls of a process whose calls are noted */
    MATRIX_EVENTS = 1000  /* ids of events */
};

enum matrix_event {
    MATRIX_CROSS,    /* in the log: the account crosses a limit and is to be locked */
    MATRIX_FLAG,     /* in the log: it does, and MaxLocksPerHour is spent */
    MATRIX_LEAK,     /* in the log: one more sign-in of it */
    MATRIX_RELEASE,  /* a person asks for its release; account 0: of all */
    MATRIX_ENABLE,   /* an administrator enables it */
    MATRIX_TOUCH,    /* an administrator changes another of its flags */
    MATRIX_DOWN,     /* no controller answers */
    MATRIX_UP,       /* they do */
    MATRIX_REPLICATE /* the one that lags has caught up */
};

struct matrix_step {
    enum matrix_event event;
    unsigned account;
    DWORD after; /* ms since the step before, or since the process that died was replaced; 0: at
                    the same moment */
};

struct matrix_shape {
    const char *name;
    DWORD id;             /* of the event that the story is about: it must be told */
    void (*set_up)(void); /* of the host and the settings; null: as it is */
    size_t step_count;
    struct matrix_step steps[MATRIX_STEPS];
    DWORD rest; /* ms that pass after the last step */
};
extern const struct matrix_shape matrix_shapes[];
extern const size_t matrix_shape_count;

/* How a process ends: at its at-th OS call, from 1. */
struct matrix_death {
    unsigned at;
    bool power;          /* so that the computer starts again */
    struct fake_cut cut; /* then: what the disk keeps */
    DWORD pause;         /* ms until the next process */
};

struct matrix_moment { /* an OS call of a process */
    const char *call;
    size_t pending_bytes, pending_names; /* not yet on the disk when it is made */
};

struct matrix {
    const struct matrix_shape *shape;
    struct settings settings;
    struct fake_domain *contoso;
    struct fake_user *users[MATRIX_ACCOUNTS], *chief; /* the administrator */
    struct lockdown *lockdown;

    size_t done; /* steps that have happened; in the log they stay */
    bool answered[MATRIX_STEPS];
    int64_t times[MATRIX_STEPS]; /* s since 1970 UTC */
    DWORD boot_at;               /* of fake_services' clock */
    uint32_t boots;

    /* The process. */
    unsigned points;    /* OS calls so far */
    unsigned recovered; /* of which until nothing was due and the log was read */
    unsigned kill_at;   /* 0: not */
    const char *killed_in;
    jmp_buf killed;
    bool noting;
    struct matrix_moment moments[MATRIX_POINTS]; /* of the one that is noted, from 1 */

    /* What became of it all. */
    unsigned told[MATRIX_EVENTS];           /* by id */
    uint64_t digest;                        /* of all that was told, word by word and in order */
    unsigned brought_back[MATRIX_SERVICES]; /* by index: how often it was a dependent that had been
                                               stopped, of a service that never was */
    unsigned booted[MATRIX_SERVICES];       /* and was down when the computer started */
};
extern struct matrix matrix;

/* Tells a story from its start, with these deaths, one a process. How many of them came: fewer when
 * a process ended before its own. The last process is left for looking at; noting: what the first
 * one calls is noted in moments. */
size_t matrix_tell(const struct matrix_shape *shape, const struct matrix_death *deaths,
                   size_t count, bool noting);

/* The host's clock: ms since it started, s since 1970 UTC. */
DWORD matrix_tick(void);
int64_t matrix_wall(void);

/* matrix_story.c: the next step happens, and those that are at the same moment; the log up to where
 * the story is, is read again; time passes, and what comes due is done. */
void matrix_happen(void);
void matrix_read_again(void);
void matrix_pass(DWORD ms);

#endif
