#!/bin/bash
# run_lab.sh acceptance [OPTION...]: the acceptance program in the lab, as on a real host: its folder
# is copied, and run.cmd started in it.
# run_lab.sh commands: every command of the docs, word by word.
# run_lab.sh sight: what RelayLock says when it cannot see, through either reader.
# run_lab.sh queue_watch: what RelayLock tells of a queue that grows, and when it locks nobody for it.
# run_lab.sh doctor: what `relaylock doctor` says, and that its cures cure.
# run_lab.sh verdicts: the same verdicts from every source.
# run_lab.sh install: RelayLock's whole life by its installer, each command of docs/install.md.
# run_lab.sh rollback: an installation, an upgrade and a removal made to fail at each action in turn.
# run_lab.sh hostile: DLLs and links that somebody planted.
# run_lab.sh quarantine [KILLS]: messages moved out of the queue and back, and relaylock.exe killed
# in one call of that after another.
# run_lab.sh load [EVENTS NAMES SECONDS]: floods of sign-ins (load.sh).
# run_lab.sh crash [KILLS]: relaylock.exe killed in one call of a lock-down after another (crash.c).
#
# The lab lends what a test of a single host cannot have: a domain whose controller can be taken
# away or made to hang and that has one enabled administrator, look-ups that hang, and account
# changes that are denied.
#
# A command that hangs ends the test: it is named, with the processes that ran. The host is left for a
# look if something failed; otherwise it goes, for it takes some 700 MB.
set -euo pipefail
what=$1
shift
prefix=build/lab/$what
folder=$prefix/drive_c/$what
root=$PWD
export WINE_LIMIT=90 # seconds; but for two of them, commands take a few

clean_up() {
    tests/wine-session.sh end "$prefix"
}
finish() {
    local status=$?
    clean_up
    [ ! -e "$prefix.again" ] || cat "$prefix.again"
    [ $status != 0 ] || rm -rf "$prefix"
    if [ -e "$prefix.hung" ]; then
        sed '1s/^/not ok /' "$prefix.hung"
    fi
}
trap finish EXIT
trap 'exit 1' TERM

wine_in_folder() {
    local status=0
    (cd "$folder" && "$root/tests/wine.sh" "$root/$prefix" "$@") || status=$?
    if [ -e "$prefix.hung" ]; then
        kill $$ # also from a subshell
        exit 1
    fi
    return $status
}

# The same, of a command that is soon over. Once in some thousand times a program dies in Wine before
# it has begun, with exit status 1 and not a word: then it is started again, which is told at the end.
in_folder() {
    local status said=$prefix.said.$BASHPID
    for _ in 1 2 3; do
        status=0
        wine_in_folder "$@" >"$said" 2>"$said.error" || status=$?
        [ $status = 1 ] && [ ! -s "$said" ] && [ ! -s "$said.error" ] || break
        echo "once more, as it died before it had begun: $*" >>"$prefix.again"
    done
    cat "$said"
    cat "$said.error" >&2
    rm -f "$said" "$said.error"
    return $status
}

# Wine ends with its last program, and its services with it: one that waits for a line, to the end.
stay_up() {
    exec 9> >(WINE_LIMIT='' wine_in_folder cmd /c 'set /p line=' >/dev/null 2>&1)
}

programs=("$folder"/{relaylock,acceptance,lab}.exe)
# A host that nobody used before.
clean_up
rm -rf "$prefix" "$prefix".{hung,again}
mkdir -p "$folder"
cp -r build/acceptance/x64/. "$folder"
cp build/lab/lab.exe "$folder"
if [ "$what" != acceptance ]; then
    cp build/lab/{sc,net,wevtutil,crash,load}.exe tests/data/SysEvent.Evt "$folder"
    programs+=("$folder"/{net,load}.exe)
fi
if [ "$what" = install ] || [ "$what" = rollback ]; then
    cp build/lab/certutil.exe build/relaylock-*-x64.msi build/next/build/relaylock-*-x64.msi "$folder"
    programs+=(msiexec.exe)
fi
tests/lab/lab_setup.sh "$prefix" build/lab "${programs[@]}" >"$prefix.log" 2>&1 ||
    { cat "$prefix.log"; exit 1; }

if [ "$what" = install ] || [ "$what" = rollback ]; then
    . tests/lab/installer_host.sh
fi

# Booted anew, and up between two commands, however long the machine takes.
tests/wine-session.sh begin "$prefix"

case $what in
acceptance)
    in_folder lab.exe user add expendable --domain
    in_folder lab.exe user add lastadmin --domain --admin
    in_folder lab.exe user disable Administrator --domain
    WINE_LIMIT=2300 wine_in_folder cmd /c run.cmd --domain-account 'LAB\expendable' --last-admin 'LAB\lastadmin' \
        --dc-down 'lab fault dc=gone' --dc-up 'lab fault dc=here' \
        --dc-hang 'lab fault net_delay_ms=30000' --dc-release 'lab fault net_delay_ms=0' \
        --lookup-hang 'lab fault lookup_delay_ms=30000' \
        --lookup-release 'lab fault lookup_delay_ms=0' \
        --deny 'lab fault net_set_error=5' --allow 'lab fault net_set_error=0' \
        --log-down 'net stop EventLog' --log-up 'net start EventLog' \
        --clear-log --load "$@"
    ;;
commands | doctor | quarantine | queue_watch | sight | verdicts | hostile | install | rollback)
    . "tests/lab/$what.sh"
    ;;
load)
    . tests/lab/load.sh
    ;;
crash)
    in_folder relaylock.exe install
    WINE_LIMIT=850 wine_in_folder crash.exe "$@"
    ;;
*)
    echo "run_lab.sh: acceptance, commands, doctor, quarantine, queue_watch, sight, verdicts, hostile," \
        "install, rollback, load or crash, not '$what'" >&2
    exit 2
    ;;
esac
