#!/bin/bash
# check-reproducible.sh VERSION: the same sources, built in another folder and at another time, give
# the same bytes: programs, installers, bill of materials.
set -eu
product=relaylock-$1
copy="build/re produce" # and in a folder with a space in its name
rm -rf "$copy"
mkdir -p "$copy"
cp -r mingw.mk service installer tests "$copy"
make -C "$copy" -f mingw.mk -j"$(nproc)" msi >"$copy/log" 2>&1 || { tail "$copy/log"; exit 1; }
for file in build/x86/relaylock.exe build/x64/relaylock.exe "build/$product-x86.msi" \
    "build/$product-x64.msi" "build/$product.cdx.json" build/SHA256SUMS; do
    if cmp "$file" "$copy/$file"; then
        echo "ok $file has the same bytes when built elsewhere"
    else
        echo "not ok $file differs when built elsewhere"
        exit 1
    fi
done
rm -rf "$copy"
