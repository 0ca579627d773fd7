"""From text to statements that are safe to build from: bounded, and nothing but formulas.

The text is parsed, never run. What Python allows and a formula does not is refused here or, by
having no entry in its tables, in :mod:`gradviz.program.build`.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from functools import cached_property

from gradviz.program.errors import FormulaError

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 100
REFUSED: dict[type[ast.AST], str] = {
    ast.Lambda: "functions cannot be defined in a formula",
    ast.FunctionDef: "functions cannot be defined in a formula",
    ast.ClassDef: "classes cannot be defined in a formula",
    ast.ListComp: "a formula has no loops: write the elements out",
    ast.GeneratorExp: "a formula has no loops: write the elements out",
    ast.SetComp: "a formula has no loops: write the elements out",
    ast.DictComp: "a formula has no loops: write the elements out",
    ast.For: "a formula has no loops: write each line out",
    ast.While: "a formula has no loops: write each line out",
    ast.If: "a formula has no branches: write where(condition, a, b)",
    ast.IfExp: "a formula has no branches: write where(condition, a, b)",
    ast.With: "'with' is no part of a formula; x.detach() cuts a tensor from the gradient",
    ast.JoinedStr: "text with braces is no part of a formula",
    ast.NamedExpr: "':=' is no part of a formula: give the name on a line of its own",
    ast.Starred: "'*' before an argument is no part of a formula",
    ast.BoolOp: "'and' and 'or' take single truths: write a & b or a | b",
    ast.AugAssign: "values are not changed in place: write x = x + … under a new name",
    ast.AnnAssign: "a line is 'name = expression', with no annotation",
    ast.Dict: "'{' is no part of a formula: lists of numbers are written with '['",
    ast.Set: "'{' is no part of a formula: lists of numbers are written with '['",
    ast.Await: "'await' is no part of a formula",
    ast.Delete: "'del' is no part of a formula",
}
SIGNS = {
    "−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "²": "**2", "³": "**3",
    "√": "sqrt(…)", "≤": "<=", "≥": ">=", "≠": "!=", "“": '"', "”": '"', "π": "pi", "∞": "inf",
}  # fmt: skip


@dataclass(frozen=True)
class Text:
    """A formula's text, and how to point into it."""

    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines as Python counts them."""
        return re.split(r"\r\n|\r|\n", self.text)

    def error(self, message: str, node: ast.AST) -> FormulaError:
        """An error that points at ``node``."""
        line: int = getattr(node, "lineno", 1)
        start = self.character(line, getattr(node, "col_offset", 0))
        end_line: int = getattr(node, "end_lineno", None) or line
        end_byte: int = getattr(node, "end_col_offset", None) or 0
        end = self.character(line, end_byte) if end_line == line else len(self.line(line))
        return FormulaError(message, line, start, max(end - start, 1))

    def line(self, number: int) -> str:
        """A line by its number, counted from 1."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def character(self, line: int, byte: int) -> int:
        """A column in characters, from one in bytes of UTF-8."""
        return len(self.line(line).encode()[:byte].decode(errors="ignore"))


def statements(text: Text) -> list[ast.stmt]:
    """The statements of a text; FormulaError where it is too long, too deep, or no formula."""
    if len(text.text) > MAX_CHARACTERS:
        raise FormulaError(
            f"a formula has at most {MAX_CHARACTERS:,} characters, this has {len(text.text):,}"
        )
    body = parsed(text)
    check_depth(text, body)
    for statement in body:
        for node in ast.walk(statement):
            if type(node) in REFUSED:
                raise text.error(REFUSED[type(node)], node)
    return body


def parsed(text: Text) -> list[ast.stmt]:
    """The text parsed as Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text.text, "<formula>").body
    except SyntaxError as problem:
        raise unreadable(text, problem) from None
    except (RecursionError, MemoryError):
        raise FormulaError(
            f"this is nested too deeply (at most {MAX_DEPTH}): "
            "give parts of it names on lines of their own"
        ) from None
    except ValueError as problem:
        raise FormulaError(f"the text cannot be read: {problem}") from None


def unreadable(text: Text, problem: SyntaxError) -> FormulaError:
    """Python's complaint as one about a formula."""
    line = problem.lineno or 1
    column = max((problem.offset or 1) - 1, 0)
    message = problem.msg
    sign = text.line(line)[column : column + 1]
    if sign in SIGNS and message.startswith("invalid"):
        message = f"'{sign}' is not understood: write {SIGNS[sign]}"
    elif "indent" in message:
        message = "a line starts at the left edge"
    elif "integer string conversion" in message:
        message = "this whole number is too large: at most 64 bits"
    elif "too many nested" in message:
        message = f"brackets are nested too deeply: at most {MAX_DEPTH}"
    elif message.startswith("invalid syntax"):
        message = "this cannot be read; a line is 'name = expression', such as J = x ** 2 + 1"
    elif message.startswith("cannot assign"):
        message = "left of '=' stands a name, such as J = x ** 2 + 1"
    end = problem.end_offset if problem.end_lineno == line else None
    return FormulaError(message, line, column, max((end or 0) - 1 - column, 1))


def check_depth(text: Text, body: list[ast.stmt]) -> None:
    """Refuse what is nested so deeply that building it could run out of stack."""
    stack: list[tuple[ast.AST, int]] = [(statement, 0) for statement in body]
    while stack:
        node, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise text.error(
                f"this is nested too deeply (at most {MAX_DEPTH}): "
                "give a part of it a name on a line of its own",
                node,
            )
        stack.extend((child, depth + 1) for child in ast.iter_child_nodes(node))
