#!/bin/bash
# run_lab.sh acceptance [OPTION...]: the acceptance program in the lab, as on a real host: its folder
# is copied, and run.cmd started in it.
# run_lab.sh commands: every command of the docs, word by word.
# run_lab.sh sight: what RelayLock says when it cannot see, through either reader.
# run_lab.sh verdicts: the same verdicts from every source.
# run_lab.sh crash [KILLS]: relaylock.exe killed in one call of a lock-down after another (crash.c).
#
# The lab lends what a test of a single host cannot have: a domain whose controller can be taken
# away or made to hang and that has one enabled administrator, look-ups that hang, and account
# changes that are denied.
set -euo pipefail
what=$1
shift
prefix=build/lab/$what
folder=$prefix/drive_c/$what

clean_up() {
    WINEPREFIX=$(realpath "$prefix") wineserver -k 2>/dev/null || true
}
trap clean_up EXIT

programs=("$folder"/{relaylock,acceptance,lab}.exe)
# A host that nobody used before.
[ ! -d "$prefix" ] || clean_up
rm -rf "$prefix"
mkdir -p "$folder"
cp -r build/acceptance/x64/. "$folder"
cp build/lab/lab.exe "$folder"
if [ "$what" != acceptance ]; then
    cp build/lab/{sc,net,crash}.exe tests/data/SysEvent.Evt "$folder"
    programs+=("$folder"/net.exe)
fi
tests/lab/lab_setup.sh "$prefix" build/lab "${programs[@]}" >"$prefix.log" 2>&1 ||
    { cat "$prefix.log"; exit 1; }

# Stays up between two commands, however long the machine takes: otherwise the host would be booted
# anew for the next one. One that is up already refuses to.
clean_up
WINEPREFIX=$(realpath "$prefix") wineserver -w
WINEPREFIX=$(realpath "$prefix") wineserver -p

in_folder() {
    (cd "$folder" && ../../../../../tests/wine.sh ../.. "$@")
}

case $what in
acceptance)
    in_folder lab.exe user add expendable --domain
    in_folder lab.exe user add lastadmin --domain --admin
    in_folder lab.exe user disable Administrator --domain
    in_folder cmd /c run.cmd --domain-account 'LAB\expendable' --last-admin 'LAB\lastadmin' \
        --dc-down 'lab fault dc=gone' --dc-up 'lab fault dc=here' \
        --dc-hang 'lab fault net_delay_ms=30000' --dc-release 'lab fault net_delay_ms=0' \
        --lookup-hang 'lab fault lookup_delay_ms=30000' \
        --lookup-release 'lab fault lookup_delay_ms=0' \
        --deny 'lab fault net_set_error=5' --allow 'lab fault net_set_error=0' \
        --log-down 'net stop EventLog' --log-up 'net start EventLog' \
        --clear-log --load "$@"
    ;;
commands | sight | verdicts)
    . "tests/lab/$what.sh"
    ;;
crash)
    in_folder relaylock.exe install
    in_folder crash.exe "$@"
    ;;
*)
    echo "run_lab.sh: acceptance, commands, sight, verdicts or crash, not '$what'" >&2
    exit 2
    ;;
esac
