#!/usr/bin/env python3
"""Tests of the mutation check: what it breaks, and whether it tells noticed from not noticed."""

import contextlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import mutate
import mutations

MUTATE = Path(__file__).with_name("mutate.py")


def lines_after(source):
    """[(kind, the line as broken)] of all mutations."""
    return [(one.kind, mutations.shown(source, one)[1]) for one in mutations.mutations(source)]


def body(statement, head="int f(int a)"):
    return f"{head}\n{{\n    {statement}\n}}\n"


class Finding(unittest.TestCase):
    def expect(self, statement, *wanted, **head):
        self.assertCountEqual(lines_after(body(statement, **head)), wanted)

    def test_comparisons_turn_at_the_border_and_over(self):
        self.expect("return a < b;", ("comparison", "return a <= b;"),
                    ("comparison", "return a >= b;"), ("result", "return !(a < b);"),
                    head="static bool f(int a)")
        self.expect("a = b != c;", ("comparison", "a = b == c;"), ("statement", ";"))

    def test_conditions_are_negated_with_their_connectives_changed(self):
        self.expect("if (a && b) g();", ("condition", "if (!(a && b)) g();"),
                    ("connective", "if (a || b) g();"), ("statement", "if (a && b) ;"))

    def test_loops(self):
        self.expect("for (int i = 2; i < n; i++) g();",
                    ("constant", "for (int i = 1; i < n; i++) g();"),
                    ("constant", "for (int i = 3; i < n; i++) g();"),
                    ("condition", "for (int i = 2; !(i < n); i++) g();"),
                    ("comparison", "for (int i = 2; i <= n; i++) g();"),
                    ("comparison", "for (int i = 2; i >= n; i++) g();"),
                    ("sign", "for (int i = 2; i < n; i--) g();"),
                    ("statement", "for (int i = 2; i < n; i++) ;"))
        self.expect("do { g(); } while (a);", ("statement", "do { ; } while (a);"),
                    ("condition", "do { g(); } while (!(a));"))

    def test_results(self):
        self.expect("return g(a);", ("result", "return (g(a)) + 1;"), ("result", "return 0;"))
        self.expect("return p;", ("result", "return 0;"), head="const char *f(void)")
        self.expect("return s;", head="static struct text f(void)")
        self.expect("return true;", ("constant", "return false;"), ("result", "return !(true);"),
                    head="bool f(void)")

    def test_constants_keep_their_form_and_stay_at_or_above_0(self):
        self.expect("a = 0x1fu;", ("constant", "a = 0x20u;"), ("constant", "a = 0x1eu;"),
                    ("statement", ";"))
        self.expect("a = 0;", ("constant", "a = 1;"), ("statement", ";"))
        self.expect("a = u'x';", ("constant", "a = (u'x' + 1);"), ("statement", ";"))

    def test_only_binary_signs_are_exchanged(self):
        self.expect("a = -b - f(-c) + d[1];", ("sign", "a = -b + f(-c) + d[1];"),
                    ("sign", "a = -b - f(-c) - d[1];"), ("constant", "a = -b - f(-c) + d[0];"),
                    ("constant", "a = -b - f(-c) + d[2];"), ("statement", ";"))
        self.expect("return -a;", ("result", "return (-a) + 1;"), ("result", "return 0;"))

    def test_what_is_not_code_stays(self):
        self.expect("char text[3 + 4], *at; /* 1 < 2 */ // a + b")
        self.expect("_Static_assert(sizeof(int) == 4, \"a && b\");")
        self.expect("switch (a) { case 1: break; default: g(\"1 + 1\"); }",
                    ("statement", "switch (a) { case 1: ; default: g(\"1 + 1\"); }"),
                    ("statement", "switch (a) { case 1: break; default: ; }"))
        self.expect("a = b->c << d;", ("statement", ";"))
        self.assertEqual(lines_after("#define A 1\nenum { B = 2 };\nstruct s { int a[3]; };\n"
                                     "int f(int a[4]);\n"), [])

    def test_initialisers_are_code(self):
        self.assertCountEqual(lines_after("static const int a[5] = {7};\n"),
                              [("constant", "static const int a[5] = {8};"),
                               ("constant", "static const int a[5] = {6};")])
        self.expect("const int a[2] = {b + c};", ("sign", "const int a[2] = {b - c};"))

    def test_a_statement_goes_whole(self):
        source = body("*s = (struct s){\n        .a = b,\n    };")
        gone = [one for one in mutations.mutations(source) if one.kind == "statement"]
        self.assertEqual([mutations.apply(source, one) for one in gone], [body(";")])

    def test_all_of_core_is_read(self):
        for file in Path("service/core").glob("*.c"):
            source = file.read_text()
            for one in mutations.mutations(source):
                self.assertNotEqual(mutations.apply(source, one), source)


SAMPLE = """\
int reached(int n)
{
    return n + n;
}

int unreached(int n)
{
    return n + n;
}

int half(int n)
{
    int parts = 1;
    (void)n;
    if (n > 3)
        parts += n;
    return parts;
}
"""
TEST = """\
int reached(int n);
int half(int n);
int main(void)
{
    return !(reached(3) == 6 && half(4) == 5 && half(3) == 1);
}
"""
LOOP = """\
void step(int *n);
void loop(int *n)
{
    while (*n)
        step(n);
}
"""
TABLE = """\
static const int table[1] = {4};
int at_0(void)
{
    volatile int i = 0;
    return table[i];
}
"""
TEST_OF_LOOP = """\
void loop(int *n);
void step(int *n)
{
    --*n;
}
int main(void)
{
    int n = 3;
    loop(&n);
    return n;
}
"""


class Asking(unittest.TestCase):
    """The script as a whole, on a sample of which all is known."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.make_sample(SAMPLE)
        self.make_test(TEST)

    def make_sample(self, source):
        (self.folder / "sample.c").write_text(source)
        self.build(["-c", "sample.c"])
        subprocess.run(["ar", "rcs", "libsample.a", "sample.o"], cwd=self.folder, check=True)

    def make_test(self, source):
        (self.folder / "tests/core").mkdir(parents=True, exist_ok=True)
        self.build(["-x", "c", "-c", "-", "-o", "tests/core/test_sample.o"], source)

    def build(self, arguments, source=None):
        subprocess.run(["gcc", *arguments], cwd=self.folder, check=True, input=source, text=True)

    def run_script(self, mutations_wanted, *more):
        """Its exit status, what it printed, and its results by index."""
        done = subprocess.run(
            [MUTATE, "--out", self.folder / "out", "--mutations", str(mutations_wanted),
             "--sources", self.folder / "sample.c", "--suite", "gcc -O1", "gcc", self.folder,
             *more],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertIn(" mutations, ", done.stdout)
        journal = (self.folder / "out/results.jsonl").read_text().splitlines()[1:]
        return (done.returncode, done.stdout,
                {result["index"]: result for result in map(json.loads, journal)})

    def test_tells_noticed_from_not_noticed(self):
        # Each line with something to break is a stretch, and on each whatever is drawn ends alike.
        status, said, results = self.run_script(7)
        self.assertEqual(status, 1, said)
        by_line = {result["line"]: result for result in results.values()}
        self.assertEqual(by_line[3]["how"], "failed")
        self.assertIsNone(by_line[8]["by"])
        self.assertEqual(by_line[8]["asked"], 1)
        self.assertNotIn(14, by_line)  # without (void) the code is the same
        self.assertEqual(sorted(by_line), [3, 8, 13, 15, 16, 17])
        self.assertTrue(all(by_line[line]["by"] for line in by_line if line != 8), said)
        self.assertIn("6 mutations, 5 noticed (83.3 %", said)
        self.assertIn("sample.c, unreached: `return n + n;` becomes ", said)

    def test_sanitizers_notice_what_the_first_suite_does_not(self):
        self.make_sample(TABLE)
        self.make_test("int at_0(void); int main(void) { at_0(); return 0; }")
        sanitized = self.folder / "sanitized"
        shutil.copytree(self.folder, sanitized)
        status, said, results = self.run_script(
            3, "--suite", "gcc -fsanitize=undefined -fno-sanitize-recover=all",
            "gcc -fsanitize=undefined", sanitized)
        by_line = {result["line"]: result for result in results.values()}
        self.assertEqual((by_line[4]["how"], by_line[4]["asked"]), ("failed", 2), said)
        self.assertEqual((by_line[1]["how"], by_line[1]["asked"]), (None, 2), said)

    def test_a_loop_without_end_is_noticed(self):
        self.make_sample(LOOP)
        self.make_test(TEST_OF_LOOP)
        status, said, results = self.run_script(2)
        self.assertEqual([results[index]["how"] for index in range(2)], ["failed", "hung"], said)
        self.assertEqual(status, 0)

    def test_goes_on_where_it_was_stopped(self):
        _, whole, results = self.run_script(7)
        journal = self.folder / "out/results.jsonl"
        lines = journal.read_text().splitlines(keepends=True)
        journal.write_text("".join(lines[:3]) + lines[3][:20])
        _, rest, again = self.run_script(7)
        self.assertEqual(again, results)
        self.assertEqual(whole[whole.index("mutations"):], rest[rest.index("mutations"):])
        self.assertIn(" of 5: ", rest)
        # Nothing has changed, so nothing is asked.
        self.assertNotIn(" of ", self.run_script(7)[1].split("mutations")[0])

    def test_new_tests_are_asked_about_what_was_not_noticed(self):
        self.run_script(7)
        self.make_test(TEST.replace("int main", "int unreached(int n);\nint main")
                       .replace("!(", "!(unreached(4) == 8 && "))
        status, said, results = self.run_script(7)
        self.assertEqual(status, 0, said)
        self.assertIn("6 mutations, 6 noticed", said)
        # The line that was not noticed and the one whose code stays the same.
        self.assertIn(" of 2: ", said)

    def test_another_source_begins_anew(self):
        self.run_script(7)
        self.make_sample(SAMPLE.replace("n + n", "2 * n"))
        self.assertIn(" of 7: ", self.run_script(7)[1])

    def test_a_test_that_fails_before_is_refused(self):
        self.make_test("int main(void) { return 1; }")
        done = subprocess.run([MUTATE, "--out", self.folder / "out", "--suite", "gcc", "gcc",
                               self.folder, "--sources", self.folder / "sample.c"],
                              stderr=subprocess.PIPE, text=True)
        self.assertIn("test_sample failed on the sound source", done.stderr)
        self.assertEqual(done.returncode, 1)

    def test_who_does_not_run_a_line_is_not_asked(self):
        file = str(self.folder / "sample.c")
        (self.folder / "runs").mkdir()
        (self.folder / "runs/test_sample.json").write_text(
            json.dumps({file: {"3": [0, []], "8": [0, []], "17": [1, []]}}))
        _, said, results = self.run_script(7, "--coverage", self.folder / "runs")
        asked = {result["line"]: result["asked"] for result in results.values()}
        self.assertEqual(asked[3], 0)
        self.assertEqual(asked[17], 1)

    def test_a_seed_draws_the_same_again(self):
        lines = mutate.breakable_lines([self.folder / "sample.c"])
        first, again, other = (
            [next(mutate.drawn(lines, index, 2, seed)) for index in range(2)]
            for seed in ("1", "1", "2"))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_only_what_is_explained_may_stay(self):
        result = {"file": "a.c", "line": 1, "function": "f", "kind": "sign", "before": "a + b;",
                  "after": "a - b;", "by": None, "how": None, "asked": 1}
        noticed = dict(result, by="test_a", how="failed")
        listed = self.folder / "survivors.md"
        with contextlib.redirect_stdout(io.StringIO()):
            listed.write_text("### a.c, f: `a + b;` becomes `a - b;`\n\nb is 0.\n")
            self.assertTrue(mutate.report([result] + 19 * [noticed], mutate.explained(listed)))
            self.assertFalse(mutate.report([result] + 18 * [noticed], mutate.explained(listed)))
            listed.write_text("### a.c, f: `a + b;` becomes `a - b;`\n\n### Others\n")
            self.assertFalse(mutate.report([result] + 19 * [noticed], mutate.explained(listed)))


def main():
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0).run(
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]))
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
