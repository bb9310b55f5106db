#!/bin/bash
# page.sh: replay's page in a real browser: headless Chromium, driven by chromedriver.
#
# A log of ordinary names and one of hostile names; on a wide and a narrow window, light and dark,
# and on paper. What is checked inside the page is in checks.js.
set -u
. tests/report.sh
folder=$(mktemp -d)
trap 'kill "$driver" 2>/dev/null; wait "$driver" 2>/dev/null; rm -rf "$folder"' EXIT

make_page() { # NAME ACCOUNT: from NAME.evt, NAME.html and NAME.json; ACCOUNT is explained
    "build/native/make_$1" "$folder/$1.evt"
    build/native/relaylock replay --json --sweep --explain "$2" --diff Limits=55/10m,clients:9/1h \
        --diff 'Accounts\<b>=1/1d,2/1d' --html "$folder/$1.html" "$folder/$1.evt" >"$folder/$1.json"
    status=$?
    [ $status = 1 ]
    report "$1: replay finds verdicts" $? "exit status $status"
    difference=$(xmllint --noout "$folder/$1.html" 2>&1)
    report "$1: the page is well-formed XML" $? "$difference"
    size=$(stat -c %s "$folder/$1.html")
    [ "$size" -lt 3145728 ]
    report "$1: the page is small enough" $? "$size bytes"
}

# ---- WebDriver (w3.org/TR/webdriver2), as far as it is needed here

post() { # PATH JSON: prints the value of the answer
    curl -sS --noproxy '*' -H 'Content-Type: application/json' --data-binary @- \
        "http://127.0.0.1:$port$1" <<<"$2" | jq -c .value
}

start_browser() {
    : >"$folder/driver.log"
    chromedriver --port=0 >>"$folder/driver.log" 2>&1 &
    driver=$!
    for _ in $(seq 600); do # the first time on a machine it takes a while
        port=$(sed -n 's/.*started successfully on port \([0-9]*\).*/\1/p' "$folder/driver.log")
        [ -n "$port" ] && break
        sleep 0.1
    done
    session=/session/$(post /session "$(jq -n --arg data "$folder/profile" '{capabilities: {alwaysMatch: {
        browserName: "chrome",
        "goog:loggingPrefs": {browser: "ALL", performance: "ALL"},
        "goog:chromeOptions": {args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-dev-shm-usage", "--user-data-dir=\($data)"]}}}}')" |
        jq -r .sessionId)
}

cdp() { # COMMAND PARAMETERS: of the DevTools protocol
    post "$session/goog/cdp/execute" "{\"cmd\":\"$1\",\"params\":$2}"
}

run_checks() { # NAME HOW: the checks inside the page as it is shown now
    jq -n --rawfile script tests/page/checks.js --slurpfile json "$folder/$1.json" \
        '{script: $script, args: $json}' >"$folder/checks.json"
    lines=$(post "$session/execute/sync" "$(cat "$folder/checks.json")" | jq -r 'if type == "string" then . else "not ok \(.)" end')
    sed "s/^\(not ok\|ok\) /\1 $1, $2: /" <<<"$lines"
    if [ -z "$lines" ] || grep -q '^not ok' <<<"$lines"; then
        failed=1
    fi
}

show() { # WIDTH light|dark
    cdp Emulation.setDeviceMetricsOverride "{\"width\":$1,\"height\":900,\"deviceScaleFactor\":1,\"mobile\":false}" >/dev/null
    cdp Emulation.setEmulatedMedia "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"$2\"}]}" >/dev/null
}

open_page() { # NAME
    post "$session/url" '{"url":"about:blank"}' >/dev/null
    post "$session/se/log" '{"type":"performance"}' >/dev/null # what the browser asked for before
    post "$session/url" "{\"url\":\"file://$folder/$1.html\"}" >/dev/null
    show 1200 light
    run_checks "$1" 'wide and light'
    show 360 dark
    run_checks "$1" 'narrow and dark'

    log=$(post "$session/se/log" '{"type":"browser"}')
    [ "$log" = '[]' ]
    report "$1: the console is empty" $? "$log"
    asked=$(post "$session/se/log" '{"type":"performance"}' | jq -r '.[].message | fromjson.message |
        select(.method == "Network.requestWillBeSent") | .params.request.url' | sort -u)
    [ "$asked" = "file://$folder/$1.html" ]
    report "$1: nothing but the page is asked for" $? "$asked"
    nameless=$(cdp Accessibility.getFullAXTree '{}' | jq -c '[.nodes[] | select(.ignored | not) |
        select(.role.value | IN("image", "region", "link", "navigation", "heading")) |
        select((.name.value // "") == "") | .role.value]')
    [ "$nameless" = '[]' ]
    report "$1: what a screen reader meets has a name" $? "$nameless"
    post "$session/print" '{"background":true}' | jq -r . | base64 -d >"$folder/$1.pdf" 2>/dev/null
    [ "$(head -c 5 "$folder/$1.pdf")" = '%PDF-' ] && [ "$(stat -c %s "$folder/$1.pdf")" -gt 10000 ]
    report "$1: it prints" $? "no PDF"
}

make_page office 'CONTOSO\reception'
make_page hostile "<script>document.title='run'</script>"
start_browser
[ "$session" != /session/null ]
report "the browser starts" $? "$(tail -n 5 "$folder/driver.log")"
open_page office
open_page hostile
curl -sS --noproxy '*' -X DELETE "http://127.0.0.1:$port$session" >/dev/null
exit $failed
