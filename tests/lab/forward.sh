#!/bin/bash
# forward.sh DLL OWN.def: a module definition on standard output that exports what OWN.def lists and
# forwards every other name of DLL to <name>_wine, the copy of DLL that lies beside it.
#
# OWN.def lists one name a line.
set -eu
base=$(basename "$1" .dll)
echo "LIBRARY $base.dll"
echo EXPORTS
cat "$2"
# Names by their place in the table of ordinals: only those that have one.
objdump -p "$1" | awk '/^\[Ordinal\/Name Pointer\] Table/ { on = 1; next }
    on && NF == 0 { exit }
    on && match($0, /\] /) { print $NF }' | sort -u |
    grep -vxF -f "$2" | sed "s/.*/& = ${base}_wine.&/"
