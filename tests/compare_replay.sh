#!/bin/bash
# compare_replay.sh EXE NATIVE MAKE_LOG: replay says the same on Windows (the exe, under Wine) and on
# Linux, in every format and with every option, on a generated log. Text mode ends lines with CR LF
# on Windows; that is all that may differ.
set -u
exe=$1 native=$2 make_log=$3
folder=build/tests/compare
rm -rf "$folder"
mkdir -p "$folder"
"$make_log" 20000 "$folder/a.evt" || exit 1
printf '# new limits\r\nLimits=8/10m,20/1h\r\nAccounts\\CONTOSO/user5=100/1h\r\n' >"$folder/new"
failed=0

compare() { # ARGUMENTS...
    local name="replay $*" status=0 expected=0
    "$native" replay "$@" "$folder/a.evt" >"$folder/native.out" 2>"$folder/native.err" || expected=$?
    tests/wine.sh build/wine "$exe" replay "$@" "$folder/a.evt" >"$folder/wine.out" \
        2>"$folder/wine.err" || status=$?
    sed -i 's/\r$//' "$folder"/{native,wine}.{out,err}
    if [ $status = $expected ] && [ -s "$folder/native.out" ] &&
        cmp "$folder/native.out" "$folder/wine.out" && cmp "$folder/native.err" "$folder/wine.err"
    then
        echo "ok $name"
    else
        echo "not ok $name: exit status $status on Windows, $expected on Linux"
        failed=1
    fi
}

for format in '' --json --csv; do
    compare $format
    compare $format --sweep
    compare $format --sweep=3,6,9/90s,2h/2,3
    compare $format --explain abused1
    compare $format --diff Limits=6/10m --diff MaxLocksPerHour=2
    compare $format --diff "@$folder/new" --set Limits=9/10m
done
compare --json --sweep --explain user5 --diff "@$folder/new"
exit $failed
