#!/usr/bin/env python3
"""Tests of coverage.py: what it counts, and that it fails below a floor."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import coverage

SAMPLE = """\
int both(int a, int b)
{
    if (a && b)
        return 1;
    return 0;
}
"""
ALONE = "int alone(void)\n{\n    return 3;\n}\n"
TEST = "int both(int a, int b); int main(void) { return both(1, 1) != 1; }\n"


class Counting(unittest.TestCase):
    """A program as make builds it, in a folder of its own."""

    def setUp(self):
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder)
        built = folder / "build/coverage/native"
        for place in ("service/core", built / "service/core", built / "tests/core"):
            Path(place).mkdir(parents=True)
        for name, source in (("sample", SAMPLE), ("alone", ALONE)):
            Path(f"service/core/{name}.c").write_text(source)
            self.gcc("--coverage", "-c", f"service/core/{name}.c", "-o",
                     built / f"service/core/{name}.o")
        self.program = built.relative_to(folder) / "tests/core/test_sample.test"
        self.make_test(TEST)

    def gcc(self, *arguments, source=None):
        subprocess.run(["gcc", *arguments], check=True, input=source, text=True)

    def make_test(self, source):
        self.gcc("--coverage", "-x", "c", "-", "-x", "none",
                 "build/coverage/native/service/core/sample.o", "-o", self.program, source=source)

    def test_counts_lines_and_ways_out_of_conditions(self):
        core = coverage.merge(coverage.run_all([self.program]))["core"]
        sample = core["service/core/sample.c"]
        # Line 5 was not run, nor were two of the four ways out of line 3 taken.
        self.assertEqual({line: sample[line][0] for line in sample}, {1: 1, 3: 1, 4: 1, 5: 0})
        self.assertEqual(coverage.tally(sample), (3, 4, 2, 4))
        # What no test links is there as well.
        self.assertEqual(coverage.tally(core["service/core/alone.c"]), (0, 2, 0, 0))
        told = list(coverage.uncovered({"core": core}))
        self.assertIn("service/core/sample.c:5: not run: return 0;", told)
        self.assertIn("service/core/sample.c:3: 2 of 4 branches not taken: if (a && b)", told)

    def test_several_programs_add_up(self):
        more = self.program.with_name("test_more.test")
        shutil.copy(self.program, more)
        self.make_test(TEST.replace("both(1, 1) != 1", "both(0, 1) || both(1, 0)"))
        core = coverage.merge(coverage.run_all([self.program, more]))["core"]
        self.assertEqual(coverage.tally(core["service/core/sample.c"]), (4, 4, 4, 4))

    def test_a_second_run_counts_anew(self):
        for _ in range(2):
            core = coverage.merge(coverage.run_all([self.program]))["core"]
        self.assertEqual(core["service/core/sample.c"][3][0], 1)

    def test_a_test_that_fails_ends_it(self):
        self.make_test("int main(void) { return 1; }\n")
        with self.assertRaisesRegex(SystemExit, "1 of 1 test programs failed"):
            coverage.run_all([self.program])


class Floors(unittest.TestCase):
    def expect(self, kept, area, lines_run, branches_taken):
        lines = {number: [number < lines_run, []] for number in range(100)}
        lines[0][1] = [way < branches_taken for way in range(100)]
        areas = {area: {f"service/{area}/x.c": lines}}
        self.assertEqual(coverage.tell(areas, {"native", "x64"})[1], kept)

    def test_each_area_has_its_floors(self):
        self.expect(True, "core", 95, 90)
        self.expect(False, "core", 94, 100)
        self.expect(False, "core", 100, 89)
        self.expect(True, "windows", 90, 0)
        self.expect(False, "windows", 89, 100)
        self.expect(True, "app", 0, 0)

    def test_an_area_of_which_nothing_was_measured_fails(self):
        whole = {"service/core/x.c": {1: [1, []]}}
        self.assertTrue(coverage.tell({"core": whole, "windows": {}}, {"native"})[1])
        table, kept = coverage.tell({"core": whole, "windows": {}}, {"native", "x64"})
        self.assertFalse(kept)
        self.assertIn("windows/: no file was measured", table)
        self.assertFalse(coverage.tell({"core": {}}, {"native"})[1])

    def test_what_counts_where(self):
        counts = {f"service/{area}/x.c": {1: [1, []]} for area in ("core", "windows", "app")}
        areas = coverage.merge([("x64", counts)])
        self.assertEqual([bool(areas[area]) for area in ("core", "windows", "app")],
                         [False, True, True])


def main():
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0).run(
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]))
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
