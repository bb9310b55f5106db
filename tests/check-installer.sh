#!/bin/bash
# check-installer.sh VERSION: what the installers must be, from their tables: the same but for what
# differs between 32 and 64 bits, sane by Microsoft's own rules (ICE), made of what was built, and
# with checksums and a bill of materials that are true.
#
# Prints one line a property; exit status 1 when one of them is not so.
set -u
. tests/report.sh
version=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

equals() { # NAME FOUND EXPECTED
    [ "$2" = "$3" ]
    report "$1" $? "'$2' instead of '$3'"
}

# ---- the tables, a line a field --------------------------------------------------------------

# fields MSI: TABLE<tab>KEY<tab>COLUMN<tab>VALUE
fields() {
    local table
    msiinfo tables "$1" | grep -v '^_ForceCodepage$' | LC_ALL=C sort | while read -r table; do
        # there, since it writes the streams of a table into the current folder
        (cd "$work" && msiinfo export "$1" "$table" 2>/dev/null) | tr -d '\r' | awk -F'\t' -v OFS='\t' -v table="$table" '
            NR == 1 { split($0, column) }
            NR == 2 { types = $0 }
            NR == 3 { keys = NF - 1; print table, "(columns)", types, "" }
            NR > 3 { key = $1; for (i = 2; i <= keys; i++) key = key "/" $i
                for (i = 1; i <= NF; i++) print table, key, column[i], $i }'
    done
}
for arch in x86 x64; do
    msi=$PWD/build/relaylock-$version-$arch.msi
    fields "$msi" >"$work/$arch"
    [ "$(wc -l <"$work/$arch")" -gt 200 ]
    report "$arch: the tables can be read" $? "$(wc -l <"$work/$arch") fields"
done
value() { # ARCH TABLE KEY COLUMN
    awk -F'\t' -v t="$2" -v k="$3" -v c="$4" '$1 == t && $2 == k && $3 == c { print $4 }' "$work/$1"
}

guid='\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}'
sized='[0-9]+'
# Each line that differs, and nothing else, with what may stand there.
expected=(
    "< Component	Program	ComponentId	\{5D0E3B0C-7A0F-4B0E-8E52-0C6E1F3C8A86\}"
    "> Component	Program	ComponentId	\{B1F3D2C4-6E7A-4F1D-9C33-7D5A2E94C064\}"
    "< Component	Program	Attributes	0"
    "> Component	Program	Attributes	256"
    "< Directory	ProgramFilesFolder	Directory	ProgramFilesFolder"
    "< Directory	ProgramFilesFolder	Directory_Parent	TARGETDIR"
    "< Directory	ProgramFilesFolder	DefaultDir	\."
    "> Directory	ProgramFiles64Folder	Directory	ProgramFiles64Folder"
    "> Directory	ProgramFiles64Folder	Directory_Parent	TARGETDIR"
    "> Directory	ProgramFiles64Folder	DefaultDir	\."
    "< Directory	ProgramFolder	Directory_Parent	ProgramFilesFolder"
    "> Directory	ProgramFolder	Directory_Parent	ProgramFiles64Folder"
    "< File	relaylock\.exe	FileSize	$sized"
    "> File	relaylock\.exe	FileSize	$sized"
    "< LaunchCondition	Installed OR NOT VersionNT64	Condition	Installed OR NOT VersionNT64"
    "< LaunchCondition	Installed OR NOT VersionNT64	Description	This is 64-bit Windows: install relaylock-$version-x64\.msi instead\."
    "< Property	ProductCode	Value	$guid"
    "> Property	ProductCode	Value	$guid"
    "< _SummaryInformation	7	Value	Intel;1033"
    "> _SummaryInformation	7	Value	x64;1033"
    "< _SummaryInformation	9	Value	$guid"
    "> _SummaryInformation	9	Value	$guid"
)
diff "$work/x86" "$work/x64" | grep '^[<>]' >"$work/differences"
printf '%s\n' "${expected[@]}" >"$work/patterns"
unexpected=$(grep -vxEf "$work/patterns" "$work/differences")
[ -z "$unexpected" ]
report "x86 and x64 differ in nothing else" $? "$unexpected"
for line in "${expected[@]}"; do
    [ "$(grep -cxE "$line" "$work/differences")" = 1 ]
    report "x86 and x64: $line" $? "$(cat "$work/differences")"
done

# ---- Microsoft's rules (Internal Consistency Evaluators) and ours -----------------------------

# That each field of a column is a key of a table (ICE03, ICE06).
refers() { # ARCH TABLE COLUMN TO
    local lost
    lost=$(comm -23 <(awk -F'\t' -v t="$2" -v c="$3" '$1 == t && $3 == c && $4 { print $4 }' "$work/$1" | sort -u) \
        <(awk -F'\t' -v t="$4" '$1 == t && $2 != "(columns)" { print $2 }' "$work/$1" | sort -u))
    [ -z "$lost" ] && grep -q "^$2	[^(].*	$3	." "$work/$1"
    report "$1: $2.$3 is in $4 (ICE03)" $? "$lost"
}

for arch in x86 x64; do
    msi=build/relaylock-$version-$arch.msi
    refers $arch File Component_ Component
    refers $arch Component Directory_ Directory
    refers $arch Component KeyPath File
    refers $arch FeatureComponents Feature_ Feature
    refers $arch FeatureComponents Component_ Component
    refers $arch ServiceControl Component_ Component
    refers $arch Directory Directory_Parent Directory
    # The source of an action that sets a property is a property; one that refuses has none.
    awk -F'\t' '!($1 == "CustomAction" && $3 == "Source" && ($2 ~ /^(KeepState|KeepStateNow|NoRestart|ProgramGoes)$/))' \
        "$work/$arch" >"$work/$arch-dll"
    refers $arch-dll CustomAction Source Binary

    tables=$(awk -F'\t' '{ print $1 }' "$work/$arch" | sort -u | grep -vxE \
        '(Admin(Execute|UI)Sequence|AdvtExecuteSequence|AppSearch|Binary|Component|CreateFolder|CustomAction|Directory|Error|Feature|FeatureComponents|File|Icon|Install(Execute|UI)Sequence|LaunchCondition|Media|MsiFileHash|Property|RegLocator|Registry|RemoveFile|ServiceControl|ServiceInstall|Shortcut|Signature|Upgrade|_SummaryInformation)')
    equals "$arch: only tables of Windows Installer 2.0" "$tables" ''
    equals "$arch: it asks for Windows Installer 2.0" "$(value $arch _SummaryInformation 14 Value)" 200
    equals "$arch: CustomAction has the columns of Windows Installer 2.0" \
        "$(awk -F'\t' '$1 == "CustomAction" && $2 == "RelayLockPlan" { print $3 }' "$work/$arch" | xargs)" \
        'Action Type Source Target'
    equals "$arch: it is compressed, and needs rights" "$(value $arch _SummaryInformation 15 Value)" 2
    equals "$arch: for the whole computer" "$(value $arch Property ALLUSERS Value)" 1
    equals "$arch: the upgrade code never changes" "$(value $arch Property UpgradeCode Value)" \
        '{9C0B7F16-35A5-4C7A-9B7D-5A6B7E0D2F41}'
    equals "$arch: the version" "$(value $arch Property ProductVersion Value)" "$version"
    equals "$arch: Windows is not restarted" "$(value $arch Property REBOOT Value)" ReallySuppress
    equals "$arch: whatever is given for it" \
        "$(value $arch CustomAction NoRestart Source)=$(value $arch CustomAction NoRestart Target)" REBOOT=ReallySuppress
    equals "$arch: nor is a service that has our file open" \
        "$(value $arch Property MSIRESTARTMANAGERCONTROL Value)" Disable
    equals "$arch: properties are handed on to where the work is done" \
        "$(value $arch Property SecureCustomProperties Value | tr ';' '\n' | sort | xargs)" \
        'EXEMPT KEEPSTATE LIMITS LOCKACTION NEWERFOUND OBSERVE OLDERFOUND STARTSERVICE'
    equals "$arch: older versions and this one are replaced" \
        "$(awk -F'\t' '$1 == "Upgrade" && $2 ~ /\/768$/ { print $4 }' "$work/$arch" | xargs)" \
        "{9C0B7F16-35A5-4C7A-9B7D-5A6B7E0D2F41} 0.0.0 $version 768 OLDERFOUND"
    equals "$arch: newer versions are only found" \
        "$(awk -F'\t' '$1 == "Upgrade" && $2 ~ /\/2$/ { print $4 }' "$work/$arch" | xargs)" \
        "{9C0B7F16-35A5-4C7A-9B7D-5A6B7E0D2F41} $version 2 NEWERFOUND"
    grep -qE '	(RELAYLCK\.EXE\|relaylock\.exe|RELAYLCK\|RelayLock)$' "$work/$arch" &&
        [ "$(grep -cE '	[A-Z0-9]{1,8}(\.[A-Z0-9]{1,3})?\|.*$' "$work/$arch")" = 2 ]
    report "$arch: names of files have a short form (ICE03)" $? "$(grep DefaultDir "$work/$arch")"
    equals "$arch: no hash for a file with a version (ICE60)" "$(grep -c '^MsiFileHash	[^(]' "$work/$arch")" 0
    equals "$arch: the file has its version" \
        "$(value $arch File relaylock.exe Version)-$(value $arch File relaylock.exe Language)" "$version.0-1033"

    # The order of things.
    awk -F'\t' -v OFS='\t' '$1 == "InstallExecuteSequence" && $3 == "Sequence" { print $4, $2 }' \
        "$work/$arch" | sort -n >"$work/sequence"
    equals "$arch: no two actions at once" "$(cut -f1 "$work/sequence" | uniq -d)" ''
    order=$(cut -f2 "$work/sequence" | xargs)
    for pattern in 'FindRelatedProducts LaunchConditions ' \
        ' LaunchConditions RefuseUser RefuseSettings RefuseKeepState NoRestart .*CostFinalize ' \
        ' InstallValidate RefuseNoRollback ProgramGoes KeepState KeepStateNow RelayLockPlan InstallInitialize ' \
        ' InstallInitialize RelayLockRestart RelayLockStop ProcessComponents ' \
        ' StopServices .*InstallFiles .*RelayLockTakeBack RelayLockInstall RelayLockRepair RelayLockStart InstallExecute' \
        ' InstallExecute RemoveExistingProducts RelayLockUninstall RelayLockUninstallNow InstallFinalize$'; do
        grep -qE "$pattern" <<<"$order"
        report "$arch: order:$pattern (ICE27, ICE63, ICE77)" $? "$order"
    done
    # 1: at once; 19: fails; 51: sets a property; 3073: in the script, as LocalSystem; 3329: rollback;
    # 3585: commit
    equals "$arch: what the actions are" \
        "$(awk -F'\t' '$1 == "CustomAction" && $3 == "Type" { print $2 "=" $4 }' "$work/$arch" | sort | xargs)" \
        'KeepState=51 KeepStateNow=51 NoRestart=51 ProgramGoes=51 RefuseKeepState=19 RefuseNoRollback=19 RefuseSettings=19 RefuseUser=19 RelayLockInstall=3073 RelayLockPlan=1 RelayLockRepair=3073 RelayLockRestart=3329 RelayLockStart=3073 RelayLockStop=3073 RelayLockTakeBack=3329 RelayLockUninstall=3585 RelayLockUninstallNow=3073'
    # When: without Windows, by the words. What runs with the rights of the caller, and what believes
    # his notes, must not where something is installed.
    while IFS='|' read -r action condition; do
        equals "$arch: when: $action" "$(value $arch InstallExecuteSequence "$action" Condition)" "$condition"
    done <<'END'
RefuseUser|NOT Privileged OR (ProductState = 1 AND NOT AdminUser AND UserSID <> "S-1-5-18")
RefuseSettings|Installed AND NOT REMOVE AND (LOCKACTION <> "" OR LIMITS <> "" OR EXEMPT <> "" OR OBSERVE <> "" OR STARTSERVICE <> "")
RelayLockPlan|NOT Installed AND NOT REMOVE
RelayLockTakeBack|NOT Installed AND NOT REMOVE
RelayLockInstall|NOT Installed AND NOT REMOVE
RelayLockRepair|Installed AND NOT REMOVE
NoRestart|
RefuseNoRollback|RollbackDisabled AND NOT REMOVE
ProgramGoes|Installed AND REMOVE ~= "ALL" AND NOT UPGRADINGPRODUCTCODE AND ($Program = 2 OR ?Program <> 3)
RelayLockUninstall|ProgramGoes AND NOT RollbackDisabled
END
    equals "$arch: an administrator is one on Windows Vista, too" \
        "$(value $arch Property MSIUSEREALADMINDETECTION Value)" 1
    equals "$arch: a caller's notes are left where nothing is installed alone" \
        "$(awk -F'\t' '$1 == "CustomAction" && $3 == "Type" && $4 == 1 { print $2 }' "$work/$arch")" RelayLockPlan
    equals "$arch: no launch condition on the user" \
        "$(grep -cE '^LaunchCondition	.*(Privileged|AdminUser)' "$work/$arch")" 0
    while IFS='|' read -r action words; do
        equals "$arch: what it says: $action" "$(value $arch CustomAction "$action" Target)" "$words"
    done <<'END'
RefuseUser|RelayLock is installed for the whole computer: start the installation as an administrator.
RefuseSettings|RelayLock is installed already: LOCKACTION, LIMITS, EXEMPT, OBSERVE and STARTSERVICE are for an installation or upgrade. Change settings with: relaylock install --set NAME=VALUE. Nothing was changed.
RefuseKeepState|The property KEEPSTATE cannot be "[KEEPSTATE]"; allowed: 0 or 1. Nothing was changed.
RefuseNoRollback|Rollback is switched off (DISABLEROLLBACK, a policy, or the disk is too full for it): a failure would leave the mail server without RelayLock. Switch it on, or make room. Nothing was changed.
END
    sequenced=$(comm -23 <(awk -F'\t' '$1 == "CustomAction" && $3 == "Action" { print $4 }' "$work/$arch" | sort) \
        <(cut -f2 "$work/sequence" | sort))
    equals "$arch: every action has its turn" "$sequenced" ''

    # What is in it.
    msiinfo extract "$msi" Binary.Actions >"$work/actions.dll"
    cmp -s "$work/actions.dll" "build/$arch/actions.dll"
    report "$arch: the actions are those that were built" $? "they differ"
    case $arch in x86) objdump=i686-w64-mingw32-objdump ;; x64) objdump=x86_64-w64-mingw32-objdump ;; esac
    missing=$(comm -23 <(awk -F'\t' '$1 == "CustomAction" && $2 ~ /^RelayLock/ && $3 == "Target" { print $4 }' "$work/$arch" | sort -u) \
        <($objdump -p "$work/actions.dll" | awk '/^\t\[ *[0-9]+\] RelayLock/ { print $NF }' | sort -u))
    equals "$arch: the actions are there" "$missing" ''
    rm -rf "$work/files"
    msiextract -C "$work/files" "$msi" >/dev/null 2>&1
    equals "$arch: the files" "$(cd "$work/files" && find . -type f | sed 's,.*/RelayLock/,,')" relaylock.exe
    cmp -s "$(find "$work/files" -name relaylock.exe)" "build/$arch/relaylock.exe"
    report "$arch: the program is the one that was built" $? "it differs"
    equals "$arch: its size" "$(value $arch File relaylock.exe FileSize)" "$(stat -c %s "build/$arch/relaylock.exe")"
    [ "$(stat -c %s "$msi")" -le 524288 ]
    report "$arch: it is at most 512 KB ($(($(stat -c %s "$msi") / 1024)) KB)" $? "$(stat -c %s "$msi") bytes"
done
"$(dirname "$0")/check-imports.sh" build/x86/actions.dll || failed=1

# ---- checksums and the bill of materials ------------------------------------------------------

sums=$(cd build && sha256sum -c SHA256SUMS 2>&1 | grep -c ': OK$')
equals "SHA256SUMS is right, of all three files" "$sums" 3
sbom=build/relaylock-$version.cdx.json
jq -e '.bomFormat == "CycloneDX" and .specVersion == "1.5" and .version == 1 and
    (.serialNumber | test("^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")) and
    (.metadata.timestamp | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$"))' "$sbom" >/dev/null
report "the bill of materials is CycloneDX 1.5" $? "$(head -c 300 "$sbom")"
# The schema's required fields and closed sets; a component has either kind of licence.
jq -e '[.metadata.component, .metadata.component.components[], .components[]] | all(
    (.type | IN("application", "library", "file")) and (.name | length > 0) and
    (.version | length > 0) and (."bom-ref" | length > 0) and
    ((.hashes // []) | all(.alg == "SHA-256" and (.content | test("^[0-9a-f]{64}$")))) and
    ((.licenses // []) | all((.expression | type == "string") or (.license.id | type == "string"))))' \
    "$sbom" >/dev/null
report "its components have what the specification requires" $? "$(jq -c .components "$sbom")"
jq -e '[.metadata.component, .metadata.component.components[], .components[]] | map(."bom-ref") |
    length == (unique | length)' "$sbom" >/dev/null &&
    jq -e '([.metadata.component, .components[]] | map(."bom-ref")) as $known |
        .dependencies | all(.ref as $ref | ($known | index($ref)) and
            (.dependsOn | all(. as $on | $known | index($on))))' "$sbom" >/dev/null
report "its references lead somewhere, once each" $? "$(jq -c .dependencies "$sbom")"
equals "it has the installers as they are" \
    "$(jq -r '.metadata.component.components[] | .hashes[0].content + "  " + .name' "$sbom" | sort)" \
    "$(cd build && sha256sum "relaylock-$version-x86.msi" "relaylock-$version-x64.msi" | sort)"
equals "it has what is linked in, as it is installed" \
    "$(jq -r '.components[].purl' "$sbom" | sed 's/%2B/+/g; s/%3A/:/g; s/^pkg:deb.debian.//; s/@/ /' | sort)" \
    "$(dpkg-query -W -f '${Package} ${Version}\n' mingw-w64-{i686,x86-64}-dev gcc-mingw-w64-{i686,x86-64}-win32 | sort)"
exit $failed
