#!/usr/bin/env python3
"""Runs instrumented test programs, tells what of the source they ran, and holds it to the floors.

usage: coverage.py PROGRAM...

A PROGRAM is build/coverage/native/tests/core/NAME.test or build/coverage/x64/tests/*/NAME.exe.
core/ is measured natively, windows/ on the fakes under Wine, app/ in both. A branch is one way out
of a condition in the compiler's sense, so that `a && b` has four.
"""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BUILD = Path("build/coverage")
GCOV = {"native": "gcov", "x64": "x86_64-w64-mingw32-gcov"}
SECONDS_MAX = 900
# Per area: where it is measured, and the least per cent of its lines and branches.
AREAS = {
    "core": ({"native"}, 95.0, 90.0),
    "windows": ({"x64"}, 90.0, 0.0),
    "app": ({"native", "x64"}, 0.0, 0.0),
}


def fresh_folder(run, objects):
    """An empty folder with the compiler's notes, beside which a run lays its counts."""
    if run.exists():
        subprocess.run(["rm", "-r", run], check=True)
    for notes in objects.glob("service/**/*.gcno"):
        link = run / notes.relative_to(objects)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(notes.resolve())


def counts_in(folder, kind, ending):
    """{file: {line: [times run, [times each branch was taken]]}}, of the objects that have such
    a file: "gcda" for what was run, "gcno" for all there is."""
    files = defaultdict(dict)
    data = sorted(str(path.relative_to(folder)) for path in folder.glob(f"service/**/*.{ending}"))
    if not data:
        return files
    told = subprocess.run([GCOV[kind], "--json-format", "--stdout", "--branch-probabilities",
                           *data], cwd=folder, check=True, capture_output=True, text=True).stdout
    for document in told.splitlines():
        for file in json.loads(document)["files"]:
            for line in file["lines"]:
                add(files[file["file"]], line["line_number"], line["count"],
                    [branch["count"] for branch in line["branches"]])
    return files


def add(lines, number, count, branches):
    if number not in lines:
        lines[number] = [count, branches]
        return
    held = lines[number]
    held[0] += count
    longest = max(len(held[1]), len(branches))
    held[1] = [(held[1][i] if i < len(held[1]) else 0) + (branches[i] if i < len(branches) else 0)
               for i in range(longest)]


def run_test(program):
    """Runs one program: (kind, what it printed if it failed, its counts); these are kept, too."""
    kind, name = program.parts[2], program.stem
    objects = BUILD / kind
    run = objects / "runs" / name
    fresh_folder(run, objects)
    (run / "tmp").mkdir(parents=True, exist_ok=True)
    prefix = str(run.resolve())
    command = [str(program)]
    environment = dict(os.environ, RELAYLOCK_TEST_DATA="tests/data", RELAYLOCK_HISTORIES="300",
                       RELAYLOCK_EXES="build/x86/relaylock.exe;build/x64/relaylock.exe",
                       RELAYLOCK_SOURCE="service/windows/messages.mc",
                       GCOV_PREFIX_STRIP=str(len(objects.resolve().parts) - 1))
    if kind == "x64":
        command = ["tests/wine.sh", "build/wine", *command]
        prefix = "Z:" + prefix.replace("/", "\\")
    else:
        environment["TMPDIR"] = str((run / "tmp").resolve())
    environment["GCOV_PREFIX"] = prefix
    start = time.monotonic()
    try:
        done = subprocess.run(command, env=environment, timeout=SECONDS_MAX, text=True,
                              errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        trouble = (f"{done.stdout}{program}: exit status {done.returncode}\n"
                   if done.returncode else None)
    except subprocess.TimeoutExpired:
        trouble = f"{program} has not ended in {SECONDS_MAX} s\n"
    counts = counts_in(run, kind, "gcda")
    run.with_suffix(".json").write_text(json.dumps(counts))
    print(f"{'FAILED' if trouble else 'ok'} {kind} {name} {time.monotonic() - start:.0f} s",
          flush=True)
    return kind, trouble, counts


def run_all(programs):
    """[(kind, counts)] of all runs, and of what no program links. Under Wine one at a time: they
    share a registry."""
    native = [program for program in programs if program.parts[2] == "native"]
    x64 = [program for program in programs if program.parts[2] == "x64"]
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        results = list(workers.map(run_test, native))
    results += map(run_test, x64)
    failures = [trouble for _, trouble, _ in results if trouble]
    for trouble in failures:
        print(trouble, end="")
    if failures:
        sys.exit(f"{len(failures)} of {len(results)} test programs failed")
    kinds = sorted({kind for kind, _, _ in results})
    return ([(kind, counts_in(BUILD / kind, kind, "gcno")) for kind in kinds] +
            [(kind, counts) for kind, _, counts in results])


def merge(results):
    """{area: {file: {line: [times run, branches]}}}, of each area what was run where it counts."""
    areas = {area: defaultdict(dict) for area in AREAS}
    for kind, counts in results:
        for file, lines in counts.items():
            area = Path(file).parts[1]
            if area not in AREAS or kind not in AREAS[area][0]:
                continue
            for number, (count, branches) in lines.items():
                add(areas[area][file], number, count, list(branches))
    return areas


def tally(lines):
    branches = [taken for _, ways in lines.values() for taken in ways]
    return (sum(count > 0 for count, _ in lines.values()), len(lines),
            sum(taken > 0 for taken in branches), len(branches))


def per_cent(part, whole):
    return 100.0 * part / whole if whole else 100.0


def row(name, lines_run, lines, taken, branches):
    return (f"{name:<44} {lines_run:>6} of {lines:>6} {per_cent(lines_run, lines):>6.1f} %"
            f" {taken:>6} of {branches:>6} {per_cent(taken, branches):>6.1f} %")


def tell(areas, kinds):
    """The table, and whether every area that is measured in one of the kinds keeps its floors; one
    of which no file was measured does not."""
    table = [f"{'':<44} {'lines':>16} {'':>8} {'branches':>16}"]
    totals, kept = [], True
    for area, files in areas.items():
        if not AREAS[area][0] & kinds:
            continue
        if not files:
            kept = False
            totals.append(f"{area}/: no file was measured")
            continue
        sums = [0, 0, 0, 0]
        for file in sorted(files):
            figures = tally(files[file])
            sums = [one + other for one, other in zip(sums, figures)]
            table.append(row(file, *figures))
        totals.append(row(f"{area}/", *sums))
        _, lines_floor, branches_floor = AREAS[area]
        if per_cent(*sums[:2]) < lines_floor or per_cent(*sums[2:]) < branches_floor:
            kept = False
            totals[-1] += f"  below {lines_floor:.0f} % and {branches_floor:.0f} %"
    return table + totals, kept


def uncovered(areas):
    for files in areas.values():
        for file in sorted(files):
            source = Path(file).read_text().splitlines()
            for number, (count, ways) in sorted(files[file].items()):
                never = sum(taken == 0 for taken in ways)
                if count == 0:
                    yield f"{file}:{number}: not run: {source[number - 1].strip()}"
                elif never:
                    yield (f"{file}:{number}: {never} of {len(ways)} branches not taken:"
                           f" {source[number - 1].strip()}")


def main():
    programs = [Path(name) for name in sys.argv[1:]]
    if not programs:
        sys.exit(__doc__)
    results = run_all(programs)
    areas = merge(results)
    table, kept = tell(areas, {kind for kind, _ in results})
    (BUILD / "coverage.txt").write_text("\n".join(table) + "\n")
    (BUILD / "uncovered.txt").write_text("".join(line + "\n" for line in uncovered(areas)))
    print("\n".join(table))
    sys.exit(0 if kept else "below the floor; build/coverage/uncovered.txt says what no test took")


if __name__ == "__main__":
    main()
