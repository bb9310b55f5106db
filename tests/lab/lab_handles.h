/* lab_handles.h: the handles that a lab DLL gives out in this process.
 *
 * A handle names an object of a kind, and no other once it was closed. */
#ifndef RELAYLOCK_LAB_HANDLES_H
#define RELAYLOCK_LAB_HANDLES_H

#include <windows.h>

/* A new handle to an object, which the table does not own; null without memory. */
HANDLE lab_handle_new(unsigned kind, void *object);

/* The object behind a handle; null when it is none of that kind. */
void *lab_handle_object(HANDLE handle, unsigned kind);

/* The kind of a handle, from 1; 0 when it is no handle. */
unsigned lab_handle_kind(HANDLE handle);

/* Closes the handle and gives the object back to its owner; null when it is no handle. */
void *lab_handle_close(HANDLE handle);

#endif
