/* test_fault_matrix.c: every story, with the process killed at each of its OS calls in turn, or the
 * power cut there, and once more while the next process recovers: the end is always the same.
 *
 * Nothing is hand-picked. Of each story all OS calls of the uninterrupted run are gone through. At
 * each the process is killed; and the power fails, so that what was not flushed is lost, kept, torn
 * at several bytes, or a hole. Second deaths, at each call of the process that recovers from each
 * first one, are too many: of them every n-th is taken, n such that SECOND_MAX of a story are.
 *
 * RELAYLOCK_MATRIX_SEED (1 unless set) chooses where writes are torn and with which second death it
 * begins; RELAYLOCK_MATRIX_SECOND how many of them a story gets.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "matrix_end.h"

enum {
    SECOND_MAX = 160,
    VARIANTS_MAX = 9,
    FAILURES_SHOWN = 10,
    POINTS_LEAST = 20 /* a story with fewer does not do what it should */
};

static uint64_t seed = 1;
static unsigned second_max = SECOND_MAX;

struct figures {
    unsigned calls, ends, kills, cuts, second, failures;
    uint64_t pairs; /* possible second deaths */
};

/* ---- variants ------------------------------------------------------------------------------- */

struct variant {
    const char *name;
    struct matrix_death death; /* but for at */
};

static uint64_t mixed(uint64_t value) /* splitmix64 */
{
    value += seed * UINT64_C(0x9e3779b97f4a7c15);
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

static struct variant cut_of(const char *name, enum fake_cut_bytes bytes, size_t torn, size_t names)
{
    return (struct variant){name, {.power = true, .cut = {bytes, torn, names}}};
}

/* ms until the next process: it differs from call to call. */
static DWORD pause_after(unsigned at)
{
    static const DWORD pauses[] = {700, 61000, 0};
    return pauses[at % 3];
}

/* All ways to die at a call that are not the same as another. */
static size_t variants_of(unsigned at, const struct matrix_moment *moment,
                          struct variant variants[VARIANTS_MAX])
{
    size_t names_before = at > 1 ? moment[-1].pending_names : 0;
    size_t count = 0, bytes = moment->pending_bytes;
    variants[count++] = (struct variant){"killed", {.pause = pause_after(at)}};
    variants[count++] = cut_of("power cut, what was not flushed lost", FAKE_CUT_LOST, 0, 0);
    if (bytes == 0 && moment->pending_names == names_before)
        return count;
    variants[count++] = cut_of("power cut, all kept", FAKE_CUT_KEPT, 0, SIZE_MAX);
    variants[count++] = cut_of("power cut, names kept, bytes lost", FAKE_CUT_LOST, 0, SIZE_MAX);
    if (bytes > 1) {
        variants[count++] = cut_of("power cut, a hole", FAKE_CUT_HOLE, 0, SIZE_MAX);
        variants[count++] = cut_of("power cut, torn at 1", FAKE_CUT_TORN, 1, SIZE_MAX);
        variants[count++] =
            cut_of("power cut, torn before the last byte", FAKE_CUT_TORN, bytes - 1, SIZE_MAX);
        variants[count++] = cut_of("power cut, torn", FAKE_CUT_TORN, 1 + mixed(at) % (bytes - 1),
                                   moment->pending_names / 2);
    }
    return count;
}

/* ---- one telling ---------------------------------------------------------------------------- */

static void compare(const struct matrix_end *whole, const struct matrix_death *deaths, size_t count,
                    const char *call, const char *variant, struct figures *figures)
{
    struct matrix_end end;
    char text[MATRIX_DIFFERENCE_MAX];
    figures->ends++;
    matrix_end_look(&end);
    if (matrix_end_is(&end, whole, text) || ++figures->failures > FAILURES_SHOWN)
        return;
    print_error("%s: call %u (%s), %s", matrix.shape->name, deaths[0].at, call, variant);
    if (count > 1)
        print_error("; then call %u (%s)%s", deaths[1].at, matrix.killed_in,
                    deaths[1].power ? ", power cut" : "");
    print_error(": %s\n", text);
}

/* ---- a story -------------------------------------------------------------------------------- */

/* Deaths while the process after a first death recovers: one of `stride`. */
static void die_twice(const struct matrix_shape *shape, const struct matrix_end *whole,
                      const unsigned recovered[MATRIX_POINTS], struct figures *figures)
{
    uint64_t stride = figures->pairs / second_max + 1, skip = mixed(0) % stride;
    for (unsigned at = 1; at <= figures->calls; at++) {
        for (; skip < recovered[at]; skip += stride) {
            const struct matrix_death deaths[] = {
                {.at = at, .pause = pause_after(at)},
                {.at = (unsigned)skip + 1, .power = skip % 2 != 0, .pause = 700}};
            assert_int_equal(matrix_tell(shape, deaths, 2, false), 2);
            compare(whole, deaths, 2, "", "killed", figures);
            figures->second++;
        }
        skip -= recovered[at];
    }
}

static struct figures die_everywhere(const struct matrix_shape *shape)
{
    static struct matrix_moment moments[MATRIX_POINTS];
    static unsigned recovered[MATRIX_POINTS];
    struct figures figures = {0};
    struct matrix_end whole;
    assert_int_equal(matrix_tell(shape, NULL, 0, true), 0);
    matrix_end_look(&whole);
    figures.calls = matrix.points;
    figures.ends = 1;
    assert_in_range(figures.calls, POINTS_LEAST, MATRIX_POINTS - 1);
    assert_true(whole.told[shape->id & 0xFFFF] > 0);
    memcpy(moments, matrix.moments, sizeof moments);
    for (unsigned at = 1; at <= figures.calls; at++) {
        struct variant variants[VARIANTS_MAX];
        size_t count = variants_of(at, &moments[at], variants);
        for (size_t i = 0; i < count; i++) {
            struct matrix_death death = variants[i].death;
            death.at = at;
            assert_int_equal(matrix_tell(shape, &death, 1, false), 1);
            compare(&whole, &death, 1, moments[at].call, variants[i].name, &figures);
            figures.kills += i == 0;
            figures.cuts += i != 0;
            if (i == 0)
                figures.pairs += recovered[at] = matrix.recovered;
        }
    }
    die_twice(shape, &whole, recovered, &figures);
    return figures;
}

static void whatever_dies_the_end_is_the_same(void **state)
{
    struct figures all = {0};
    DWORD start = GetTickCount();
    (void)state;
    for (size_t i = 0; i < matrix_shape_count; i++) {
        DWORD begun = GetTickCount();
        struct figures figures = die_everywhere(&matrix_shapes[i]);
        print_message("%s: %u calls, %u kills, %u power cuts, %u second deaths of %llu; %u "
                      "failures; %lu ms\n",
                      matrix_shapes[i].name, figures.calls, figures.kills, figures.cuts,
                      figures.second, (unsigned long long)figures.pairs, figures.failures,
                      GetTickCount() - begun);
        all.ends += figures.ends;
        all.failures += figures.failures;
    }
    print_message("%u ends compared, %u of them different, in %lu ms\n", all.ends, all.failures,
                  GetTickCount() - start);
    assert_int_equal(all.failures, 0);
}

/* The same deaths make the same end, word by word of what is told. */
static void the_same_again_is_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < matrix_shape_count; i++)
        for (unsigned at = 7; at < 200; at += 61) {
            const struct matrix_death death = {.at = at, .power = at % 2 != 0, .pause = 700};
            struct matrix_end once, again;
            size_t deaths = matrix_tell(&matrix_shapes[i], &death, 1, false);
            unsigned points = matrix.points;
            matrix_end_look(&once);
            assert_int_equal(matrix_tell(&matrix_shapes[i], &death, 1, false), deaths);
            matrix_end_look(&again);
            assert_int_equal(matrix.points, points);
            assert_memory_equal(&once, &again, sizeof once);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_dies_the_end_is_the_same),
        cmocka_unit_test(the_same_again_is_the_same),
    };
    const char *given = getenv("RELAYLOCK_MATRIX_SEED");
    if (given)
        seed = strtoull(given, NULL, 10);
    given = getenv("RELAYLOCK_MATRIX_SECOND");
    if (given && atoi(given) > 0)
        second_max = (unsigned)atoi(given);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
