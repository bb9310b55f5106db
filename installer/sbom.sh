#!/bin/bash
# sbom.sh VERSION FILE...: what is in the files, as a CycloneDX 1.5 bill of materials on standard
# output. Beside our own code that is what the compiler links into them from Debian's packages.
#
# The same files give the same bytes. Source: cyclonedx.org/docs/1.5/json, purl-spec (type deb).
set -euo pipefail
version=$1
shift

# component NAME DEBIAN-PACKAGE LICENCE DESCRIPTION: of the package that is installed.
component() {
    local source installed
    source=$(dpkg-query -W -f '${source:Package}' "$2")
    installed=$(dpkg-query -W -f '${Version}' "$2")
    jq -n --arg name "$1" --arg package "$2" --arg licence "$3" --arg description "$4" \
        --arg version "$installed" --arg source "$source" '{
            type: "library", "bom-ref": $name, name: $name, version: $version,
            description: $description, licenses: [{expression: $licence}],
            purl: "pkg:deb/debian/\($package)@\($version | @uri)",
            properties: [{name: "debian:source", value: $source}]}'
}

product() { # FILE
    jq -n --arg name "$(basename "$1")" --arg version "$version" \
        --arg hash "$(sha256sum "$1" | cut -d' ' -f1)" '{
            type: "file", "bom-ref": $name, name: $name, version: $version,
            hashes: [{alg: "SHA-256", content: $hash}]}'
}

components=$({
    component mingw-w64-i686 mingw-w64-i686-dev ZPL-2.1 'C runtime start-up code (x86)'
    component mingw-w64-x86-64 mingw-w64-x86-64-dev ZPL-2.1 'C runtime start-up code (x64)'
    component libgcc-libssp-i686 gcc-mingw-w64-i686-win32 \
        'GPL-3.0-or-later WITH GCC-exception-3.1' 'libgcc and libssp (x86)'
    component libgcc-libssp-x86-64 gcc-mingw-w64-x86-64-win32 \
        'GPL-3.0-or-later WITH GCC-exception-3.1' 'libgcc and libssp (x64)'
} | jq -s .)
products=$(for file in "$@"; do product "$file"; done | jq -s .)
serial=$(echo "$version $components $products" | sha256sum |
    sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-5\3-8\4-\5/')
jq -n --arg version "$version" --arg serial "urn:uuid:$serial" \
    --arg time "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" \
    --argjson components "$components" --argjson products "$products" '{
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        bomFormat: "CycloneDX", specVersion: "1.5", serialNumber: $serial, version: 1,
        metadata: {
            timestamp: $time,
            component: {
                type: "application", "bom-ref": "relaylock", name: "relaylock", version: $version,
                description: "Locks mail accounts that spammers have taken over.",
                licenses: [{license: {id: "MIT"}}], components: $products}},
        components: $components,
        dependencies: [
            {ref: "relaylock", dependsOn: ($components | map(.["bom-ref"]))}]}'
