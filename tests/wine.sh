#!/bin/bash
# wine.sh PREFIX COMMAND...: runs a Windows program in a Wine prefix, which is made on first use.
#
# Two programs at once may ask for the same prefix: one makes it, the other waits.
set -eu
WINEPREFIX=$(realpath -m "$1")
shift
export WINEPREFIX WINEARCH=win64 WINEDEBUG="${WINEDEBUG:--all}"
# No .NET, no browser, no menu entries: nothing here needs them, and they ask to be installed.
export WINEDLLOVERRIDES="${WINEDLLOVERRIDES:-mscoree=;mshtml=;winemenubuilder.exe=}"
unset DISPLAY

if [ ! -f "$WINEPREFIX/made" ]; then
    mkdir -p "$WINEPREFIX"
    (
        flock 9
        if [ ! -f "$WINEPREFIX/made" ]; then
            wine wineboot --init >"$WINEPREFIX/wineboot.log" 2>&1 || {
                cat "$WINEPREFIX/wineboot.log" >&2
                exit 1
            }
            touch "$WINEPREFIX/made"
        fi
    ) 9>"$WINEPREFIX/lock"
fi
exec wine "$@"
