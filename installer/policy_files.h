/* policy_files.h: the templates by which Group Policy sets RelayLock's settings, from the settings
 * table. Each writes one whole file; whether that worked, ferror says.
 *
 * Sources: learn.microsoft.com, MS-GPREG 2.2.2.1 (.adm) and 7.1 to 7.3 (.admx and .adml), the
 * "PolicyDefinitions schema" (multiText), and the "Language Reference for Administrative Template
 * Files" (.adm).
 */
#ifndef RELAYLOCK_INSTALLER_POLICY_FILES_H
#define RELAYLOCK_INSTALLER_POLICY_FILES_H

#include <stdio.h>

/* UTF-8; the settings, and what each writes into the registry. */
void policy_write_admx(FILE *file);

/* UTF-8; what an administrator sees of them, in English. */
void policy_write_adml(FILE *file);

/* ASCII with CRLF; both, for the editor of Windows Server 2003. */
void policy_write_adm(FILE *file);

/* Text of an element or an attribute of XML. */
void policy_put_xml(FILE *file, const char *text);

#endif
