#!/bin/bash
# check-exe.sh EXE x86|x64: what a shipped exe must be: small, self-contained, hardened, named.
#
# Prints one line a property; exit status 1 when one of them is not so.
set -u
exe=$1
kind=$2
here=$(dirname "$0")
failed=0
case $kind in
x86) tool=i686-w64-mingw32 ;;
x64) tool=x86_64-w64-mingw32 ;;
*) echo "check-exe.sh: x86 or x64, not '$kind'" >&2; exit 2 ;;
esac
headers=$($tool-objdump -p "$exe") || exit 1
sections=$($tool-objdump -h "$exe") || exit 1

check() { # NAME CONDITION-EXIT-STATUS DETAIL
    if [ "$2" = 0 ]; then
        echo "ok $kind: $1"
    else
        echo "not ok $kind: $1: $3"
        failed=1
    fi
}

if [ "$kind" = x86 ]; then
    "$here/check-imports.sh" "$exe" || failed=1
fi
foreign=$(awk '/DLL Name:/ { print tolower($3) }' <<<"$headers" | sort -u |
    grep -vxE '(kernel32|advapi32|netapi32|msvcrt|user32|shell32|ntdll)\.dll')
[ -z "$foreign" ]
check "needs no DLL of its own" $? "$foreign"

size=$(stat -c %s "$exe")
[ "$size" -le 409600 ]
check "is at most 400 KB ($((size / 1024)) KB)" $? "$size bytes"

grep -q NX_COMPAT <<<"$headers"
check "is marked for DEP" $? "no NX_COMPAT"
grep -q DYNAMIC_BASE <<<"$headers" && grep -q '\.reloc' <<<"$sections"
check "can be placed anywhere (ASLR)" $? "no DYNAMIC_BASE or no .reloc"
if [ "$kind" = x64 ]; then
    grep -q HIGH_ENTROPY_VA <<<"$headers"
    check "uses 64-bit ASLR" $? "no HIGH_ENTROPY_VA"
    wanted='MajorSubsystemVersion 5 MinorSubsystemVersion 2'
else
    wanted='MajorSubsystemVersion 5 MinorSubsystemVersion 0'
fi
version=$(awk '/^M(aj|in)orSubsystemVersion/ { print $1, $2 }' <<<"$headers" | xargs)
[ "$version" = "$wanted" ]
check "is for Windows 5.x" $? "$version"
$tool-nm "$(dirname "$exe")/librelaylock.a" 2>/dev/null | grep -q __stack_chk_fail
check "is built with a stack protector" $? "no __stack_chk_fail"
grep -q 'requestedExecutionLevel level="asInvoker"' "$exe"
check "has an asInvoker manifest" $? "not found"
strings -el "$exe" | grep -qx 'FileVersion' && strings -el "$exe" | grep -qx "$3"
check "has a version resource ($3)" $? "not found"
exit $failed
