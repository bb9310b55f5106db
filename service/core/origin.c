#include "origin.h"

void origin_rule_add(struct origin_rule *rule, struct text name)
{
    if (rule->count < ORIGIN_NAMES_MAX)
        rule->names[rule->count++] = name;
}

static struct text first_label(struct text name)
{
    size_t dot = text_find(name, u'.');
    return dot == SIZE_MAX ? name : text_slice(name, 0, dot);
}

bool origin_counts(const struct origin_rule *rule, struct text computer)
{
    if (rule->count == 0 || computer.count == 0)
        return true;
    for (size_t i = 0; i < rule->count; i++) {
        struct text name = rule->names[i];
        bool whole = text_find(name, u'.') != SIZE_MAX;
        if (text_equal_fold(name, whole ? computer : first_label(computer)))
            return true;
    }
    return false;
}
