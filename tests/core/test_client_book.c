#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "core/client_book.h"

static const struct hash_key key = {1, 2};

static struct client_book *new_book(uint32_t most)
{
    size_t size = client_book_size(most);
    void *memory = calloc(1, size);

    assert_non_null(memory);
    return client_book_init(memory, size, most, &key);
}

static void test_numbers_go_up_from_0_as_names_come(void **state)
{
    struct client_book *book = new_book(3);
    uint64_t one, other;

    (void)state;
    assert_int_equal(client_book_count(book), 0);
    assert_int_equal(client_book_number(book, TEXT_OF(u"pc1.example"), &one), 0);
    assert_int_equal(client_book_number(book, TEXT_OF(u""), &other), 1);
    assert_true(one != other);
    assert_int_equal(client_book_number(book, TEXT_OF(u"PC1.Example"), &other), 0);
    assert_true(one == other);
    assert_true(one == text_hash_fold(TEXT_OF(u"PC1.EXAMPLE"), &key));
    assert_int_equal(client_book_count(book), 2);
    assert_true(text_equal(client_book_name(book, 0), TEXT_OF(u"pc1.example")));
    assert_true(text_equal(client_book_name(book, 1), TEXT_OF(u"")));
    free(book);
}

static void test_names_beyond_the_room_have_a_hash_but_no_number(void **state)
{
    struct client_book *book = new_book(1);
    uint64_t hash = 0;

    (void)state;
    assert_int_equal(client_book_number(book, TEXT_OF(u"one"), &hash), 0);
    for (int i = 1; i <= 2; i++)
        assert_int_equal(client_book_number(book, TEXT_OF(u"two"), &hash), CLIENT_BOOK_NONE);
    assert_true(hash == text_hash_fold(TEXT_OF(u"two"), &key));
    assert_int_equal(client_book_count(book), 1);
    assert_int_equal(client_book_number(book, TEXT_OF(u"ONE"), &hash), 0);
    free(book);
}

static void test_long_names_are_told_apart_by_all_of_them(void **state)
{
    struct client_book *book = new_book(8);
    char16_t name[200];
    uint64_t hash;

    (void)state;
    for (size_t i = 0; i < 200; i++) {
        name[i] = u'n';
    }
    assert_int_equal(client_book_number(book, (struct text){name, 200}, &hash), 0);
    assert_int_equal(client_book_number(book, (struct text){name, 199}, &hash), 1);
    assert_int_equal(client_book_name(book, 0).count, CLIENT_SHOWN_MAX - 1);
    free(book);
}

static void test_sizes_out_of_range(void **state)
{
    char memory[64];

    (void)state;
    assert_int_equal(client_book_size(0), 0);
    assert_int_equal(client_book_size(CLIENT_BOOK_NAMES_MAX + 1), 0);
    assert_true(client_book_size(65536) <= 65536 * 136);
    assert_null(client_book_init(memory, sizeof memory, 1, &key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_go_up_from_0_as_names_come),
        cmocka_unit_test(test_names_beyond_the_room_have_a_hash_but_no_number),
        cmocka_unit_test(test_long_names_are_told_apart_by_all_of_them),
        cmocka_unit_test(test_sizes_out_of_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
