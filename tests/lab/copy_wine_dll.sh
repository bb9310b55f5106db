#!/bin/bash
# copy_wine_dll.sh DLL COPY: a copy of one of Wine's own DLLs that Wine loads under another name: it
# takes a DLL for its own by a mark behind the DOS header, which is overwritten here.
set -eu
mark='Wine builtin DLL'
offset=$(grep -obUa -m1 "$mark" "$1" | head -1 | cut -d: -f1)
if [ "$offset" != 64 ]; then
    echo "copy_wine_dll.sh: $1 has no Wine mark where one is expected" >&2
    exit 1
fi
cp "$1" "$2"
printf 'Lab copy of Wine' | dd of="$2" bs=1 seek="$offset" conv=notrunc status=none
