#!/bin/bash
# check-functions.sh: nothing that ships calls a function of functions.txt: no source; no object,
# which has what macros and compilers made of the source; and no exe by import.
set -u
cd "$(dirname "$0")/../.."
failed=0
banned=$(grep -v '^#' tests/check/functions.txt | tr -s ' \n' '|')
banned=${banned%|}
# In a source it is C11's, with the room as an argument; by that name in an object, msvcrt's
# without.
unsized='v?swprintf'

check() { # NAME FOUND
    if [ -z "$2" ]; then
        echo "ok $1"
    else
        echo "not ok $1:" $2
        failed=1
    fi
}

mapfile -t sources < <(find service installer -name '*.[ch]')
[ "${#sources[@]}" -gt 100 ] || { echo "not ok only ${#sources[@]} sources found"; exit 1; }
check "no source calls a function that can overflow" \
    "$(grep -nE "(^|[^A-Za-z0-9_>.])($banned) *\(" "${sources[@]}" | cut -d: -f1-2)"

# The names in objects without what linkers add: _name@12 (x86), __imp_name, __name_chk.
for kind in x86 x64 native; do
    mapfile -t objects < <(find build/$kind/service build/$kind/installer -name '*.o')
    [ "${#objects[@]}" -gt 75 ] || { echo "not ok $kind: only ${#objects[@]} objects"; exit 1; }
    prefix=
    [ $kind = x86 ] && prefix=_
    check "no $kind object needs one" "$(nm -A -u "${objects[@]}" |
        sed -E "s/^([^:]+): +[Uw] (__imp_)?$prefix/\1:/; s/@[0-9]+$//; s/:__(.+)_chk$/:\1/" |
        grep -E ":($banned|$unsized)$")"
done
for kind in x86 x64; do
    tool=i686-w64-mingw32
    [ $kind = x64 ] && tool=x86_64-w64-mingw32
    imports=$($tool-objdump -p build/$kind/relaylock.exe | awk '/^\t[0-9a-f]+\t/ { print $NF }')
    [ -n "$imports" ] || { echo "not ok $kind: no imports found"; exit 1; }
    check "the $kind exe imports none" "$(grep -xE "$banned|$unsized" <<<"$imports")"
done
exit $failed
