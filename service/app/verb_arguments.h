/* verb_arguments.h: the arguments of the verbs that only Windows has and that take more than a
 * word, read. What the verbs then do is in verb_*.c.
 *
 * Arguments are UTF-8; arguments[0] is the verb. A function that returns false leaves its output as
 * it was.
 */
#ifndef RELAYLOCK_APP_VERB_ARGUMENTS_H
#define RELAYLOCK_APP_VERB_ARGUMENTS_H

#include "../core/release_request.h"

/* release ACCOUNT|--all [--force], in any order. The request's number stays as it was. */
bool verb_arguments_release(struct release_request *request, int count, char **arguments);

struct doctor_arguments {
    bool json;
    bool asked;                              /* --account is there, and names: */
    char16_t account[RELAY_ACCOUNT_MAX + 1]; /* terminated; not sanitised */
};

/* doctor [--json] [--account NAME], in any order, each at most once. */
bool verb_arguments_doctor(struct doctor_arguments *read, int count, char **arguments);

/* install [--set NAME=VALUE]...: whether it is that. */
bool verb_arguments_are_settings(int count, char **arguments);

/* One NAME=VALUE of them, split at the first '=', in units (a byte of the argument needs one at the
 * most, the terminator included). Both are terminated views of units. */
bool verb_arguments_setting(const char *argument, char16_t *units, size_t capacity,
                            const char16_t **name, const char16_t **value);

#endif
