# typing.sh: commands typed as in the docs, and what they must do. Sourced, in the lab.

. tests/lab/report.sh
. tests/lab/service.sh
typed=()

# type_in STATUS PATTERN COMMAND [BATCH]: types it; it must exit with STATUS and print something like
# PATTERN. BATCH is typed for the word of that name in it. Through a batch file, so that quotes and
# %...% mean what they mean to cmd.
type_in() {
    local output status=0
    typed+=("$3")
    printf '@%s\r\n@exit /b %%errorlevel%%\r\n' "${3/BATCH/${4:-BATCH}}" >"$folder/typed.cmd"
    output=$(in_folder cmd /c typed.cmd 2>&1) || status=$?
    output=${output//$'\r'/}
    [ "$status" = "$1" ] && grep -qE -- "$2" <<<"$output"
    report "$3" $? "exit status $status, output: $(tr '\n' '|' <<<"$output")"
}

# Whether RelayLock has written an event of the id COUNT times, within 20 seconds. All of the log is
# read: with -q, a long one would end the program before it by SIGPIPE.
told() { # ID [COUNT]
    local i said=0
    for ((i = 0; i < 40 && said < ${2:-1}; i++)); do
        [ $i = 0 ] || sleep 0.5
        said=$(in_folder 'C:\lab\lab.exe' log show 200 RelayLock | tr -d '\r' | grep -cE "(^| )$1( |$)")
    done
    [ "$said" -ge 1 ] && [ "$said" = "${2:-$said}" ]
    report "event $1 is in the log${2:+, time $2}" $? "$(in_folder 'C:\lab\lab.exe' log show 5 RelayLock)"
}

# Every command of the pages was typed, and no other; what no lab has (a domain controller, icacls),
# check-docs.sh looks at.
hold_against() { # PAGE...
    local page
    for page in $*; do
        awk '/^ *```bat/ { on = 1; next } /^ *```/ { on = 0 } on' "$page" | sed 's/^ *//; s/ *$//'
        grep -v '^ *```' "$page" | grep -oE '`(relaylock|sc|net|reg) [^`]+`' | tr -d '`'
    done | grep -vE '^($|dsacls |icacls )' | sort -u >"$prefix.documented"
    printf '%s\n' "${typed[@]}" | sort -u >"$prefix.typed"
    report "every command of $* was typed, and no other" "$(
        cmp -s "$prefix.documented" "$prefix.typed"
        echo $?
    )" "$(diff "$prefix.documented" "$prefix.typed")"
}
