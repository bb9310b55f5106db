#!/bin/bash
# check-signature.sh VERSION: `make sign` with a throw-away certificate: the signatures hold for what
# was signed, and for nothing else.
set -u
. tests/report.sh
version=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

certificate() { # NAME
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=RelayLock test $1" \
        -addext extendedKeyUsage=codeSigning -addext keyUsage=digitalSignature \
        -keyout "$work/$1.key" -out "$work/$1.pem" 2>/dev/null
}
sign() { # VARIABLE...
    rm -rf build/signed
    make -f mingw.mk sign "$@" >"$work/log" 2>&1
}
verified() { # FILE CERTIFICATE
    osslsigncode verify -CAfile "$work/$2.pem" -in "$1" >"$work/verify.log" 2>&1
}

certificate ours
certificate other
sign
[ $? != 0 ] && grep -q 'SIGN_CERT=cert.pem SIGN_KEY=key.pem' "$work/log"
report "without a certificate it says what it needs" $? "$(tail -n 3 "$work/log")"
sign "SIGN_CERT=$work/ours.pem" "SIGN_KEY=$work/other.key"
[ $? != 0 ] && [ ! -e build/signed/SHA256SUMS ]
report "a key that is not the certificate's ends it" $? "$(tail -n 3 "$work/log")"
# Nobody listens on this port: what cannot be stamped is not left behind without a stamp.
sign "SIGN_CERT=$work/ours.pem" "SIGN_KEY=$work/ours.key" SIGN_TIMESTAMP=http://127.0.0.1:9/
[ $? != 0 ] && [ -z "$(find build/signed -name '*.exe' -o -name '*.msi')" ]
report "a time-stamp server that does not answer ends it" $? "$(find build/signed) $(tail -n 3 "$work/log")"
sign "SIGN_CERT=$work/ours.pem" "SIGN_KEY=$work/ours.key"
report "it is signed" $? "$(tail -n 5 "$work/log")"

for arch in x86 x64; do
    msi=build/signed/relaylock-$version-$arch.msi
    msiextract -C "$work/$arch" "$msi" >/dev/null 2>&1
    exe=$(find "$work/$arch" -name relaylock.exe)
    msiinfo extract "$msi" Binary.Actions >"$work/$arch/actions.dll"
    for file in "$msi" "$exe" "$work/$arch/actions.dll" "build/signed/$arch/relaylock.exe"; do
        name=$arch:${file##*/}
        verified "$file" ours
        report "the signature of $name holds" $? "$(tail -n 5 "$work/verify.log")"
        verified "$file" other
        [ $? != 0 ]
        report "not by another certificate: $name" $? "$(tail -n 5 "$work/verify.log")"
        # One bit, in the middle of what was signed.
        cp "$file" "$work/tampered"
        at=$(($(stat -c %s "$file") / 2))
        byte=$(od -An -tu1 -j $at -N 1 "$file")
        printf "\\x$(printf %x $((byte ^ 1)))" | dd of="$work/tampered" bs=1 seek=$at conv=notrunc 2>/dev/null
        verified "$work/tampered" ours
        [ $? != 0 ]
        report "not when one bit is another: $name" $? "$(tail -n 5 "$work/verify.log")"
    done
    cmp -s "$exe" "build/signed/$arch/relaylock.exe"
    report "$arch: the installer has the signed program" $? "it has another"
    verified "build/$arch/relaylock.exe" ours
    [ $? != 0 ]
    report "$arch: the plain program has no signature" $? "it has one"
done
sums=$(cd build/signed && sha256sum -c SHA256SUMS 2>&1 | grep -c ': OK$')
[ "$sums" = 3 ]
report "SHA256SUMS of what was signed" $? "$(cat build/signed/SHA256SUMS)"
exit $failed
