/* acceptance_output.h: lines of text to standard output, and to result.txt once that is open. */
#ifndef RELAYLOCK_LAB_ACCEPTANCE_OUTPUT_H
#define RELAYLOCK_LAB_ACCEPTANCE_OUTPUT_H

#include <windows.h>
#include <stdarg.h>

/* Formats into count characters, always terminated, cut if too long. */
void output_format(wchar_t *text, size_t count, const wchar_t *format, va_list arguments);

/* Writes one line: UTF-8, in a console as the console shows it. A line that cannot be written is
 * lost; the exit code of the run says the same. */
void output_line(const wchar_t *format, ...);

/* From now on lines go to this file as well, which is begun anew. ERROR_SUCCESS or the error. */
DWORD output_to_file(const wchar_t *path);

#endif
