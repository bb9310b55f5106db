#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "core/name_book.h"

static const struct hash_key key = {1, 2};

static struct name_book *new_book(uint32_t most)
{
    size_t size = name_book_size(most);
    void *memory = calloc(1, size);

    assert_non_null(memory);
    return name_book_init(memory, size, most, &key);
}

/* The name that an account is counted by: the one it has in the book, or the one as written. */
static struct text join(struct name_book *book, struct text name)
{
    uint32_t number = name_book_number(book, name);

    return number == NAME_BOOK_NONE ? name : name_book_name(book, number);
}

/* Joins names one after the other; each must be counted by the expected one. */
struct step {
    const char16_t *name, *joined;
};

static void assert_steps(const struct step *steps, size_t count)
{
    struct name_book *book = new_book(1000);

    for (size_t i = 0; i < count; i++) {
        struct text joined = join(book, text_of(steps[i].name));

        assert_true(text_equal(joined, text_of(steps[i].joined)));
    }
    assert_int_equal(name_book_unjoined(book), 0);
    free(book);
}

#define ASSERT_STEPS(...)                                                                          \
    do {                                                                                           \
        const struct step steps[] = {__VA_ARGS__};                                                 \
        assert_steps(steps, sizeof steps / sizeof steps[0]);                                       \
    } while (0)

static void test_the_first_spelling_names_the_account(void **state)
{
    (void)state;
    ASSERT_STEPS({u"CONTOSO\\Bob", u"CONTOSO\\Bob"}, {u"contoso\\BOB", u"CONTOSO\\Bob"},
                 {u"CONTOSO\\ann", u"CONTOSO\\ann"}, {u"Contoso\\bob", u"CONTOSO\\Bob"});
}

static void test_domain_forms_meet(void **state)
{
    (void)state;
    ASSERT_STEPS({u"CONTOSO\\bob", u"CONTOSO\\bob"}, {u"bob@contoso.com", u"CONTOSO\\bob"},
                 {u"BOB@Contoso.local", u"CONTOSO\\bob"}, {u"bob@contoso", u"CONTOSO\\bob"},
                 {u"contoso.com\\bob", u"CONTOSO\\bob"}, {u"bob@mail.contoso.com", u"MAIL\\bob"});
}

/* As Windows has it, so that it can be copied into Exempt. */
static void test_an_account_goes_by_its_joined_name(void **state)
{
    (void)state;
    ASSERT_STEPS({u"bob@contoso.com", u"CONTOSO\\bob"}, {u"Contoso\\BOB", u"CONTOSO\\bob"},
                 {u"contoso.com\\ann", u"contoso\\ann"}, {u"Ann@contoso.com", u"contoso\\ann"},
                 {u"ann@home@fabrikam.com", u"FABRIKAM\\ann@home"},
                 {u"\u00f6@\u00e4.example", u"\u00c4\\\u00f6"}, {u"@contoso", u"CONTOSO\\"});
}

static void test_dns_labels_are_cut_as_netbios_names_are(void **state)
{
    (void)state;
    ASSERT_STEPS({u"A-VERY-LONG-DOM\\bob", u"A-VERY-LONG-DOM\\bob"},
                 {u"bob@a-very-long-domain-name.example", u"A-VERY-LONG-DOM\\bob"},
                 {u"bob@a-very-long-dom.example", u"A-VERY-LONG-DOM\\bob"},
                 {u"bob@a-very-long-d.example", u"A-VERY-LONG-D\\bob"});
}

static void test_bare_user_joins_the_first_domain(void **state)
{
    (void)state;
    ASSERT_STEPS({u"CONTOSO\\bob", u"CONTOSO\\bob"}, {u"FABRIKAM\\bob", u"FABRIKAM\\bob"},
                 {u"bob", u"CONTOSO\\bob"}, {u"BOB", u"CONTOSO\\bob"}, {u".\\bob", u"CONTOSO\\bob"},
                 {u"bob@", u"CONTOSO\\bob"}, {u"\\bob", u"CONTOSO\\bob"});
}

static void test_domain_adopts_an_earlier_bare_user(void **state)
{
    (void)state;
    ASSERT_STEPS({u"bob", u"bob"}, {u"BOB", u"bob"}, {u"bob@contoso.com", u"CONTOSO\\bob"},
                 {u"CONTOSO\\bob", u"CONTOSO\\bob"}, {u"FABRIKAM\\bob", u"FABRIKAM\\bob"},
                 {u"Bob", u"CONTOSO\\bob"}, {u"\\a\\b", u"\\a\\b"}, {u"D\\a\\b", u"D\\a\\b"},
                 {u".\\eve", u".\\eve"}, {u"Fabrikam\\eve", u"Fabrikam\\eve"});
}

static void test_adoptions_are_counted(void **state)
{
    struct name_book *book = new_book(10);
    static const struct {
        struct text name;
        uint32_t adopted;
    } steps[] = {{TEXT_OF(u"bob"), 0},        {TEXT_OF(u"A\\ann"), 0}, {TEXT_OF(u"ann"), 0},
                 {TEXT_OF(u"bob@a.test"), 1}, {TEXT_OF(u"A\\bob"), 1}, {TEXT_OF(u"B\\bob"), 1},
                 {TEXT_OF(u"bob"), 1}};

    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        join(book, steps[i].name);
        assert_int_equal(name_book_adopted(book), steps[i].adopted);
    }
    free(book);
}

/* Each domain is cut to the longest label that there is. */
static void test_every_name_of_a_full_book_can_be_adopted(void **state)
{
    enum { MOST = 100, LENGTH = 48 };
    struct name_book *book = new_book(MOST);
    const struct text domain = TEXT_OF(u"A-VERY-LONG-DOMAIN\\");
    char16_t name[19 + LENGTH];

    (void)state;
    for (size_t i = 0; i < 19 + LENGTH; i++) {
        name[i] = i < domain.count ? domain.at[i] : u'n';
    }
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < MOST; i++) {
            name[domain.count] = (char16_t)(0x4e00 + i);
            assert_int_equal(name_book_number(book, round == 0 ? (struct text){name + 19, LENGTH}
                                                               : (struct text){name, 19 + LENGTH}),
                             i);
        }
    }
    for (uint32_t i = 0; i < MOST; i++) {
        struct text joined = name_book_name(book, i);

        assert_int_equal(joined.count, NAME_BOOK_ADOPTION_MAX + LENGTH);
        assert_true(text_equal(text_slice(joined, 0, 16), TEXT_OF(u"A-VERY-LONG-DOM\\")));
        assert_int_equal(joined.at[16], 0x4e00 + i);
    }
    assert_int_equal(name_book_adopted(book), MOST);
    free(book);
}

static void test_same_user_in_two_domains_is_two(void **state)
{
    (void)state;
    ASSERT_STEPS({u"CONTOSO\\bob", u"CONTOSO\\bob"}, {u"FABRIKAM\\bob", u"FABRIKAM\\bob"},
                 {u"bob@fabrikam.com", u"FABRIKAM\\bob"}, {u"bob@contoso.com", u"CONTOSO\\bob"});
}

static void test_absurd_names_are_names(void **state)
{
    (void)state;
    ASSERT_STEPS({u"", u""}, {u"@", u""}, {u"\\", u""}, {u"CONTOSO\\", u"CONTOSO\\"},
                 {u"a\\b\\c", u"a\\b\\c"}, {u"A\\B\\C", u"a\\b\\c"}, {u"b\\c@a", u"b\\c@a"});
}

static void test_full_book_leaves_names_as_written(void **state)
{
    struct name_book *book = new_book(2);

    (void)state;
    join(book, TEXT_OF(u"A\\one"));
    join(book, TEXT_OF(u"A\\two"));
    const struct text third = TEXT_OF(u"A\\three");

    assert_ptr_equal(join(book, third).at, third.at);
    assert_int_equal(name_book_unjoined(book), 1);
    assert_true(text_equal(join(book, TEXT_OF(u"TWO")), TEXT_OF(u"A\\two")));
    assert_int_equal(name_book_unjoined(book), 1);
    free(book);
}

static void test_long_names_end_the_room_for_text(void **state)
{
    struct name_book *book = new_book(4);
    static char16_t name[300];

    (void)state;
    for (size_t i = 0; i < 300; i++) {
        name[i] = u'n';
    }
    /* Room for 256 units in all, some of them for a domain. */
    assert_ptr_equal(join(book, (struct text){name, 257 - NAME_BOOK_ADOPTION_MAX}).at, name);
    assert_int_equal(name_book_unjoined(book), 1);
    assert_ptr_not_equal(join(book, (struct text){name, 256 - NAME_BOOK_ADOPTION_MAX}).at, name);
    assert_ptr_equal(join(book, (struct text){name, 1}).at, name);
    assert_int_equal(name_book_unjoined(book), 2);
    free(book);
}

static void test_domains_of_one_user_are_bounded(void **state)
{
    struct name_book *book = new_book(1000);
    char16_t name[] = u"D___\\bob";

    (void)state;
    for (uint32_t i = 0; i < NAME_BOOK_DOMAINS_MAX + 10; i++) {
        name[1] = (char16_t)(u'0' + i / 100);
        name[2] = (char16_t)(u'0' + i / 10 % 10);
        name[3] = (char16_t)(u'0' + i % 10);
        join(book, text_of(name));
    }
    assert_int_equal(name_book_unjoined(book), 10);
    assert_true(text_equal(join(book, TEXT_OF(u"bob")), TEXT_OF(u"D000\\bob")));
    free(book);
}

static void test_a_book_filled_to_the_last_name_finds_each(void **state)
{
    enum { MOST = 5000 };
    struct name_book *book = new_book(MOST);
    char16_t name[] = u"CONTOSO\\_____";

    (void)state;
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < MOST; i++) {
            for (uint32_t digit = 0, rest = i; digit < 5; digit++, rest /= 10) {
                name[12 - digit] = (char16_t)(u'0' + rest % 10);
            }
            assert_true(text_equal(join(book, text_of(name)), text_of(name)));
        }
    }
    assert_int_equal(name_book_unjoined(book), 0);
    free(book);
}

static void test_numbers_go_up_from_0_as_names_come(void **state)
{
    struct name_book *book = new_book(2);

    (void)state;
    assert_int_equal(name_book_count(book), 0);
    assert_int_equal(name_book_number(book, TEXT_OF(u"A\\one")), 0);
    assert_int_equal(name_book_number(book, TEXT_OF(u"two")), 1);
    assert_int_equal(name_book_number(book, TEXT_OF(u"one@a.example")), 0);
    assert_int_equal(name_book_number(book, TEXT_OF(u"A\\TWO")), 1);
    assert_int_equal(name_book_number(book, TEXT_OF(u"three")), NAME_BOOK_NONE);
    assert_int_equal(name_book_count(book), 2);
    free(book);
}

static void test_sizes_out_of_range(void **state)
{
    char memory[64];

    (void)state;
    assert_int_equal(name_book_size(0), 0);
    assert_int_equal(name_book_size(NAME_BOOK_NAMES_MAX + 1), 0);
    assert_true(name_book_size(NAME_BOOK_NAMES_MAX) > 0);
    assert_true(name_book_size(65536) <= 65536 * 232 + 1024);
    assert_null(name_book_init(memory, sizeof memory, 1, &key));
    assert_null(name_book_init(memory, sizeof memory, 0, &key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_spelling_names_the_account),
        cmocka_unit_test(test_domain_forms_meet),
        cmocka_unit_test(test_an_account_goes_by_its_joined_name),
        cmocka_unit_test(test_adoptions_are_counted),
        cmocka_unit_test(test_every_name_of_a_full_book_can_be_adopted),
        cmocka_unit_test(test_dns_labels_are_cut_as_netbios_names_are),
        cmocka_unit_test(test_bare_user_joins_the_first_domain),
        cmocka_unit_test(test_domain_adopts_an_earlier_bare_user),
        cmocka_unit_test(test_same_user_in_two_domains_is_two),
        cmocka_unit_test(test_absurd_names_are_names),
        cmocka_unit_test(test_full_book_leaves_names_as_written),
        cmocka_unit_test(test_long_names_end_the_room_for_text),
        cmocka_unit_test(test_domains_of_one_user_are_bounded),
        cmocka_unit_test(test_a_book_filled_to_the_last_name_finds_each),
        cmocka_unit_test(test_numbers_go_up_from_0_as_names_come),
        cmocka_unit_test(test_sizes_out_of_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
