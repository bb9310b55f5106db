#!/bin/bash
# demo.sh: the main job before the reader's eyes, in the lab. Exit status 0 only if it all happened.
set -euo pipefail
prefix=build/lab/demo
folder=$prefix/drive_c/RelayLock
# A host that nobody used before.
tests/wine-session.sh end "$prefix"
rm -rf "$prefix"
mkdir -p "$folder"
cp build/x64/relaylock.exe build/lab/demo.exe build/lab/sc.exe "$folder"
cp build/acceptance/x64/stand_in.exe "$folder/smtp.exe"
tests/lab/lab_setup.sh "$prefix" build/lab "$folder"/{relaylock,demo}.exe \
    >build/lab/demo.log 2>&1 || { cat build/lab/demo.log; exit 1; }

in_folder() {
    (cd "$folder" && ../../../../../tests/wine.sh ../.. "$@")
}

# Runs a command as an administrator would type it, and shows it. Through a batch file: quotes reach
# the command as they stand here.
type_in() {
    printf 'C:\\RelayLock>%s\n' "$*"
    printf '@%s\r\n' "$*" >"$folder/typed.cmd"
    in_folder cmd /c typed.cmd | tr -d '\r' | sed 's/^/  /'
    echo
}

clean_up() {
    local status=$?
    tests/wine-session.sh end "$prefix"
    [ $status != 0 ] || rm -rf "$prefix" # some 700 MB
}
trap clean_up EXIT

echo "An Exchange host in miniature (Wine; the event log and the accounts are the lab's)."
echo
type_in 'sc create SMTPSVC binPath= "C:\RelayLock\smtp.exe SMTPSVC" DisplayName= "Simple Mail Transfer Protocol (SMTP)"'
# It takes a second to stop, as a real one would with open sessions.
in_folder reg add 'HKLM\SYSTEM\CurrentControlSet\Services\SMTPSVC\Parameters' /v StopSeconds \
    /t REG_DWORD /d 1 /f >/dev/null
type_in 'sc start SMTPSVC'
echo "RelayLock is registered, with its event source and recovery actions, and started."
echo
type_in 'sc create RelayLock binPath= "C:\RelayLock\relaylock.exe" start= auto'
type_in 'relaylock install'
type_in 'relaylock settings'
type_in 'sc start RelayLock'
type_in 'sc query RelayLock'
echo "Four people send mail. Somebody who guessed carol's password does, too."
echo
in_folder demo.exe | tr -d '\r'
type_in 'sc stop RelayLock'
type_in 'relaylock uninstall'
