#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "hardening_scene.h"

struct fake_user *guest, *domain_guest;
struct hardening_failure hardened_failure;

int hardening_set_up(void **state)
{
    scene_set_up(state);
    fake_registry_reset();
    fake_registry_make(BOOT_KEY_ABOVE);
    fake_registry_make(TARPIT_KEY);
    fake_exchange_reset();
    guest = fake_add_user(fake_local(), L"Gast", 501);
    domain_guest = fake_add_user(contoso, L"Invitado", 501);
    fake_add_user(fake_local(), L"Guest", 1200); /* a trap */
    memset(&hardened_failure, 0, sizeof hardened_failure);
    return 0;
}

int hardening_tear_down(void **state)
{
    assert_int_equal(fake_registry_open_handles(), 0);
    return scene_tear_down(state);
}

enum hardening_result hardened_set(enum hardening_item item)
{
    return hardening_set(item, &hardened_failure);
}

enum hardening_result hardened_undo(enum hardening_item item)
{
    return hardening_undo(item, &hardened_failure);
}

const wchar_t *hardened_memory(const wchar_t *value)
{
    DWORD type, size;
    return fake_registry_get(HARDENING_KEY, value, &type, &size);
}

void hardened_assert_look(enum hardening_item item, enum hardening_standing standing, bool ours,
                          const char *now)
{
    struct hardening_view view;
    hardening_look(item, &view);
    assert_string_equal(view.now, now);
    assert_int_equal(view.standing, standing);
    assert_int_equal(view.ours, ours);
}
