/* make_queue.c: writes a queue folder: make_queue FOLDER KIND COUNT [SEED].
 *
 * KIND: honest, newsletter, relay, reports (of a non-delivery attack) or garbage. The folder must
 * be there; files are NTFS_<number>.EML.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../core/queue_maker.h"

static const struct {
    const char *name;
    int64_t (*one)(struct maker *maker);
} kinds[] = {{"honest", maker_honest},
             {"newsletter", maker_newsletter},
             {"relay", maker_relay},
             {"reports", maker_attack_report},
             {"garbage", maker_garbage}};

static int write_all(const char *folder, int64_t (*one)(struct maker *maker), unsigned long count,
                     uint64_t seed)
{
    static struct maker maker;
    maker_init(&maker, seed, 1, false);
    for (unsigned long i = 0; i < count; i++) {
        char path[4096];
        one(&maker);
        snprintf(path, sizeof path, "%s/NTFS_%08" PRIx64 "%08lx.EML", folder, seed, i);
        FILE *file = fopen(path, "wb");
        if (!file || fwrite(maker.message, 1, maker.size, file) != maker.size ||
            fclose(file) != 0) {
            perror(path);
            return 1;
        }
    }
    return 0;
}

int main(int count, char **arguments)
{
    if (count < 4 || count > 5) {
        fprintf(stderr, "usage: make_queue FOLDER KIND COUNT [SEED]\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(arguments[2], kinds[i].name) == 0)
            return write_all(arguments[1], kinds[i].one, strtoul(arguments[3], NULL, 10),
                             count > 4 ? strtoull(arguments[4], NULL, 10) : 1);
    }
    fprintf(stderr, "make_queue: no kind %s\n", arguments[2]);
    return 2;
}
