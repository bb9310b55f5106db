# report.sh: how a test in the lab tells what came of it, and what became of the registry. Sourced.

. tests/report.sh

# That the registry has no such key. It is looked for among those of the key that it would lie in:
# "not found" alone would also be said by a tool that fails.
has_no_key() { # NAME KEY
    local keys
    keys=$(in_folder reg query "${2%\\*}" 2>&1) && ! grep -qF "\\${2##*\\}" <<<"$keys"
    report "$1" $? "$keys"
}
