#!/bin/bash
# lab_setup.sh PREFIX BINDIR EXE...: makes the Wine prefix PREFIX an Exchange host in miniature.
#
# BINDIR has what lab.mk builds. Programs named EXE... (file names) use the lab wherever they lie in
# a directory that has the lab's advapi32.dll; it is put into C:\lab, and beside every EXE of this
# list that is given with its path. Running it again empties the lab and is quick. Leaves a session
# (../wine-session.sh) begun.
set -eu
here=$(dirname "$(realpath "$0")")
prefix=$1
bin=$2
shift 2
wine=("$here/../wine.sh" "$prefix")

"$here/../wine-session.sh" begin "$prefix"
"${wine[@]}" cmd /c exit
drive=$prefix/drive_c
mkdir -p "$drive/lab"
install_file() { # only what changed: a DLL in use must not be written to
    cmp -s "$1" "$2" || { rm -f "$2" && cp "$1" "$2"; }
}
for file in lab.exe lab_eventlog.exe; do
    if ! cmp -s "$bin/$file" "$drive/lab/$file"; then
        "${wine[@]}" net stop EventLog >/dev/null 2>&1 || true
        install_file "$bin/$file" "$drive/lab/$file"
    fi
done
for dll in netapi32 wevtapi; do
    install_file "$bin/$dll.dll" "$drive/windows/system32/$dll.dll"
    install_file "$bin/${dll}_wine.dll" "$drive/windows/system32/${dll}_wine.dll"
done
names=()
for exe in "$@"; do
    names+=("$(basename "$exe")")
    if [ -f "$exe" ]; then
        for dll in advapi32 advapi32_wine; do
            install_file "$bin/$dll.dll" "$(dirname "$exe")/$dll.dll"
        done
    fi
done
for dll in advapi32 advapi32_wine; do
    install_file "$bin/$dll.dll" "$drive/lab/$dll.dll"
done
"${wine[@]}" 'C:\lab\lab.exe' reset
code=0
"${wine[@]}" 'C:\lab\lab.exe' install "${names[@]}" || code=$?
if [ "$code" = 3 ]; then # Wine's own EventLog service runs still: it goes with this session
    "$here/../wine-session.sh" begin "$prefix"
    "${wine[@]}" 'C:\lab\lab.exe' install "${names[@]}"
else
    [ "$code" = 0 ]
fi
