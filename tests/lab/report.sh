# report.sh: how a test in the lab tells what came of it. Sourced; the test exits with $failed.

failed=0
about= # what the names below are of, where one is done several times

report() { # NAME EXIT-STATUS DETAIL
    if [ "$2" = 0 ]; then
        echo "ok ${about:+$about: }$1"
    else
        echo "not ok ${about:+$about: }$1: $3"
        failed=1
    fi
}

# That the registry has no such key. It is looked for among those of the key that it would lie in:
# "not found" alone would also be said by a tool that fails.
has_no_key() { # NAME KEY
    local keys
    keys=$(in_folder reg query "${2%\\*}" 2>&1) && ! grep -qF "\\${2##*\\}" <<<"$keys"
    report "$1" $? "$keys"
}
