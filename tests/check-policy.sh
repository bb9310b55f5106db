#!/bin/bash
# check-policy.sh: the templates of Group Policy in installer/ are those of the settings table, and
# what Microsoft's schema allows.
set -u
. tests/report.sh

fresh=build/policy
rm -rf "$fresh"
mkdir -p "$fresh/en-US"
build/native/make_policy "$fresh"
report "the templates can be made" $? "make_policy failed"
for template in relaylock.admx en-US/relaylock.adml relaylock.adm; do
    cmp -s "$fresh/$template" "installer/$template"
    report "installer/$template is as the settings table has it" $? \
        "run: make -f mingw.mk policy, and commit what it writes"
done
for template in relaylock.admx en-US/relaylock.adml; do
    output=$(xmllint --noout --relaxng tests/policy-template.rng "installer/$template" 2>&1)
    report "installer/$template is valid" $? "$output"
done
build/native/make_policy "$fresh/nowhere" 2>"$fresh/said"
[ $? = 1 ] && grep -q 'nowhere/relaylock.admx: No such file' "$fresh/said"
report "a folder that is not there is said" $? "$(cat "$fresh/said")"
build/native/make_policy 2>"$fresh/said"
[ $? = 1 ] && grep -q 'make_policy FOLDER' "$fresh/said"
report "without a folder it says what it wants" $? "$(cat "$fresh/said")"
exit $failed
