#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "account_scene.h"

struct fake_domain *contoso;
struct fake_user *bob, *local_bob, *root, *chief;
struct fake_group *domain_admins;
struct account_outcome scene_outcome;

const DWORD scene_other_flags[SCENE_OTHER_FLAGS] = {
    UF_HOMEDIR_REQUIRED,       UF_LOCKOUT,
    UF_PASSWD_NOTREQD,         UF_PASSWD_CANT_CHANGE,
    UF_DONT_EXPIRE_PASSWD,     UF_SMARTCARD_REQUIRED,
    UF_TRUSTED_FOR_DELEGATION, UF_NOT_DELEGATED,
    UF_USE_DES_KEY_ONLY,       UF_DONT_REQUIRE_PREAUTH,
    UF_PASSWORD_EXPIRED,       UF_ENCRYPTED_TEXT_PASSWORD_ALLOWED,
};

int scene_set_up(void **state)
{
    (void)state;
    fake_directory_reset();
    contoso = fake_add_domain(L"CONTOSO", L"contoso.example");
    fake_add_controller(contoso, L"dc1.contoso.example");
    fake_add_controller(contoso, L"dc2.contoso.example");
    root = fake_add_user(fake_local(), L"Administrator", 500);
    local_bob = fake_add_user(fake_local(), L"bob", 1004);
    bob = fake_add_user(contoso, L"bob", 1105);
    chief = fake_add_user(contoso, L"chief", 1106);
    domain_admins = fake_add_group(contoso, L"Domain Admins", 512);
    fake_join_user(domain_admins, chief);
    fake_join_user(&fake_local()->administrators, root);
    fake_join_group(&fake_local()->administrators, domain_admins);
    fake_join_group(&contoso->administrators, domain_admins);
    return 0;
}

int scene_tear_down(void **state)
{
    (void)state;
    assert_int_equal(fake.buffers, 0);
    assert_int_equal(fake.providers, 0);
    return 0;
}

void scene_sid(const struct fake_user *user, uint8_t sid[FAKE_SID_SIZE])
{
    fake_sid(user->domain, user->rid, sid);
}

void scene_assert_wide(const wchar_t *actual, const wchar_t *expected)
{
    assert_memory_equal(actual, expected, (wcslen(expected) + 1) * sizeof *expected);
}

enum account_result scene_lock(const struct fake_user *user, enum lock_action action)
{
    uint8_t sid[FAKE_SID_SIZE];
    scene_sid(user, sid);
    memset(&scene_outcome, 0xee, sizeof scene_outcome);
    account_lock(sid, sizeof sid, action, NULL, &scene_outcome);
    return scene_outcome.result;
}

void scene_assert_failed(const char *call, DWORD error)
{
    assert_int_equal(scene_outcome.result, ACCOUNT_FAILED);
    assert_string_equal(scene_outcome.call, call);
    assert_int_equal(scene_outcome.error, error);
}

void scene_swap_names(enum fake_call call, LONG count)
{
    if (call == FAKE_USER_GET && count == 1) {
        bob->name = L"robert";
        chief->name = L"bob";
    }
}

static jmp_buf ended;
static unsigned points, end_at;

void scene_point(void)
{
    if (++points == end_at)
        longjmp(ended, 1);
}

static void before_call(enum fake_call call, LONG count)
{
    (void)call;
    (void)count;
    scene_point();
}

bool scene_run_until(unsigned at, void (*work)(void))
{
    points = 0;
    end_at = at;
    fake.before = before_call;
    bool came_to_its_end = setjmp(ended) == 0;
    if (came_to_its_end)
        work();
    fake.before = NULL;
    if (!came_to_its_end)
        fake.buffers = fake.providers = 0; /* gone with the process */
    return came_to_its_end;
}
