#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "app/replay.h"
#include "replay_run.h"

enum { DAY = 86400 };

/* ---- files ---------------------------------------------------------------------------------- */

const char *path_of(const char *name)
{
    static char paths[16][OUTPUT_PATH_MAX];
    static const char *const names[] = {"a.evt",        "b.evt",        "c.evt",
                                        "none.evt",     "folder",       "folder/b.EVT",
                                        "folder/a.evt", "folder/c.txt", "settings"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            return output_path(paths[i], name);
        }
    }
    fail_msg("no such name: %s", name);
    return NULL;
}

void write_file(const char *name, const void *bytes, size_t size)
{
    output_file(path_of(name), bytes, size);
}

void save(struct evt_builder *builder, const char *name)
{
    evt_close(builder, false);
    write_file(name, builder->file, builder->size);
    evt_free(builder);
}

void save_history(const char *name)
{
    struct evt_builder builder;

    open_log(&builder);
    for (uint32_t day = 0; day < 3; day++) {
        for (uint32_t user = 0; user < 9; user++) {
            const char16_t account[] = {u'X', u'\\', (char16_t)(u'a' + user), 0};

            add(&builder, START + day * DAY + user * 100, account, 3 + (int)user, 1);
        }
        add(&builder, START + day * DAY + 2000, u"X\\bad", day == 2 ? 60 : 2, day == 2 ? 6 : 1);
    }
    save(&builder, name);
}

void save_bursts(const char *name)
{
    struct evt_builder builder;

    open_log(&builder);
    add(&builder, START, u"X\\bob", 60, 1);
    add(&builder, START + 100, u"X\\carol", 30, 1);
    add(&builder, START + 200, u"X\\dave", 90, 1);
    save(&builder, name);
}

int remove_files(void **state)
{
    static const char *const names[] = {"a.evt", "b.evt", "c.evt", "settings"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        remove(path_of(names[i]));
    }
    return 0;
}

/* ---- running the verb ----------------------------------------------------------------------- */

static struct output output;

const struct output *run_with(int argc, char **argv)
{
    output_run(&output, replay_main, argc, argv);
    return &output;
}

const struct output *replay(const char *first, ...)
{
    const char *texts[OUTPUT_ARGUMENTS_MAX + 1] = {"replay"};
    size_t count = 1;
    va_list arguments;

    va_start(arguments, first);
    for (const char *argument = first; argument != NULL;
         argument = va_arg(arguments, const char *)) {
        assert_true(count < OUTPUT_ARGUMENTS_MAX);
        texts[count++] = argument;
    }
    va_end(arguments);
    output_of(&output, replay_main, texts);
    return &output;
}

/* ---- logs ----------------------------------------------------------------------------------- */

void open_log(struct evt_builder *builder)
{
    evt_open(builder, RING, EVT_HEADER_SIZE, 1);
}

void add(struct evt_builder *builder, uint32_t time, const char16_t *account, int count,
         int clients)
{
    for (int i = 0; i < count; i++) {
        const char16_t name[] = {u'c', (char16_t)(u'a' + i % clients), 0};

        evt_sign_in(builder, time + (uint32_t)i, text_of(name), text_of(account));
    }
}
