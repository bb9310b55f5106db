#!/bin/bash
# build_msi.sh x86|x64 VERSION EXE DLL MSI: the installer of one architecture, with EXE as its
# relaylock.exe and DLL as its actions.
#
# The same input gives the same bytes, wherever and whenever: the codes that have to differ from
# package to package are made from what is in it, and all times are SOURCE_DATE_EPOCH.
set -euo pipefail
arch=$1 version=$2 exe=$3 dll=$4
msi=$(realpath -m "$5")
here=$(dirname "$(realpath "$0")")
tab=$'\t'

# Never to be changed: by its code Windows knows a component across versions.
case $arch in
x86) program_files=ProgramFilesFolder win64=no component=5D0E3B0C-7A0F-4B0E-8E52-0C6E1F3C8A86 ;;
x64) program_files=ProgramFiles64Folder win64=yes component=B1F3D2C4-6E7A-4F1D-9C33-7D5A2E94C064 ;;
*) echo "build_msi.sh: x86 or x64, not '$arch'" >&2; exit 2 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# code NAME: a GUID that depends on everything that goes into the package, and on NAME.
code() {
    { echo "$1 $arch $version $SOURCE_DATE_EPOCH"
        cat "$here/relaylock.wxs" "$here/build_msi.sh" "$work/relaylock.exe" "$work/actions.dll"; } |
        sha256sum | tr a-f A-F | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-5\3-8\4-\5/'
}

# rewrite TABLE AWK-PROGRAM: puts the rows of a table through awk; the three lines before them stay.
rewrite() {
    msiinfo export "$work/relaylock.msi" "$1" | tr -d '\r' |
        awk -F'\t' -v OFS='\t' "NR <= 3 { print; next } $2" >"$work/$1.idt"
    msibuild "$work/relaylock.msi" -i "$work/$1.idt"
}

cp "$exe" "$work/relaylock.exe"
cp "$dll" "$work/actions.dll"
touch -d "@$SOURCE_DATE_EPOCH" "$work"/* # the cabinet keeps the file's time
export TZ=UTC
(cd "$work" && wixl -a "$arch" -D "Arch=$arch" -D "Version=$version" -D "Win64=$win64" \
    -D "ProgramFiles=$program_files" -D "ProductCode=$(code product)" \
    -D "ComponentCode=$component" -o relaylock.msi "$here/relaylock.wxs")

# Rollback actions are 0x100, commit actions 0x200; 19 fails with its text; wixl has 2099 for 51,
# which sets a property. The column ExtendedType came after Windows Installer 2.0.
msiinfo export "$work/relaylock.msi" CustomAction | tr -d '\r' | awk -F'\t' -v OFS='\t' '
    $1 ~ /^RelayLock(Restart|TakeBack)$/ { $2 += 256 }
    $1 == "RelayLockUninstall" { $2 += 512 }
    $2 == 2099 { $2 = 51 }
    $1 ~ /^Refuse/ { $2 = 19; $3 = "" }
    NR == 3 { print; next }
    { print $1, $2, $3, $4 }' >"$work/CustomAction.idt"
msibuild "$work/relaylock.msi" -q 'DROP TABLE `CustomAction`' -i "$work/CustomAction.idt"
# The version of a file that has one must be here too, or an upgrade would leave the old file; the
# hash is for files that have none.
rewrite File "{ \$5 = \"$version.0\"; \$6 = \"1033\"; print }"
rewrite MsiFileHash '{ next }'
# Older ones: the version itself included (0x200).
rewrite Upgrade '$7 == "OLDERFOUND" { $5 += 512 } { print }'
# What may be said to the installer when it runs with more rights than whoever says it.
rewrite Property '$1 == "SecureCustomProperties" {
    $2 = $2 ";LOCKACTION;LIMITS;EXEMPT;OBSERVE;STARTSERVICE;KEEPSTATE" } { print }'
time=$(date -u -d "@$SOURCE_DATE_EPOCH" '+%Y/%m/%d %H:%M:%S')
rewrite _SummaryInformation "\$1 == 9 { \$2 = \"{$(code package)}\" }
    \$1 == 12 || \$1 == 13 { \$2 = \"$time\" } { print }"
mv "$work/relaylock.msi" "$msi"
