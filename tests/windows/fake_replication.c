/* fake_replication.c: a controller of the fake directory that lags behind the others. */
#include "fake_directory.h"
#include <string.h>

static LONG now; /* counts writes: no two are at the same time */

void fake_stamp(struct fake_stamp *stamp)
{
    stamp->version++;
    stamp->time = ++now;
}

void fake_lag(struct fake_domain *domain, size_t controller)
{
    domain->controllers[controller].lags = true;
    for (size_t i = 0; i < fake.user_count; i++) {
        if (fake.users[i].domain != domain)
            continue;
        fake.behind[i] = fake.users[i];
        fake.users[i].behind = &fake.behind[i];
    }
}

static bool is_newer(const struct fake_stamp *a, const struct fake_stamp *b)
{
    return a->version > b->version || (a->version == b->version && a->time > b->time);
}

void fake_replicate(struct fake_domain *domain)
{
    for (size_t k = 0; k < domain->controller_count; k++)
        domain->controllers[k].lags = false;
    for (size_t i = 0; i < fake.user_count; i++) {
        struct fake_user *user = &fake.users[i];
        const struct fake_user *behind = user->behind;
        if (user->domain != domain || behind == NULL)
            continue;
        user->behind = NULL;
        if (is_newer(&behind->flags_stamp, &user->flags_stamp)) {
            user->flags = behind->flags;
            user->flags_stamp = behind->flags_stamp;
        }
        if (is_newer(&behind->comment_stamp, &user->comment_stamp)) {
            memcpy(user->comment, behind->comment, sizeof user->comment);
            user->comment_stamp = behind->comment_stamp;
        }
        if (is_newer(&behind->password_stamp, &user->password_stamp)) {
            memcpy(user->password, behind->password, sizeof user->password);
            user->password_stamp = behind->password_stamp;
        }
    }
}

struct fake_user *fake_user_on(struct fake_user *user, LPCWSTR server)
{
    struct fake_domain *domain;
    const struct fake_controller *controller =
        server == NULL ? NULL : fake_controller(server, &domain);
    if (controller == NULL || !controller->lags || user->domain != domain)
        return user;
    return user->behind;
}
