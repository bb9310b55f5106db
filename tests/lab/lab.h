/* lab.h: what the files of the lab's tool share. */
#ifndef RELAYLOCK_LAB_TOOL_H
#define RELAYLOCK_LAB_TOOL_H

#include <windows.h>

/* Each takes the words behind its own and returns the exit code. */
int lab_show_log(int count, wchar_t **words);  /* log show [N] [SOURCE] */
int lab_show_user(int count, wchar_t **words); /* user show NAME [--domain] */
int lab_show_status(void);

/* install EXE...; LAB_RESTART when Wine must be restarted for it to hold */
enum { LAB_RESTART = 3 };
int lab_install(int count, wchar_t **words);
int lab_change_user(int count, wchar_t **words); /* user add|delete|enable|disable NAME ... */
int lab_change_log(int count, wchar_t **words);  /* log clear|size|report ... [LOG] */

int lab_save_log(int count, wchar_t **words); /* log save FILE [LOG] */
int lab_load_log(int count, wchar_t **words); /* log load FILE [LOG] */

/* Says what failed; returns the exit code 1. */
int lab_fail(const char *call, DWORD error);

#endif
