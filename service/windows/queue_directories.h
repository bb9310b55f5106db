/* queue_directories.h: where this host's SMTP virtual servers keep their queues, and what the host
 * calls itself.
 *
 * Asked in this order; what is a folder that exists is taken, once:
 *   - IIS's metabase, QueueDirectory (metabase_file.h);
 *   - Exchange's folder, HKLM\SOFTWARE\Microsoft\Exchange\Setup, value Services (KB 149205), below
 *     it Mailroot\vsi 1\Queue to vsi 16\Queue;
 *   - %ProgramFiles%\Exchsrvr likewise, and %SystemDrive%\Inetpub\Mailroot\Queue (domain.md 4).
 * What cannot be read is passed over: most hosts have only some of these. All is read-only.
 */
#ifndef RELAYLOCK_WINDOWS_QUEUE_DIRECTORIES_H
#define RELAYLOCK_WINDOWS_QUEUE_DIRECTORIES_H

#include <windows.h>
#include <stdbool.h>

/* The OS calls; tests put others here. */
struct queue_directories_calls {
    LSTATUS(WINAPI *RegOpenKeyExW)(HKEY, LPCWSTR, DWORD, REGSAM, PHKEY);
    LSTATUS(WINAPI *RegQueryValueExW)(HKEY, LPCWSTR, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
    LSTATUS(WINAPI *RegCloseKey)(HKEY);
    HANDLE(WINAPI *CreateFileW)
    (LPCWSTR, DWORD, DWORD, LPSECURITY_ATTRIBUTES, DWORD, DWORD, HANDLE);
    BOOL(WINAPI *ReadFile)(HANDLE, LPVOID, DWORD, LPDWORD, LPOVERLAPPED);
    BOOL(WINAPI *CloseHandle)(HANDLE);
    DWORD(WINAPI *GetFileAttributesW)(LPCWSTR);
    DWORD(WINAPI *ExpandEnvironmentStringsW)(LPCWSTR, LPWSTR, DWORD);
    BOOL(WINAPI *GetComputerNameExW)(COMPUTER_NAME_FORMAT, LPWSTR, LPDWORD);
};
extern struct queue_directories_calls queue_directories_calls;

enum {
    QUEUE_DIRECTORIES_MAX = 32,
    QUEUE_DIRECTORY_PATH_MAX = 512, /* units, terminator included */
    QUEUE_DIRECTORY_NAMES_MAX = 8,
    QUEUE_DIRECTORY_NAME_MAX = 256
};

struct queue_directories {
    unsigned count;
    wchar_t paths[QUEUE_DIRECTORIES_MAX][QUEUE_DIRECTORY_PATH_MAX];
    unsigned name_count; /* names and domains of this host, as the metabase and Windows have them */
    wchar_t names[QUEUE_DIRECTORY_NAMES_MAX][QUEUE_DIRECTORY_NAME_MAX];
};

void queue_directories_find(struct queue_directories *found);

#endif
