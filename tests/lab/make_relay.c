/* make_relay.c: writes the messages of an authenticated relay into a queue folder:
 *     make_relay CLIENT FIRST COUNT FOLDER
 * CLIENT is the name that their client said EHLO with, FIRST the number of the first file. They are
 * of now and later, within a day.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../core/queue_maker.h"

enum { SEED = 7, DAY = 86400 };

int main(int count, char **arguments)
{
    static struct maker maker;
    if (count != 5) {
        fprintf(stderr, "usage: make_relay CLIENT FIRST COUNT FOLDER\n");
        return 2;
    }
    unsigned long first = strtoul(arguments[2], NULL, 10);
    unsigned long end = first + strtoul(arguments[3], NULL, 10);
    maker_init(&maker, SEED + first, 1, false);
    maker.now = (int64_t)time(NULL) + DAY - 600;
    maker.senders = MAKER_RANDOM;
    maker.broken = 0;
    maker.client_count = 1;
    snprintf(maker.clients[0], MAKER_NAME_MAX, "%s", arguments[1]);
    for (unsigned long number = first; number < end; number++) {
        char path[4096];
        maker_relay(&maker);
        snprintf(path, sizeof path, "%s/NTFS_%08lx.EML", arguments[4], number);
        FILE *file = fopen(path, "wb");
        if (!file || fwrite(maker.message, maker.size, 1, file) != 1 || fclose(file) != 0) {
            fprintf(stderr, "make_relay: %s cannot be written\n", path);
            return 1;
        }
    }
    return 0;
}
