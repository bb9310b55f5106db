#!/bin/bash
# check-reproducible.sh: the same sources, built in another folder, give the same bytes.
set -eu
copy="build/re produce" # and in a folder with a space in its name
rm -rf "$copy"
mkdir -p "$copy"
cp -r mingw.mk service tests "$copy"
for exe in build/x86/relaylock.exe build/x64/relaylock.exe; do
    make -C "$copy" -f mingw.mk "$exe" >"$copy/log" 2>&1 || { tail "$copy/log"; exit 1; }
    if cmp "$exe" "$copy/$exe"; then
        echo "ok $exe has the same bytes when built elsewhere"
    else
        echo "not ok $exe differs when built elsewhere"
        exit 1
    fi
done
rm -rf "$copy"
