#!/bin/bash
# check-exe.sh EXE x86|x64: what a shipped exe must be: small, self-contained, hardened, named.
#
# Prints one line a property; exit status 1 when one of them is not so.
set -u
. tests/report.sh
exe=$1
kind=$2
about=$kind
case $kind in
x86) tool=i686-w64-mingw32 ;;
x64) tool=x86_64-w64-mingw32 ;;
*) echo "check-exe.sh: x86 or x64, not '$kind'" >&2; exit 2 ;;
esac
headers=$($tool-objdump -p "$exe") || exit 1
sections=$($tool-objdump -h "$exe") || exit 1

if [ "$kind" = x86 ]; then
    tests/check-imports.sh "$exe" || failed=1
fi
# Only known DLLs of Windows (Knowledge Base 164501): all others are looked for beside the exe first.
foreign=$(awk '/DLL Name:/ { print tolower($3) }' <<<"$headers" | sort -u |
    grep -vxE '(kernel32|advapi32|msvcrt)\.dll')
[ -z "$foreign" ]
report "imports from known DLLs alone" $? "$foreign"
# What it never does: neither imported, nor named so that it could be looked up.
names=$({ awk '/^\t[0-9a-f]+\t/ { print $NF }' <<<"$headers"; strings -n 4 "$exe"; strings -n 4 -el "$exe"; } | sort -u)
never=$(grep -iE '^(Create(Remote)?Process|WinExec|ShellExecute|Create(Named)?Pipe|CreateRemoteThread|_?w?(system|popen|spawn|exec)[a-z]*$|WSA|socket$|connect$|(ws2_32|wsock32|wininet|winhttp|urlmon)\.dll$)' <<<"$names")
[ -z "$never" ]
report "starts no process, opens no socket and no pipe" $? "$(tr '\n' ' ' <<<"$never")"

# What service/windows/console_stream.c does not stand in for would go past it.
past=$(awk '/^\t[0-9a-f]+\t/ { print $NF }' <<<"$headers" |
    grep -xE 'puts|putc|_?f?putw?char|_?f?putw[cs]|v?w?printf|v?fwprintf|perror|SetConsoleOutputCP')
[ -z "$past" ]
report "prints to a console through console_stream.c alone" $? "$(tr '\n' ' ' <<<"$past")"

# Not for the disk's sake: what makes it grow past this was seldom meant (a library of floating
# point, tables written twice, code inlined everywhere). Raise it for what is worth it, and say so.
size=$(stat -c %s "$exe")
[ "$size" -le 557056 ]
report "is at most 544 KB ($((size / 1024)) KB)" $? "$size bytes"

grep -q NX_COMPAT <<<"$headers"
report "is marked for DEP" $? "no NX_COMPAT"
grep -q DYNAMIC_BASE <<<"$headers" && grep -q '\.reloc' <<<"$sections"
report "can be placed anywhere (ASLR)" $? "no DYNAMIC_BASE or no .reloc"
if [ "$kind" = x64 ]; then
    grep -q HIGH_ENTROPY_VA <<<"$headers"
    report "uses 64-bit ASLR" $? "no HIGH_ENTROPY_VA"
    wanted='MajorSubsystemVersion 5 MinorSubsystemVersion 2'
else
    wanted='MajorSubsystemVersion 5 MinorSubsystemVersion 0'
fi
version=$(awk '/^M(aj|in)orSubsystemVersion/ { print $1, $2 }' <<<"$headers" | xargs)
[ "$version" = "$wanted" ]
report "is for Windows 5.x" $? "$version"
strings "$exe" | grep -q 'stack smashing detected'
report "is built with a stack protector" $? "__stack_chk_fail is not in it"
grep -q 'requestedExecutionLevel level="asInvoker"' "$exe"
report "has an asInvoker manifest" $? "not found"
strings -el "$exe" | grep -qx 'FileVersion' && strings -el "$exe" | grep -qx "$3"
report "has a version resource ($3)" $? "not found"
exit $failed
