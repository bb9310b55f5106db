#include "resolver_scene.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

struct fake_user *service_account;
struct resolver *resolver;
const struct hash_key resolver_key = {0x0706050403020100u, 0x0f0e0d0c0b0a0908u};
HANDLE late;
struct identity identity;
char16_t canonical[RESOLVER_CANONICAL_MAX];

int resolver_scene_set_up(void **state)
{
    (void)state;
    fake_directory_reset();
    contoso = fake_add_domain(L"CONTOSO", L"contoso.example");
    fake_add_controller(contoso, L"dc1.contoso.example");
    fake_add_user(fake_local(), L"Administrator", 500);
    local_bob = fake_add_user(fake_local(), L"bob", 1004);
    bob = fake_add_user(contoso, L"bob", 1105);
    fake_add_user(contoso, L"alice", 1106);
    fake_add_user(contoso, L"Chef", 500);
    service_account = fake_add_user(contoso, L"svc-relaylock", 1107);
    fake_add_user(contoso, L"EXCH1$", 1108);
    fake_add_group(contoso, L"Sales", 1200);
    fake_sid(contoso, service_account->rid, fake.own_sid);
    fake.waiting = CreateEventW(NULL, FALSE, FALSE, NULL);
    late = CreateEventW(NULL, FALSE, FALSE, NULL);
    resolver = NULL;
    assert_int_equal(resolver_start(&resolver_key, late, &resolver), ERROR_SUCCESS);
    return 0;
}

int resolver_scene_tear_down(void **state)
{
    (void)state;
    if (resolver != NULL)
        assert_true(resolver_stop(resolver, 10000));
    /* A thread left behind cleans up when it is let go. */
    for (int i = 0; i < 500 && fake.blocks != 0; i++)
        Sleep(10);
    assert_int_equal(fake.blocks, 0);
    assert_int_equal(fake.handles, 0);
    CloseHandle(fake.waiting);
    CloseHandle(late);
    return 0;
}

enum identity_kind find(const char16_t *name)
{
    memset(&identity, 0xee, sizeof identity);
    resolver_find(resolver, text_of(name), NULL, canonical, &identity);
    return identity.kind;
}

void assert_found(const struct fake_user *user, const char16_t *name)
{
    uint8_t sid[FAKE_SID_SIZE];
    fake_sid(user->domain, user->rid, sid);
    assert_int_equal(identity.sid_size, sizeof sid);
    assert_memory_equal(identity.sid, sid, sizeof sid);
    assert_true(text_equal(identity.name, text_of(name)));
    assert_ptr_equal(identity.name.at, canonical);
}

void assert_nobody(const char16_t *name)
{
    assert_int_equal(identity.kind, IDENTITY_UNRESOLVED);
    assert_int_equal(identity.sid_size, 0);
    assert_true(text_equal(identity.name, text_of(name)));
}

bool late_was_signalled(DWORD wait)
{
    return WaitForSingleObject(late, wait) == WAIT_OBJECT_0;
}

void wait_for_lookups(LONG count)
{
    for (int i = 0; i < 1000 && fake.calls[FAKE_LOOKUP_NAME] < count; i++)
        Sleep(10);
    assert_int_equal(fake.calls[FAKE_LOOKUP_NAME], count);
}

void drain(void)
{
    static wchar_t names[FAKE_USERS_MAX][32];
    wchar_t *name = names[fake.user_count];
    swprintf(name, 32, L"CONTOSO\\drain%u", (unsigned)fake.user_count);
    fake_add_user(contoso, name + 8, 3000 + (DWORD)fake.user_count);
    for (int i = 0; i < 1000 && find(name) == IDENTITY_UNRESOLVED; i++)
        Sleep(10);
    assert_int_equal(identity.kind, IDENTITY_USER);
}
