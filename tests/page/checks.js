// checks.js: run inside a page of replay by page.sh. arguments[0] is the JSON output of the same
// run. Returns lines of "ok" and "not ok".
const json = arguments[0];
const lines = [];
const check = (name, good, detail) => lines.push((good ? "ok " : "not ok ") + name + (good ? "" : ": " + detail));
const same = (name, got, expected) =>
    check(name, JSON.stringify(got) === JSON.stringify(expected), JSON.stringify(got) + " is not " + JSON.stringify(expected));
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const number = (text) => Number(text.replace(/,/g, ""));

// ---- nothing runs, nothing is fetched
same("the title is the page's own", / - RelayLock replay$/.test(document.title), true);
same("no scripts, frames, images, links to styles, forms", all("script,iframe,img,link,object,embed,base,form,input,button").length, 0);
same("no handlers", all("*").filter((e) => [...e.attributes].some((a) => /^on/i.test(a.name))).length, 0);
same("no style attributes", all("[style]").length, 0);
same("links lead to parts of the page", all("a").filter((a) => !/^#/.test(a.getAttribute("href")) || !document.querySelector(a.getAttribute("href"))).length, 0);
same("nothing was loaded", performance.getEntriesByType("resource").length, 0);

// ---- the numbers are those of the JSON output
const hidden = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff]/g;
const code = (unit) => "{U+" + unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0") + "}";
// JSON output has U+FFFD for a lone surrogate; a page cuts names to 111 units.
const shown = (name) => (name.length > 111 ? name.slice(0, 110) + "\u2026" : name).replace(hidden, code);
const named = (element) => element.textContent.replace(/\{U\+D[89A-F][0-9A-F]{2}\}/g, "\ufffd");
const rows = all("section[aria-labelledby=verdicts] tbody tr").map((tr) => {
    const cells = [...tr.cells];
    return [cells[1].firstChild.getAttribute("datetime"), named(cells[2]), cells[3].textContent.split(" ")[0],
            cells[4].textContent, number(cells[5].textContent), number(cells[6].textContent), number(cells[7].textContent)];
});
const verdicts = json.verdicts.map((v) => [v.time, shown(v.account), v.action, v.limit, v.count, v.clients, v.record]);
check("there are verdicts", verdicts.length > 0, "none");
same("verdicts are those of the JSON output", rows, verdicts);
const marks = all("#time ~ figure line.mark");
same("as many marks as verdicts", marks.length, verdicts.length);

const table = all("table.series tbody tr").map((tr) => [Date.parse(tr.cells[0].firstChild.getAttribute("datetime")), number(tr.cells[1].textContent)]);
same("sign-ins over time add up", table.reduce((sum, row) => sum + row[1], 0), json.matched - json.malformed);

// The area of all sign-ins, back into heights by bucket: M0 200, then H and V in turn.
const heights = (path) => {
    const to = [];
    let x = 0, y = 200;
    for (const [, kind, value] of path.getAttribute("d").slice(1).matchAll(/([HV])(\d+)/g)) {
        if (kind === "H") { while (x < value) { to.push(200 - y); x++; } } else { y = Number(value); }
    }
    return to;
};
const drawing = document.querySelector("#time ~ figure svg.chart");
const drawn = heights(drawing.querySelector("path.events"));
const most = Math.max(...table.map((row) => row[1]));
const width = {min: 60, h: 3600, d: 86400}[document.querySelector("table.series thead").textContent.match(/(\d+) (min|h|d)$/)[2]] *
    Number(document.querySelector("table.series thead").textContent.match(/(\d+) (min|h|d)$/)[1]) * 1000;
const expected = new Array(drawn.length).fill(0);
for (const [time, count] of table) expected[(time - table[0][0]) / width] = Math.max(Math.floor(count * 200 / most), 10);
same("the drawing has the heights of the table", drawn, expected);
const places = verdicts.map((v) => Math.floor((Date.parse(v[0]) - table[0][0]) * 10000 / (width * drawn.length)) / 100);
same("the marks are at the times of the verdicts", marks.map((m) => parseFloat(m.getAttribute("x1"))), places);

const cells = [];
for (const heat of all("table.heat")) {
    const clients = heat.dataset.subject === "clients" ? "clients:" : "";
    const windows = [...heat.tHead.rows[0].cells].slice(1).map((th) => th.textContent.replace(" min", "m").replace(" ", ""));
    for (const tr of heat.tBodies[0].rows)
        [...tr.cells].slice(1).forEach((td, i) => cells.push([clients + tr.cells[0].textContent + "/" + windows[i], parseInt(td.textContent)]));
}
same("the heat maps are the sweep of the JSON output", cells.map(String).sort(), json.sweep.limits.map((l) => [l.limit, l.accounts]).map(String).sort());
same("the limits proposed are those of the JSON output", document.querySelector("#sweep ~ p code, #sweep ~ * code")?.textContent ?? "",
     json.sweep.proposal.length ? "Limits=" + json.sweep.proposal.join(",") : "");

// ---- one account, and other settings
const when = (td) => td.firstElementChild?.getAttribute("datetime") ?? null;
const cellsOf = (table) => all("table." + table + " > tbody > tr").map((tr) => [...tr.cells]);
const explained = json.explain.account;
same("the explained account is that of the JSON output", named(document.querySelector("#explain bdi")), shown(explained));
same("its limits are", cellsOf("standing").map((c) => [c[0].textContent, number(c[1].textContent), when(c[2]), number(c[3].textContent), when(c[4]), c[5].textContent]),
     json.explain.limits.map((l) => [l.limit, l.highest.count, l.highest.time, l.margin, l.crossed?.time ?? null, String(l.crossed?.record ?? "")]));
same("its busiest windows are", cellsOf("windows").map((c) => [1, 3].map((i) => [number(c[i].textContent), when(c[i + 1])])),
     json.explain.windows.map((w) => [w.sign_ins, w.clients].map((p) => [p.count, p.time])));
same("its clients are", cellsOf("own-clients").map((c) => [named(c[0]), number(c[1].textContent)]),
     json.explain.top_clients.map((c) => [shown(c.client), c.sign_ins]));
same("its hours are", cellsOf("hours").map((c) => number(c[1].textContent)), json.explain.hours);
const side = (v) => (v ? [v.time, v.limit, v.action] : [null, "", ""]);
const row = (c, i) => [when(c[i]), c[i + 1].textContent, c[i + 2].textContent.split(" ")[0]];
check("there are changes", json.diff.changes.length > 0, "none");
same("the changes are those of the JSON output", cellsOf("diff").map((c) => [named(c[0]), c[1].textContent, row(c, 2), row(c, 5)]),
     json.diff.changes.map((c) => [shown((c.present ?? c.new).account), c.change, side(c.present), side(c.new)]));
same("the settings that change are told", cellsOf("changed").map((c) => c.map((e) => e.textContent)),
     [["Limits", "50/10m, 200/1h, clients:8/10m", "55/10m, clients:9/1h"], ["Limits of <b>", "the general ones", "1/1d, 2/1d"]]);

// ---- it can be read
same("names are read from the left, and keep to themselves", all("bdi").filter((e) => getComputedStyle(e).direction !== "ltr" || getComputedStyle(e).unicodeBidi !== "isolate").length, 0);
const parse = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const behind = (e) => {
    for (; e; e = e.parentElement) {
        const colour = parse(getComputedStyle(e).backgroundColor);
        if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
};
const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
const faint = (elements, property, least) => elements.filter((e) => contrast(parse(getComputedStyle(e)[property]), behind(e)) < least)
    .map((e) => e.tagName + "." + e.getAttribute("class"));
const withText = all("body *").filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && !e.closest("svg"));
same("text stands out from what is behind it", faint(withText, "color", 4.5), []);
same("text in drawings does", faint(all("svg text"), "fill", 4.5), []);
same("areas and lines that tell something do", faint(all("path.events,path.nearness"), "fill", 3).concat(faint(all("line.mark,line.limit,line.base,.hatch"), "stroke", 3)), []);
const wide = all("body *").filter((e) => !e.closest(".scroll") && e.getBoundingClientRect().right > innerWidth).map((e) => e.tagName + "." + e.getAttribute("class"));
check("the page is no wider than the window", document.scrollingElement.scrollWidth <= innerWidth, document.scrollingElement.scrollWidth + " > " + innerWidth + ": " + wide.slice(0, 9));
same("the text has one size up and down", all("svg.chart text").filter((t) => Math.abs(t.getScreenCTM().a - t.getScreenCTM().d) > 0.01).length, 0);

// ---- with the keyboard, and with the ears
const focusable = all("a,summary,[tabindex]");
same("the way to the verdicts comes first", focusable[0].getAttribute("href"), "#verdicts");
same("tabindex leaves the order alone", all("[tabindex]").filter((e) => e.tabIndex !== 0).length, 0);
same("what scrolls can be reached", all("*").filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === "auto" && e.tabIndex !== 0).length, 0);
const ids = all("[id]").map((e) => e.id);
same("ids are unique", ids.length, new Set(ids).size);
same("what names another is there", all("[aria-labelledby]").filter((e) => e.getAttribute("aria-labelledby").split(" ").some((id) => !document.getElementById(id)?.textContent)).length, 0);
same("one heading of the first level, no level left out", all("h1,h2,h3").map((h) => Number(h.tagName[1])).every((level, i, levels) => (i === 0 ? level === 1 : level > 1 && level <= levels[i - 1] + 1)), true);
same("landmarks", all("header,nav,main,footer").map((e) => e.tagName), ["HEADER", "NAV", "MAIN", "FOOTER"]);
same("drawings have a title and a description, or are hidden", all("svg").filter((s) => !s.parentElement.closest("svg") && !s.closest("[aria-hidden=true]") && !(s.getAttribute("role") === "img" && s.querySelector(":scope > title") && s.querySelector(":scope > desc"))).length, 0);
same("cells of heads have a scope", all("th").filter((th) => !th.scope).length, 0);
same("the language is said", document.documentElement.lang, "en");
return lines.join("\n");
