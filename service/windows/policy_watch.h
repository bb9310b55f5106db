/* policy_watch.h: a signal when RelayLock's policy changes: by Group Policy, which refreshes it in
 * the background, or by hand.
 *
 * One watch, on HKLM\SOFTWARE\Policies and all that is below: RelayLock's own key comes with the
 * first policy and goes with the last, and that the watched key itself is deleted need not be told
 * (learn.microsoft.com, RegNotifyChangeKeyValue and CRegKey::NotifyChangeKeyValue). Where even
 * Policies is missing, HKLM\SOFTWARE is watched until it comes. So the policies of others signal,
 * too: whoever reads RelayLock's has to look whether they are any different. Read-only.
 */
#ifndef RELAYLOCK_WINDOWS_POLICY_WATCH_H
#define RELAYLOCK_WINDOWS_POLICY_WATCH_H

#include <windows.h>
#include <stdbool.h>

/* The OS calls; tests put others here. */
struct policy_watch_calls {
    LSTATUS(WINAPI *RegOpenKeyExW)(HKEY, LPCWSTR, DWORD, REGSAM, PHKEY);
    LSTATUS(WINAPI *RegNotifyChangeKeyValue)(HKEY, BOOL, DWORD, HANDLE, BOOL);
    LSTATUS(WINAPI *RegCloseKey)(HKEY);
};
extern struct policy_watch_calls policy_watch_calls;

struct policy_watch {
    HANDLE changed; /* manual-reset; signalled when there may be something new */
    HKEY key;       /* null while none is watched */
    bool whole;     /* key is Policies, watched with all below */
    bool asked;     /* to be told of the next change */
};

/* *watch must be zeroed. ERROR_SUCCESS, or the error of CreateEvent. */
DWORD policy_watch_init(struct policy_watch *watch);
void policy_watch_end(struct policy_watch *watch);

/* Asks to be told of the next change, unless that was asked for and not answered yet; resets
 * changed. To be called before the policy is read, so that a change meanwhile signals. The asking
 * ends with the thread that called this: always the same one. ERROR_SUCCESS, or the error of the
 * call whose name goes to *failed_call (a literal); then changed will not be signalled. */
DWORD policy_watch_ask(struct policy_watch *watch, const char **failed_call);

#endif
