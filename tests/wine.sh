#!/bin/bash
# wine.sh PREFIX COMMAND...: runs a Windows program in a Wine prefix, which is made on first use.
#
# Two programs at once may ask for the same prefix: one makes it, the other waits.
#
# With WINE_LIMIT=SECONDS, a program that takes longer is ended with all that runs in the prefix, and
# the exit status is 124; PREFIX.hung then says which one it was and what ran beside it.
set -eu
WINEPREFIX=$(realpath -m "$1")
shift
export WINEPREFIX WINEARCH=win64 WINEDEBUG="${WINEDEBUG:--all}"
# No .NET, no browser, no menu entries: nothing here needs them, and they ask to be installed.
export WINEDLLOVERRIDES="${WINEDLLOVERRIDES:-mscoree=;mshtml=;winemenubuilder.exe=}"
unset DISPLAY

# The processes of the prefix; and in a line a thread, the calls that it is in, the innermost
# first.
show_processes() {
    local ids
    ids=$(grep -lzxF "WINEPREFIX=$WINEPREFIX" /proc/[0-9]*/environ 2>/dev/null |
        sed -E 's:/proc/([0-9]+)/.*:\1:' | paste -sd,)
    ps -o pid,ppid,etimes,time,stat,wchan:20,args -p "${ids:-$$}"
    timeout -k 5 60 wine winedbg --command 'bt all' </dev/null 2>&1 | tr -d '\r' | awk '
        function show() { if (calls) print thread calls; calls = "" }
        /^Backtracing for thread/ { show(); thread = $NF " " $4 ":" }
        match($0, /^(=>| )? *[0-9]+ 0x[0-9a-f]+ [A-Za-z_][A-Za-z_0-9]*[+(]/) {
            split(substr($0, RSTART, RLENGTH - 1), word, " "); calls = calls " " word[3] }
        END { show() }'
}

# In the background, so that a clock can run beside it.
run_within() { # SECONDS COMMAND...
    local limit=$1 program clock ended status=0
    shift
    "$@" <&0 &
    program=$!
    # Not on our output: whoever reads that would wait for the clock.
    sleep "$limit" </dev/null >/dev/null 2>&1 &
    clock=$!
    wait -n -p ended "$program" "$clock" || status=$?
    if [ "$ended" = "$program" ]; then
        disown "$clock" # its end is not to be told
        kill "$clock"
        return $status
    fi
    {
        echo "hung for $limit s: $*"
        show_processes
    } >"$WINEPREFIX.hung"
    wineserver -k || true
    kill -9 "$program" 2>/dev/null || true
    return 124
}
within() {
    if [ -n "${WINE_LIMIT:-}" ]; then
        run_within "$WINE_LIMIT" "$@"
    else
        "$@"
    fi
}

if [ ! -f "$WINEPREFIX/made" ]; then
    mkdir -p "$WINEPREFIX"
    (
        flock 9
        if [ ! -f "$WINEPREFIX/made" ]; then
            within wine wineboot --init >"$WINEPREFIX/wineboot.log" 2>&1 || {
                cat "$WINEPREFIX/wineboot.log" >&2
                exit 1
            }
            touch "$WINEPREFIX/made"
        fi
    ) 9>"$WINEPREFIX/lock"
fi
# One of Wine's own by its path: by its name, Wine would start it through another of its programs,
# which takes as long again and, once in some thousand times, fails.
own=$WINEPREFIX/drive_c/windows/system32/${1%.exe}.exe
if [[ $1 != *[/\\]* ]] && [ ! -e "${1%.exe}.exe" ] && [ -e "$own" ]; then
    set -- "$own" "${@:2}"
fi
if [ -z "${WINE_LIMIT:-}" ]; then
    exec wine "$@"
fi
within wine "$@"
