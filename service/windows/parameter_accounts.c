#include "parameter_accounts.h"
#include "parameter_key.h"

static const char allowed_in_account[] = "the value Limits alone";
static const char allowed_in_policy[] = "a value for each account, and no key";
static const char allowed_limits[] = "a list of limits such as 50/10m or clients:8/10m";
static const char allowed_account[] =
    "an account's name (user or DOMAIN/user) and limits such as 50/10m; 256 accounts "
    "at most";

_Static_assert(GUARD_OVERRIDES_MAX == 256 && PARAMETERS_VALUE_MAX == 65536, "words that say so");

/* The limits of an account, from a value of an open key. */
static DWORD read_limits(struct parameter_reading *reading, HKEY key, const wchar_t *value,
                         struct text account)
{
    const struct text name = text_of(value);
    struct text text;
    DWORD error;

    switch (parameter_read(reading, key, value, &error)) {
    case PARAMETER_READ:
        if ((reading->type != REG_SZ && reading->type != REG_MULTI_SZ) ||
            !parameter_text(reading, &text))
            parameter_refuse_kind(reading, name, allowed_limits);
        else if (!settings_set_account(&reading->settings, account, text))
            parameter_refuse_text(reading, name, text, allowed_account);
        else
            reading->origins.accounts[settings_find_account(&reading->settings, account)] =
                reading->origin;
        break;
    case PARAMETER_ABSENT:
        parameter_refuse(reading, name, "absent", allowed_limits);
        break;
    case PARAMETER_TOO_LARGE:
        parameter_refuse(reading, name, "a value of over 65536 bytes", allowed_limits);
        break;
    case PARAMETER_ERROR:
        return error;
    }
    return ERROR_SUCCESS;
}

static DWORD refuse_unless_limits(struct parameter_reading *reading, HKEY key, struct text name)
{
    (void)key;
    if (!text_equal_fold(name, TEXT_OF(u"Limits")))
        parameter_key_refuse_value(reading, name, allowed_in_account);
    return ERROR_SUCCESS;
}

/* The account whose open key it is stands in key_name. */
static DWORD read_account(struct parameter_reading *reading, HKEY key)
{
    DWORD error = read_limits(reading, key, L"Limits", text_of(reading->key_name));
    if (error == ERROR_SUCCESS)
        error = parameter_key_each_value(reading, key, refuse_unless_limits);
    return error;
}

static DWORD open_account(struct parameter_reading *reading, HKEY accounts, struct text name)
{
    parameter_key_name(reading, "Parameters\\Accounts\\", name);
    return parameter_key_open(reading, accounts, reading->key_name, KEY_QUERY_VALUE, read_account);
}

static DWORD read_subkeys(struct parameter_reading *reading, HKEY accounts)
{
    return parameter_key_each_subkey(reading, accounts, open_account);
}

DWORD parameter_accounts_read(struct parameter_reading *reading, HKEY parameters)
{
    return parameter_key_open(reading, parameters, L"Accounts",
                              KEY_ENUMERATE_SUB_KEYS | KEY_QUERY_VALUE, read_subkeys);
}

static DWORD read_policy_value(struct parameter_reading *reading, HKEY accounts, struct text name)
{
    return read_limits(reading, accounts, reading->value_name, name);
}

static DWORD refuse_subkey(struct parameter_reading *reading, HKEY key, struct text name)
{
    (void)key;
    parameter_key_refuse_subkey(reading, name, allowed_in_policy);
    return ERROR_SUCCESS;
}

static DWORD read_values(struct parameter_reading *reading, HKEY accounts)
{
    DWORD error = parameter_key_each_value(reading, accounts, read_policy_value);
    if (error == ERROR_SUCCESS)
        error = parameter_key_each_subkey(reading, accounts, refuse_subkey);
    return error;
}

DWORD parameter_accounts_read_policy(struct parameter_reading *reading, HKEY policy)
{
    parameter_key_name(reading, "SOFTWARE\\Policies\\RelayLock\\Accounts", TEXT_OF(u""));
    return parameter_key_open(reading, policy, L"Accounts",
                              KEY_ENUMERATE_SUB_KEYS | KEY_QUERY_VALUE, read_values);
}
