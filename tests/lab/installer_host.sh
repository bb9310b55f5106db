# installer_host.sh: a host on which Windows Installer has our programs use the lab. Sourced by
# run_lab.sh, which has made the host.
#
# A program that was installed has no DLL of the lab's beside it, and Windows Installer's own
# processes run from the system directory. So the lab's advapi32.dll lies in that, for the programs
# named to lab_setup.sh; all others are told to use Wine's own.

in_folder reg add 'HKCU\Software\Wine\DllOverrides' /v advapi32 /d builtin /f >/dev/null
clean_up
for dll in advapi32 advapi32_wine; do
    rm -f "$prefix/drive_c/windows/system32/$dll.dll" "$folder/$dll.dll"
    cp "build/lab/$dll.dll" "$prefix/drive_c/windows/system32/$dll.dll"
done

# ---- what the tests of the installer have in common ------------------------------------------

version=$(sed -n 's/^VERSION := //p' mingw.mk)
now=relaylock-$version-x64.msi
next=relaylock-99.0.0-x64.msi
services='HKLM\SYSTEM\CurrentControlSet\Services'
source_key="$services\\EventLog\\Application\\RelayLock"
program_files=$prefix/drive_c/'Program Files/RelayLock'
state=$prefix/drive_c/ProgramData/RelayLock

# install FILE-OR-CODE WORD...: Windows Installer without a word on the screen; its log is in
# $folder/log.txt. Returns the lowest byte of its exit status, which is all that Linux has.
failure=67 # of 1603, ERROR_INSTALL_FAILURE
installer() {
    in_folder msiexec "$@" /qn /l*v log.txt >/dev/null 2>&1
}

# Keys in which Wine writes whenever it starts a desktop or a service, whoever asks for it; the last
# one is the diary of the SMTP service's stand-in.
control='HKEY_LOCAL_MACHINE\\System\\CurrentControlSet'
wine_writes=$(printf '^\\[%s\\]\n' 'HKEY_CURRENT_USER\\Software\\Wine\\Temporary System Parameters.*' \
    'HKEY_LOCAL_MACHINE\\Hardware\\DEVICEMAP\\VIDEO' "$control"'\\Control\\ServiceCurrent' \
    "$control"'\\Control\\(Video|DeviceClasses).*' "$control"'\\Hardware Profiles\\Current.*' \
    "$control"'\\Control\\Class\\\{4D36E96[8E]-E325-11CE-BFC1-08002BE10318\}.*' \
    "$control"'\\Enum\\(DISPLAY|PCI).*' "$control"'\\Services\\SMTPSVC\\Parameters')
# Empty keys that Wine's installer leaves behind after the first package of a host, whichever it was.
wine_leaves='^> (./windows/Installer d$|\[HKEY_LOCAL_MACHINE\\Software\\(Classes\\Installer(\\(Features|Products|UpgradeCodes))?|Microsoft\\Windows\\CurrentVersion\\Installer(\\(UpgradeCodes|UserData(\\S-1-5-18(\\(Components|Products))?)?))?)\])'

# The whole registry, a line a value with its key, sorted; and every file and folder but the lab's.
host() { # NAME
    local hive
    for hive in HKLM HKCU; do
        in_folder reg export "$hive" "C:\\$hive.reg" /y >/dev/null 2>&1
        iconv -f UTF-16 -t UTF-8 "$prefix/drive_c/$hive.reg" | tr -d '\r' |
            sed ':more; /\\$/ { N; s/\\\n *//; b more }' |
            awk '/^\[/ { key = $0 } { print key "\t" $0 }' | grep -vEf <(echo "$wine_writes") |
            LC_ALL=C sort
        rm "$prefix/drive_c/$hive.reg"
    done >"$prefix.$1"
    (cd "$prefix/drive_c" && find . -printf '%p %y\n') |
        grep -vE '^\./(lab|install|rollback)/' | LC_ALL=C sort >>"$prefix.$1"
}

# What of the host is RelayLock's: keys and values, whether it runs, files. But for the key of the
# boot, which the service makes some time after its start.
own_keys() {
    local key
    for key in "$services\\RelayLock" "$source_key"; do
        in_folder reg query "$key" /s 2>&1
    done | tr -d '\r' | sed '/\\RelayLock\\Boot$/,/^$/d'
}
own_files() {
    (cd "$prefix/drive_c" && find 'Program Files/RelayLock' ProgramData/RelayLock \
        -printf '%p %y %m\n' 2>/dev/null | LC_ALL=C sort)
}
own() {
    own_keys
    runs
    own_files
}

runs() {
    in_folder sc.exe query RelayLock | tr -d '\r' | sed -nE 's/ *STATE .* ([A-Z_]+)$/\1/p'
}

installed_version() {
    in_folder 'C:\Program Files\RelayLock\relaylock.exe' version | tr -d '\r'
}

setting() { # NAME: its value and where that comes from
    in_folder 'C:\Program Files\RelayLock\relaylock.exe' settings | tr -d '\r' |
        sed -nE "s/^$1 +(.*[^ ]) +([a-z]+)\$/\1 (\2)/p"
}

equals() { # NAME FOUND EXPECTED
    [ "$2" = "$3" ]
    report "$1" $? "'$2' instead of '$3'"
}

# Whether two hosts are the same but for what Wine leaves, and for lines that match a pattern.
same_host() { # NAME BEFORE AFTER [PATTERN]
    local difference
    difference=$(diff "$prefix.$2" "$prefix.$3" | grep '^[<>]' | grep -vE "$wine_leaves|${4:-^$}")
    [ -z "$difference" ]
    report "$1" $? "$(head -n 5 <<<"$difference")"
}
