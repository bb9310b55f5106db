#!/bin/bash
# get-source.sh PACKAGE DIR: the unpacked Debian source package in DIR.
#
# The machine's apt configuration stays as it is: the source entries are made from its own Debian
# entries and kept, with their lists, beside DIR.
set -eu
package=$1
dir=$(realpath -m "$2")
apt=$dir.apt
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

rm -rf "$dir" "$apt"
mkdir -p "$apt/lists/partial" "$apt/unpack"
entries() {
    apt-get indextargets --format \
        "deb-src [signed-by=$keyring] \$(REPO_URI) \$(CODENAME) \$(COMPONENT)" \
        'Created-By: Packages' 'Origin: Debian' | sort -u
}
entries >"$apt/sources.list"
if [ ! -s "$apt/sources.list" ] && [ "$(id -u)" = 0 ]; then # no lists yet, as in a fresh image
    apt-get -q update >&2
    entries >"$apt/sources.list"
fi
if [ ! -s "$apt/sources.list" ]; then
    echo "get-source.sh: apt knows no Debian entries. As root: apt-get update" >&2
    exit 1
fi
options=(-q -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$apt/lists" -o Dir::Cache::srcpkgcache= -o Dir::Cache::pkgcache=
    -o APT::Sandbox::User=root)
apt-get "${options[@]}" update >"$apt/log" 2>&1 || { cat "$apt/log" >&2; exit 1; }
(cd "$apt/unpack" && apt-get "${options[@]}" source "$package") >>"$apt/log" 2>&1 ||
    { cat "$apt/log" >&2; exit 1; }
mv "$apt"/unpack/"$package"-*/ "$dir"
