"""The small ways to break a C source: what `mutations` finds, `apply` does.

Reads the C of this project, not every C: functions, initialisers, statements; no macros that hide
braces. Left alone are declarations, case labels, static asserts and the preprocessor.
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(r"""
    (?P<space>\s+|//[^\n]*|/\*.*?\*/)
  | (?P<directive>^[ \t]*\#(?:[^\n\\]|\\.)*)
  | (?P<string>(?:u8|[uUL])?"(?:[^"\\\n]|\\.)*")
  | (?P<character>[uUL]?'(?:[^'\\\n]|\\.)+')
  | (?P<number>\.?[0-9](?:[eEpP][+-]|[0-9A-Za-z_.])*)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<sign><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)
""", re.VERBOSE | re.DOTALL | re.MULTILINE)

# What an operator is exchanged for: a comparison for the one that differs at the border, and for
# its opposite.
EXCHANGES = {
    "<": ("comparison", ["<=", ">="]), "<=": ("comparison", ["<", ">"]),
    ">": ("comparison", [">=", "<="]), ">=": ("comparison", [">", "<"]),
    "==": ("comparison", ["!="]), "!=": ("comparison", ["=="]),
    "&&": ("connective", ["||"]), "||": ("connective", ["&&"]),
    "+": ("sign", ["-"]), "-": ("sign", ["+"]), "+=": ("sign", ["-="]), "-=": ("sign", ["+="]),
    "++": ("sign", ["--"]), "--": ("sign", ["++"]),
}
OPENING = {"(": ")", "[": "]", "{": "}"}
SPECIFIERS = {"const", "static", "struct", "union", "enum", "unsigned", "signed", "volatile"}
KEYWORDS = {"return", "goto", "break", "continue", "sizeof"}
INTEGER = re.compile(r"(0[xX][0-9A-Fa-f]+|[0-9]+)([uUlL]*)")


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    at: int  # offset in the source

    @property
    def end(self):
        return self.at + len(self.text)


@dataclass(frozen=True)
class Mutation:
    kind: str
    start: int  # offsets in the source of what is replaced
    end: int
    replacement: str
    function: str  # that it is in; empty: an initialiser outside of all


def tokens_of(source):
    return [Token(found.lastgroup, found.group(), found.start()) for found in TOKEN.finditer(source)
            if found.lastgroup not in ("space", "directive")]


def apply(source, mutation):
    return source[:mutation.start] + mutation.replacement + source[mutation.end:]


def line_of(source, mutation):
    return source.count("\n", 0, mutation.start) + 1


def shown(source, mutation):
    """What stood there and what stands there now: whole lines, joined."""
    first = source.rfind("\n", 0, mutation.start) + 1
    last = source.find("\n", mutation.end)
    last = len(source) if last < 0 else last
    before = source[first:last]
    after = source[first:mutation.start] + mutation.replacement + source[mutation.end:last]
    return " ".join(before.split()), " ".join(after.split())


def mutations(source):
    """All of them, in the order of the source."""
    reader = Reader(source)
    reader.file()
    return sorted(set(reader.found), key=lambda one: (one.start, one.end, one.replacement))


class Reader:
    def __init__(self, source):
        self.source = source
        self.tokens = tokens_of(source)
        self.found = []
        self.function = self.result_type = ""

    def text(self, i):
        return self.tokens[i].text if i < len(self.tokens) else ""

    def closing(self, i):
        """The index of the token that closes what token i opens."""
        closing, i = OPENING[self.text(i)], i + 1
        while self.text(i) != closing:
            i = self.closing(i) + 1 if self.text(i) in OPENING else i + 1
        return i

    def semicolon(self, i):
        while self.text(i) != ";":
            i = self.closing(i) + 1 if self.text(i) in OPENING else i + 1
        return i

    def add(self, kind, first, last, replacement):
        """Tokens first to last, last included."""
        self.found.append(Mutation(kind, self.tokens[first].at, self.tokens[last].end, replacement,
                                   self.function))

    def between(self, first, last):
        return self.source[self.tokens[first].at:self.tokens[last].end]

    def file(self):
        i = start = 0
        while i < len(self.tokens):
            text = self.text(i)
            if text == "=":
                end = self.semicolon(i)
                self.constants(i + 1, end)
                i = start = end + 1
            elif text == "{" and self.text(i - 1) == ")":
                self.head(start, i)
                i = start = self.statement(i)
                self.function = ""
            elif text in OPENING:
                i = self.closing(i) + 1
            else:
                i += 1
                start = i if text == ";" else start

    def head(self, start, body):
        """Reads the head of a function, which is from start to body."""
        i = start
        while i < body and self.text(i + 1) != "(":
            i += 1
        self.function = self.text(i)
        self.result_type = " ".join(self.text(j) for j in range(start, i)
                                    if self.text(j) != "static")

    def statement(self, i):
        """Reads one statement; the index behind it."""
        text = self.text(i)
        if text == "{":
            i += 1
            while self.text(i) != "}":
                i = self.statement(i)
            return i + 1
        if text in ("if", "while", "for", "switch"):
            return self.controlled(i)
        if text == "do":
            i = self.statement(i + 1)  # at "while"
            self.condition(i + 2, self.closing(i + 1))
            return self.semicolon(i) + 1
        if text == "else":
            return self.statement(i + 1)
        if text in ("case", "default") or self.text(i + 1) == ":":
            while self.text(i) != ":":
                i += 1
            return i + 1
        end = self.semicolon(i)
        if text == "return":
            self.result(i + 1, end)
            self.expression(i + 1, end)
        elif text != "_Static_assert":
            self.simple(i, end)
        return end + 1

    def controlled(self, i):
        text, opening = self.text(i), i + 1
        closing = self.closing(opening)
        if text == "for":
            first = self.semicolon(opening + 1)
            second = self.semicolon(first + 1)
            if second > first + 1:
                self.add("condition", first + 1, second - 1,
                         f"!({self.between(first + 1, second - 1)})")
            self.expression(opening + 1, closing)
        elif text == "switch":
            self.expression(opening + 1, closing)
        else:
            self.condition(opening + 1, closing)
        return self.statement(closing + 1)

    def condition(self, first, end):
        self.add("condition", first, end - 1, f"!({self.between(first, end - 1)})")
        self.expression(first, end)

    def result(self, first, end):
        if first == end:
            return
        value = self.between(first, end - 1)
        if self.result_type == "bool":
            changed = [f"!({value})"]
        elif self.result_type.endswith("*"):
            changed = ["0"]
        elif self.result_type.startswith(("struct", "union", "const struct")):
            changed = []
        else:
            changed = [f"({value}) + 1", "0"]
        for replacement in changed:
            if replacement != value:
                self.add("result", first, end - 1, replacement)

    def simple(self, i, end):
        """A declaration or an expression, up to its semicolon."""
        second = self.tokens[i + 1]
        if self.text(i) in SPECIFIERS or (
                self.tokens[i].kind == "name" and self.text(i) not in KEYWORDS and
                (second.kind == "name" or second.text == "*")):
            while i < end and self.text(i) != "=":
                i = self.closing(i) + 1 if self.text(i) in OPENING else i + 1
            self.expression(i + 1, end)
            return
        if i < end:
            self.add("statement", i, end, ";")
        self.expression(i, end)

    def expression(self, first, end):
        self.constants(first, end)
        for i in range(first, end):
            text = self.text(i)
            if text not in EXCHANGES or (text in "+-" and not self.is_binary(i)):
                continue
            kind, others = EXCHANGES[text]
            for other in others:
                self.add(kind, i, i, other)

    def is_binary(self, i):
        before = self.tokens[i - 1]
        return before.text in (")", "]") or (
            before.kind in ("name", "number", "character") and before.text not in KEYWORDS)

    def constants(self, first, end):
        for i in range(first, end):
            token = self.tokens[i]
            if token.text in ("true", "false"):
                self.add("constant", i, i, "false" if token.text == "true" else "true")
            elif token.kind == "character":
                self.add("constant", i, i, f"({token.text} + 1)")
            elif token.kind == "number":
                for other in neighbours(token.text):
                    self.add("constant", i, i, other)


def neighbours(number):
    """The numbers beside it, written as it is; none below zero."""
    found = INTEGER.fullmatch(number)
    if not found:
        return []
    digits, suffix = found.groups()
    is_hexadecimal = digits[:2].lower() == "0x"
    value = int(digits, 16 if is_hexadecimal else 8 if len(digits) > 1 and digits[0] == "0" else 10)
    return [f"{other:#x}{suffix}" if is_hexadecimal else f"{other}{suffix}"
            for other in (value + 1, value - 1) if other >= 0]
