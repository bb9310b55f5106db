#!/bin/bash
# check-imports.sh EXE...: each 32-bit exe imports only what an NT 5.2 system exports
# (tests/data/nt52-exports.txt), so that Server 2003 can load it.
set -u
here=$(dirname "$0")
failed=0
exports=$(awk '!/^#/ { print tolower($1), $2 }' "$here/data/nt52-exports.txt" | sort -u)
for exe in "$@"; do
    imports=$(i686-w64-mingw32-objdump -p "$exe" |
        awk '/DLL Name:/ { dll = tolower($3) } /^\t[0-9a-f]+\t/ { print dll, $NF }' | sort -u)
    unknown=$(comm -23 <(echo "$imports") <(echo "$exports"))
    if [ -z "$imports" ]; then
        echo "not ok $exe: its imports cannot be listed"
        failed=1
    elif [ -n "$unknown" ]; then
        echo "not ok $exe: imports what Server 2003 does not export: $(tr '\n' ';' <<<"$unknown")"
        failed=1
    else
        echo "ok $exe: all $(wc -l <<<"$imports") imports are exports of Server 2003"
    fi
done
exit $failed
