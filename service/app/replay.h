/* replay.h: the verb that feeds saved logs to the decoder and the guard and prints the verdicts
 * that the service would have come to.
 *
 *     replay [OPTION]... FILE.evt|FOLDER|-...
 *
 *     --set NAME=VALUE    --sweep[=COUNTS/WINDOWS/CLIENTS]    --explain ACCOUNT
 *     --diff NAME=VALUE   --diff @FILE    --json    --csv    --help
 *
 * --set takes every setting, and Accounts\NAME=LIMITS for the limits of one account. A folder
 * stands for the logs that lie in it, "-" for standard input. At most REPLAY_INPUTS_MAX are read as
 * one (replay_reader.h: in which order; what several saves of a log hold is counted once). Names
 * cannot be resolved here; name_book.h says which spellings count as one account. An account is
 * printed once: it would stay locked. With --diff the settings are those in force on this host
 * (present_settings.h) before --set changes them, else the defaults. While it reads for longer than
 * a second, a terminal on standard error shows how far it has come.
 */
#ifndef RELAYLOCK_APP_REPLAY_H
#define RELAYLOCK_APP_REPLAY_H

enum replay_status {
    REPLAY_NOTHING = 0,  /* everything was read and counted, no account crossed a limit; or the
                            help was printed */
    REPLAY_VERDICTS = 1, /* everything was read and counted, some did; with --diff, under either
                            settings */
    REPLAY_USAGE = 2,    /* nothing was read: an argument is wrong; standard error says which */
    REPLAY_FAILED = 3    /* standard error says what went wrong. Either part of the input could not
                            be read, or not be counted for lack of room; the rest is in the result.
                            Or there is no result: memory was out before anything was read, and
                            standard output is empty; or writing it failed on the way. */
};

/* argv is UTF-8; argv[0] is the verb. Returns the exit status. */
int replay_main(int argc, char **argv);

#endif
