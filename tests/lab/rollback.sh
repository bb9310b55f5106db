# rollback.sh: an installation, an upgrade and a removal, made to fail after each action in turn, in
# the lab. Sourced by run_lab.sh. What is put back is what README.md says that Wine's installer can:
# all of it after a failed installation; otherwise what is RelayLock's to put back.

. tests/lab/typing.sh

base=$folder

# faulty MSI NAME: NAME.msi in the lab is MSI with an action behind each other one from
# InstallInitialize to InstallFinalize that fails when the property FAULT has its number. Prints
# these numbers, with the action that each stands behind.
faulty() {
    local msi=$base/$2.msi number name
    cp "$1" "$msi"
    msiinfo export "$msi" InstallExecuteSequence | tr -d '\r' |
        awk -F'\t' '$1 == "InstallInitialize" { on = 1 } $1 == "InstallFinalize" { on = 0 }
            on { print $3 + 1, $1 }' | tee "$prefix.points" |
        while read -r number name; do
            # 3106: a command line, in the script, as LocalSystem
            msibuild "$msi" -q "INSERT INTO \`CustomAction\` (\`Action\`, \`Type\`, \`Source\`, \`Target\`)
                VALUES ('Fault$number', 3106, 'TARGETDIR', 'C:\\windows\\system32\\cmd.exe /c exit 1')"
            msibuild "$msi" -q "INSERT INTO \`InstallExecuteSequence\` (\`Action\`, \`Condition\`, \`Sequence\`)
                VALUES ('Fault$number', 'FAULT = $number', $number)"
        done
    cat "$prefix.points"
}

fails() { # NAME WORD...: the installer says so
    local name=$1 status=0
    shift
    installer "$@" </dev/null || status=$?
    [ $status != 0 ] && LC_ALL=C grep -aq "Action start .*: Fault" "$folder/log.txt"
    report "$name fails" $? "exit status $status"
}

set +e +o pipefail
stay_up
points=$(faulty "build/$now" now)
faulty "build/next/build/$next" next >/dev/null
equals "there are points to fail at" "$(wc -l <<<"$points")" 22

# ---- an installation: the host is as before, key by key and file by file ----------------------

host before
while read -r -u 3 number name; do
    fails "an installation, after $name," /i now.msi FAULT="$number" LOCKACTION=flag
    host after
    # Wine's installer leaves the key of the component, empty.
    same_host "an installation that fails after $name changes nothing" before after \
        '^> .*\\Installer\\UserData\\S-1-5-18\\Components\\4C2D3F1BA7E6D1F4C933D7A5E2490C46\]'
done 3<<<"$points"

# ---- a removal: nothing was taken away before the end ----------------------------------------

# Wine forgets a product when its removal fails, so each time anew.
begin() { # PACKAGE...: that may be installed
    local package
    for package in "$@"; do
        installer /x "$package"
    done
    in_folder relaylock.exe uninstall >/dev/null 2>&1
    installer /i now.msi LIMITS=80/10m EXEMPT=a
}
begin now.msi
own >"$prefix.whole"
own_keys >"$prefix.keys"
removed=
while read -r -u 3 number name; do
    fails "a removal, after $name," /x now.msi FAULT="$number"
    if [ -z "$removed" ] && [ "$name" != RemoveFiles ]; then
        case $name in
        InstallInitialize | RelayLockRestart) wine='< RUNNING|> STOPPED' ;; # RelayLockStop did nothing
        *) wine='^$' ;;
        esac
        equals "a removal that fails after $name changes nothing" \
            "$(own | diff "$prefix.whole" - | grep '^[<>]' | grep -vxE "$wine")" ''
    else # what is done before it is put back by Windows, but not by Wine: the file, and what is next
        removed=yes
        equals "a removal that fails after $name leaves service and settings" \
            "$(own_keys | diff "$prefix.keys" - | grep '^[<>]' |
                grep -vxE '> (HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\RelayLock\\Restart)?')" ''
        [ -e "$state/journal" ]
        report "and the journal" $? "it is gone"
    fi
    begin now.msi
done 3<<<"$points"

# ---- an upgrade: service, event source and settings are what they were -----------------------

while read -r -u 3 number name; do
    fails "an upgrade, after $name," /i next.msi FAULT="$number" LOCKACTION=flag LIMITS=9/1m
    # Wine's ChangeServiceConfig takes "as it is" for no dependencies.
    equals "an upgrade that fails after $name leaves service and settings" \
        "$(own_keys | diff "$prefix.keys" - | grep '^[<>]' | grep -vx '<     DependOnService    REG_MULTI_SZ    EventLog')" ''
    [ -e "$state/journal" ]
    report "and the journal" $? "it is gone"
    begin next.msi now.msi
done 3<<<"$points"
exit $failed
