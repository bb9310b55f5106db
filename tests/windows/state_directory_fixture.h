/* state_directory_fixture.h: the state folder on the disk of fake_files.h. */
#ifndef RELAYLOCK_TESTS_STATE_DIRECTORY_FIXTURE_H
#define RELAYLOCK_TESTS_STATE_DIRECTORY_FIXTURE_H

#include "fake_files.h"
#include "windows/state_directory.h"
#include "windows/system_library.h"

/* Where it is, and a file in it. */
#define FOLDER FAKE_FILES_FOLDER
#define FILE_  FOLDER L"\\journal"

/* A disk with nothing but the folder, made as the program makes it; *call gets null. */
void make_state_directory(const char **call);

/* For system_library_calls.LoadLibraryExW: no library is found. */
HMODULE WINAPI no_system_library(LPCWSTR path, HANDLE reserved, DWORD flags);

#endif
