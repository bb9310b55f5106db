#include "policy_files.h"

#include "policy_words.h"

static void put_string(FILE *file, const char *id, const char *suffix, const char *text)
{
    fprintf(file, "      <string id=\"%s%s\">", id, suffix);
    policy_put_xml(file, text);
    fputs("</string>\n", file);
}

static void put_strings(FILE *file, const struct setting_info *info)
{
    char explain[POLICY_EXPLAIN_SIZE];
    policy_explain(explain, info, "one in each line");
    put_string(file, info->name, "", info->name);
    put_string(file, info->name, "_Explain", explain);
    if (info->type != SETTING_WORD)
        return;
    for (size_t i = 0; info->words[i]; i++) {
        fprintf(file, "      <string id=\"%s_%s\">%s</string>\n", info->name, info->words[i],
                info->words[i]);
    }
}

/* The element that shows a setting, behind `<`; its text is the label. */
static void put_field(FILE *file, const struct setting_info *info)
{
    char label[POLICY_LABEL_SIZE];
    policy_label(label, info);
    switch (info->type) {
    case SETTING_NUMBER:
        fprintf(file,
                "        <decimalTextBox refId=\"%s\" defaultValue=\"%s\">%s</decimalTextBox>\n",
                info->name, info->initial, label);
        break;
    case SETTING_WORD:
        fprintf(file,
                "        <dropdownList refId=\"%s\" noSort=\"true\" "
                "defaultItem=\"%u\">%s</dropdownList>\n",
                info->name, (unsigned)policy_default_word(info), label);
        break;
    case SETTING_NAME:
        fprintf(file,
                "        <textBox refId=\"%s\">\n"
                "          <label>%s</label>\n"
                "          <defaultValue>",
                info->name, label);
        policy_put_xml(file, info->initial);
        fputs("</defaultValue>\n"
              "        </textBox>\n",
              file);
        break;
    case SETTING_LIMITS:
    case SETTING_NAMES:
    case SETTING_SERVICES:
    case SETTING_FOLDERS:
        fprintf(file,
                "        <text>%s</text>\n"
                "        <multiTextBox refId=\"%s\" defaultHeight=\"6\" />\n",
                label, info->name);
        break;
    case SETTING_SWITCH:
        break;
    }
}

static void put_presentation(FILE *file, const struct setting_info *info)
{
    if (info->type == SETTING_SWITCH) /* nothing to fill in */
        return;
    fprintf(file, "      <presentation id=\"%s\">\n", info->name);
    put_field(file, info);
    fputs("      </presentation>\n", file);
}

void policy_write_adml(FILE *file)
{
    char explain[POLICY_EXPLAIN_SIZE];
    fputs("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
          "<!-- Made from the settings table by `make -f mingw.mk policy`. -->\n"
          "<policyDefinitionResources "
          "xmlns=\"http://www.microsoft.com/GroupPolicy/PolicyDefinitions\" revision=\"1.0\" "
          "schemaVersion=\"1.0\">\n"
          "  <displayName>" POLICY_PRODUCT "</displayName>\n"
          "  <description>" POLICY_DESCRIPTION "</description>\n"
          "  <resources>\n"
          "    <stringTable>\n",
          file);
    put_string(file, "RelayLock", "", POLICY_PRODUCT);
    put_string(file, "SUPPORTED_RelayLock", "", POLICY_SUPPORTED);
    for (size_t i = 0; i < setting_count; i++)
        put_strings(file, &setting_table[i]);
    policy_explain_accounts(explain);
    put_string(file, "Accounts", "", POLICY_ACCOUNTS);
    put_string(file, "Accounts", "_Explain", explain);
    fputs("    </stringTable>\n"
          "    <presentationTable>\n",
          file);
    for (size_t i = 0; i < setting_count; i++)
        put_presentation(file, &setting_table[i]);
    fputs("      <presentation id=\"Accounts\">\n"
          "        <listBox refId=\"Accounts\">" POLICY_ACCOUNTS_LABEL "</listBox>\n"
          "      </presentation>\n"
          "    </presentationTable>\n"
          "  </resources>\n"
          "</policyDefinitionResources>\n",
          file);
}
