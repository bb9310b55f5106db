#include "page_test.h"

struct page_fixture page;

int page_test_prepare(void **state)
{
    (void)state;
    page_prepare(&page);
    return 0;
}

int page_test_close(void **state)
{
    (void)state;
    page_close(&page);
    return 0;
}

void sign_in(int64_t time, const char16_t *account, int count, int clients)
{
    for (int i = 0; i < count; i++) {
        const char16_t client[] = {u'c', (char16_t)(u'a' + i % clients), 0};

        page_sign_in(&page, time + i, text_of(account), text_of(client));
    }
}
