/* load_log.h: sign-ins by the million, written into the Application log as MSExchangeTransport
 * would, from a provider of our own.
 *
 * Public Win32 calls only. What goes wrong ends the program with a line that says so.
 */
#ifndef RELAYLOCK_LAB_LOAD_LOG_H
#define RELAYLOCK_LAB_LOAD_LOG_H

#include <windows.h>

#define LOAD_PROVIDER L"RelayLockLoad"

/* So many sign-ins of names that are nobody's, all different when there are as many names; among
 * them, evenly spread, count of the victim, the last of which is the last of all. Returns the
 * seconds that took. */
double load_log_write(DWORD events, DWORD names, const wchar_t *victim, DWORD count);

struct load_stream {
    DWORD rate; /* sign-ins a second: one in 50 of LOAD_STREAM_USERS names, the others each of a
                   name never used before */
    DWORD seconds;
    const wchar_t *victim; /* DOMAIN\user: count of its sign-ins among them, behind half the time */
    DWORD count;
    HANDLE thread;
    volatile LONG written; /* up to now, the victim's included */
};
enum { LOAD_STREAM_USERS = 500 };

/* Begins to write, on a thread of its own, for so many seconds; where the machine cannot write as
 * many in a second, as many as it can. The stream stays the caller's. */
void load_stream_begin(struct load_stream *stream);
/* Waits until all is written; closes the thread. */
void load_stream_end(struct load_stream *stream);

/* Seconds, of a clock that only goes on. */
double load_seconds(void);

#endif
