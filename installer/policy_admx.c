#include "policy_files.h"

#include "policy_words.h"

void policy_put_xml(FILE *file, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", file);
            break;
        case '<':
            fputs("&lt;", file);
            break;
        case '>':
            fputs("&gt;", file);
            break;
        case '"':
            fputs("&quot;", file);
            break;
        default:
            fputc(*text, file);
        }
    }
}

static void put_head(FILE *file)
{
    fputs("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
          "<!-- Made from the settings table by `make -f mingw.mk policy`. -->\n"
          "<policyDefinitions xmlns=\"http://www.microsoft.com/GroupPolicy/PolicyDefinitions\" "
          "revision=\"1.0\" schemaVersion=\"1.0\">\n"
          "  <policyNamespaces>\n"
          "    <target prefix=\"relaylock\" namespace=\"RelayLock.Policies.RelayLock\" />\n"
          "  </policyNamespaces>\n"
          "  <resources minRequiredRevision=\"1.0\" />\n"
          "  <supportedOn>\n"
          "    <definitions>\n"
          "      <definition name=\"SUPPORTED_RelayLock\" "
          "displayName=\"$(string.SUPPORTED_RelayLock)\" />\n"
          "    </definitions>\n"
          "  </supportedOn>\n"
          "  <categories>\n"
          "    <category name=\"RelayLock\" displayName=\"$(string.RelayLock)\" />\n"
          "  </categories>\n"
          "  <policies>\n",
          file);
}

static void begin_policy(FILE *file, const char *name, const char *value)
{
    fprintf(file,
            "    <policy name=\"%s\" class=\"Machine\" displayName=\"$(string.%s)\" "
            "explainText=\"$(string.%s_Explain)\" ",
            name, name, name);
    if (value)
        fprintf(file, "key=\"%s\" valueName=\"%s\">\n", POLICY_KEY, value);
    else
        fprintf(file, "presentation=\"$(presentation.%s)\" key=\"%s\">\n", name, POLICY_KEY);
    fputs("      <parentCategory ref=\"RelayLock\" />\n"
          "      <supportedOn ref=\"SUPPORTED_RelayLock\" />\n",
          file);
}

static void put_switch(FILE *file, const struct setting_info *info)
{
    begin_policy(file, info->name, info->name);
    fputs("      <enabledValue>\n"
          "        <decimal value=\"1\" />\n"
          "      </enabledValue>\n"
          "      <disabledValue>\n"
          "        <decimal value=\"0\" />\n"
          "      </disabledValue>\n"
          "    </policy>\n",
          file);
}

static void put_words(FILE *file, const struct setting_info *info)
{
    fprintf(file, "        <enum id=\"%s\" valueName=\"%s\" required=\"true\">\n", info->name,
            info->name);
    for (size_t i = 0; info->words[i]; i++)
        fprintf(file,
                "          <item displayName=\"$(string.%s_%s)\">\n"
                "            <value>\n"
                "              <string>%s</string>\n"
                "            </value>\n"
                "          </item>\n",
                info->name, info->words[i], info->words[i]);
    fputs("        </enum>\n", file);
}

/* A field may be left empty when the setting may. */
static void put_list(FILE *file, const struct setting_info *info)
{
    fprintf(file,
            "        <multiText id=\"%s\" valueName=\"%s\"%s maxLength=\"%u\" "
            "maxStrings=\"%u\" />\n",
            info->name, info->name, info->initial[0] ? " required=\"true\"" : "",
            policy_most_characters(info), policy_most_items(info));
}

static void put_element(FILE *file, const struct setting_info *info)
{
    switch (info->type) {
    case SETTING_NUMBER:
        fprintf(file,
                "        <decimal id=\"%s\" valueName=\"%s\" required=\"true\" minValue=\"%lu\" "
                "maxValue=\"%lu\" />\n",
                info->name, info->name, (unsigned long)info->low, (unsigned long)info->high);
        break;
    case SETTING_WORD:
        put_words(file, info);
        break;
    case SETTING_NAME:
        fprintf(file,
                "        <text id=\"%s\" valueName=\"%s\" required=\"true\" maxLength=\"%u\" />\n",
                info->name, info->name, (unsigned)SETTING_TEXT_MAX - 1);
        break;
    case SETTING_LIMITS:
    case SETTING_NAMES:
    case SETTING_SERVICES:
    case SETTING_FOLDERS:
        put_list(file, info);
        break;
    case SETTING_SWITCH: /* the policy itself is the switch */
        break;
    }
}

static void put_setting(FILE *file, const struct setting_info *info)
{
    if (info->type == SETTING_SWITCH) {
        put_switch(file, info);
        return;
    }
    begin_policy(file, info->name, NULL);
    fputs("      <elements>\n", file);
    put_element(file, info);
    fputs("      </elements>\n"
          "    </policy>\n",
          file);
}

static void put_accounts(FILE *file)
{
    begin_policy(file, "Accounts", NULL);
    fprintf(file,
            "      <elements>\n"
            "        <list id=\"Accounts\" key=\"%s\" explicitValue=\"true\" />\n"
            "      </elements>\n"
            "    </policy>\n",
            POLICY_ACCOUNTS_KEY);
}

void policy_write_admx(FILE *file)
{
    put_head(file);
    for (size_t i = 0; i < setting_count; i++)
        put_setting(file, &setting_table[i]);
    put_accounts(file);
    fputs("  </policies>\n"
          "</policyDefinitions>\n",
          file);
}
