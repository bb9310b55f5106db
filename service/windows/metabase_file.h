/* metabase_file.h: MetaBase.xml of this host's IIS 6, read through the scan (core/metabase_scan.h).
 *
 * %SystemRoot%\System32\Inetsrv\MetaBase.xml (technet b8aafeb4). The OS calls are those of
 * queue_directories.h. Read-only.
 */
#ifndef RELAYLOCK_WINDOWS_METABASE_FILE_H
#define RELAYLOCK_WINDOWS_METABASE_FILE_H

#include <windows.h>
#include "../core/metabase_scan.h"

enum { METABASE_FILE_MAX = 64 << 20 /* bytes that are read of it */ };

/* Tells the settings of SMTP in it, as metabase_scan does. ERROR_SUCCESS, or the error of the call
 * that failed: then all that was read before was told. ERROR_FILE_NOT_FOUND or
 * ERROR_PATH_NOT_FOUND: there is none. ERROR_HANDLE_EOF: its root element does not end: IIS copies
 * a new one over it (IIS 6 help, "Writing the Metabase to Disk"). */
DWORD metabase_file_read(void (*tell)(void *context, enum metabase_setting setting,
                                      const char *value),
                         void *context);

#endif
