#include "notice.h"

enum notice_news notice_judge(struct notice *notice, int64_t now, bool is_so)
{
    if (is_so && now >= notice->next_at) {
        notice->told = true;
        notice->next_at = now + NOTICE_PAUSE;
        return NOTICE_TELL;
    }
    if (!is_so && notice->told) {
        notice->told = false;
        return NOTICE_OVER;
    }
    return NOTICE_NONE;
}
