/* host.h: which Windows and which Exchange this is, and what is registered as an event source, by
 * the registry. Read-only.
 *
 * Windows: HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion (GetVersionEx would tell an older one
 * to a program whose manifest does not name this one, nf-sysinfoapi-getversionexw). Exchange 2000
 * and 2003: HKLM\SOFTWARE\Microsoft\Exchange\Setup has a value Services (Knowledge Base 149205);
 * 2007: HKLM\SOFTWARE\Microsoft\Exchange\v8.0; later: HKLM\SOFTWARE\Microsoft\ExchangeServer\v14
 * and v15, key Setup, values MsiProductMajor, MsiProductMinor, MsiBuildMajor. Event sources:
 * learn.microsoft.com event-sources.
 *
 * Functions return ERROR_SUCCESS, or the error of the call whose name goes to *failed_call (a
 * literal); outputs are untouched then. Texts are not sanitised.
 */
#ifndef RELAYLOCK_WINDOWS_HOST_H
#define RELAYLOCK_WINDOWS_HOST_H

#include <windows.h>
#include <stdbool.h>

/* The OS calls; tests put others here. */
struct host_calls {
    LSTATUS(WINAPI *RegOpenKeyExW)(HKEY, LPCWSTR, DWORD, REGSAM, PHKEY);
    LSTATUS(WINAPI *RegQueryValueExW)(HKEY, LPCWSTR, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
    LSTATUS(WINAPI *RegCloseKey)(HKEY);
};
extern struct host_calls host_calls;

enum { HOST_TEXT_MAX = 260 /* units, terminator included */ };

struct host_windows {
    wchar_t product[HOST_TEXT_MAX]; /* "Microsoft Windows Server 2003" */
    wchar_t version[32];            /* "5.2", "10.0" */
    wchar_t build[32];
    wchar_t service_pack[HOST_TEXT_MAX]; /* "" without one */
};

enum host_exchange_kind {
    HOST_NO_EXCHANGE,
    HOST_EXCHANGE_2003, /* or 2000: those that write event 1708 */
    HOST_EXCHANGE_LATER
};

struct host_exchange {
    enum host_exchange_kind kind;
    DWORD major, minor, build; /* 0: not told; of 2000 and 2003, major is "Services Version" */
};

DWORD host_find_windows(struct host_windows *windows, const char **failed_call);
DWORD host_find_exchange(struct host_exchange *exchange, const char **failed_call);

struct host_source {
    bool log_is_classic;                 /* the log has a key where its sources register */
    bool registered;                     /* the source has one in it */
    wchar_t message_file[HOST_TEXT_MAX]; /* EventMessageFile, as written; "" without one */
};

/* Looks for a source in a classic log; names of at most 255 units. */
DWORD host_find_source(const wchar_t *log, const wchar_t *source, struct host_source *found,
                       const char **failed_call);

/* Whether this process may change the values of a key of HKLM: it is opened for that, and closed.
 * ERROR_SUCCESS: it may; ERROR_ACCESS_DENIED: not; ERROR_FILE_NOT_FOUND: there is none; or another
 * error of RegOpenKeyEx. */
DWORD host_may_write_key(const wchar_t *path);

#endif
