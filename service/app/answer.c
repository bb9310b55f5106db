#include "answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "shown.h"

void answer_add(struct release_answer *answer, const char *format, ...)
{
    size_t used = strlen(answer->text), room = sizeof answer->text - used;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(answer->text + used, room, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= room)
        answer->text[used] = '\0';
}

void answer_refuse(struct release_answer *answer, uint64_t number, const char *call,
                   unsigned long error)
{
    answer->number = number;
    answer->done = false;
    answer->text[0] = '\0';
    answer_add(answer,
               "Nothing was done: the service could not take the request: %s failed with error "
               "%lu. Type it again.\n",
               call, error);
}

void answer_add_shown(struct release_answer *answer, struct text text)
{
    char buffer[SHOWN_MAX];
    answer_add(answer, "%s", shown(text, buffer));
}
