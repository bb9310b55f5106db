/* service_change.h: tells a service to stop or to start, and waits until it has.
 *
 * The parts of which smtp_service.c is made; the OS calls are those of smtp_service_calls. Source:
 * learn.microsoft.com "Stopping a Service", "Starting a Service", nf-winsvc-controlservice.
 */
#ifndef RELAYLOCK_WINDOWS_SERVICE_CHANGE_H
#define RELAYLOCK_WINDOWS_SERVICE_CHANGE_H

#include <windows.h>
#include <stdbool.h>

/* What all waits of one piece of work have in common. */
struct service_change {
    HANDLE abandon; /* an event; may be null */
    DWORD stop_timeout;
    void (*late)(void *context, const wchar_t *name); /* a stop is over its time; called once */
    bool (*turn)(void *context);                      /* as that of smtp_options; may be null */
    HANDLE wake;
    void *context;  /* of both */
    bool abandoned; /* abandon was seen signalled */
    bool late_told;
    bool seen_stopped; /* how service_change_wait_stopped ended last: with SERVICE_STOPPED */
};

/* What became of the order to stop. */
enum service_order {
    ORDER_TAKEN,
    ORDER_GONE,       /* it had stopped without us */
    ORDER_STOPPING,   /* somebody else is stopping it */
    ORDER_BUSY,       /* somebody else is starting, pausing or continuing it */
    ORDER_DEPENDENTS, /* a dependent runs */
    ORDER_REFUSED
};

/* Waits for ms, or until abandon is signalled for the first time, and takes turns meanwhile. */
void service_change_pause(struct service_change *change, DWORD ms);

/* Whether abandon is signalled. */
bool service_change_is_abandoned(struct service_change *change);

/* How long to wait, ms, before asking again after a state that is pending: a tenth of the wait
 * hint, from 1 to 10 s, as Microsoft's sample has it; but more often at first, since every moment
 * that SMTP is down counts and most services stop at once. */
DWORD service_change_interval(DWORD hint, DWORD elapsed);

/* Orders a service to stop; *error gets the code unless the order was taken. When a failure leaves
 * it open, the state tells whether the order was taken all the same. */
enum service_order service_change_stop(SC_HANDLE service, DWORD *error);

/* Waits until a service that was told to stop at the tick `since` has done so, or somebody has
 * started it again since. stopping: it is known to have begun. Beyond stop_timeout it says so
 * (late) and goes on, until abandon is signalled or the order counts as lost (SMTP_ORDER_LOST):
 * then false. A state that can't be asked for counts as stopped after a while, as what comes next
 * does no harm to a service that runs. */
bool service_change_wait_stopped(struct service_change *change, SC_HANDLE service,
                                 const wchar_t *name, DWORD since, bool stopping);

/* Starts a service, unless it is being started already, and waits until it runs: ERROR_SUCCESS, or
 * why it does not with the name of the call in *call. One that ends is given its exit code. */
DWORD service_change_start(struct service_change *change, SC_HANDLE service, const char **call);

#endif
