"""Settings of operations as text and back: what a person types in a form's field.

Nothing typed is ever evaluated; what is not understood is refused with what would be right.
"""

import ast
from collections.abc import Callable
from types import EllipsisType
from typing import Any, Final

from gradviz.ops.spec import Attr

from .numbers import MINUS, full
from .widgets import NotANumberError, NumberRule

Typed = int | float | bool | str | tuple[Any, ...] | slice | EllipsisType | list[Any] | None


class SettingError(ValueError):
    """The text is no value of this setting; the message says what would be."""


def shown(value: Any) -> str:
    """A setting's value as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, (tuple, list)):
        return ", ".join(part(item) for item in value)
    return part(value)


def part(value: Any) -> str:
    """One member of an index or a list of sizes."""
    if isinstance(value, slice):
        ends = (value.start, value.stop) if value.step is None else (
            value.start, value.stop, value.step)  # fmt: skip
        return ":".join("" if end is None else str(end) for end in ends)
    if value is Ellipsis:
        return "..."
    return full(value) if isinstance(value, float) else str(value)


def read(attr: Attr, typed: str) -> Typed:
    """The value typed for a setting; None for nothing where that is allowed.

    Raises:
        SettingError: it is no such value.
    """
    plain = typed.strip().replace(MINUS, "-")
    if not plain and attr.kind != "text":
        if attr.optional:
            return None
        raise SettingError(f"{attr.name} needs {HINTS.get(attr.kind, 'a value')}")
    try:
        return READERS[attr.kind](attr, plain)
    except NotANumberError as problem:
        raise SettingError(str(problem)) from None


def _whole(attr: Attr, plain: str) -> int:
    low = float("-inf") if attr.low is None else attr.low
    high = float("inf") if attr.high is None else attr.high
    return int(NumberRule(low, high, whole=True).parse(plain))


def _real(attr: Attr, plain: str) -> float:
    low = float("-inf") if attr.low is None else attr.low
    high = float("inf") if attr.high is None else attr.high
    return NumberRule(low, high).parse(plain)


def _number(attr: Attr, plain: str) -> int | float:
    try:
        return int(plain)
    except ValueError:
        return _real(attr, plain)


def _whole_numbers(attr: Attr, plain: str) -> int | str | tuple[int, ...]:
    word = plain.strip("'\" ")
    if word in attr.choices:
        return word
    inner = plain.strip("()[] ").rstrip(",")
    try:
        numbers = tuple([int(item) for item in inner.split(",") if inner])
    except ValueError:
        raise SettingError(f"{attr.name} is {HINTS[attr.kind]}") from None
    single = len(numbers) == 1 and "," not in plain and "(" not in plain and "[" not in plain
    return numbers[0] if single and attr.kind == "dims" else numbers


def _index(attr: Attr, plain: str) -> Typed:
    inner = plain[1:-1] if plain.startswith("[") and plain.endswith("]") else plain
    try:
        tree = ast.parse(f"x[{inner}]", mode="eval").body
    except SyntaxError:
        raise SettingError(f"{attr.name} is {HINTS['index']}") from None
    if not isinstance(tree, ast.Subscript):
        raise SettingError(f"{attr.name} is {HINTS['index']}")
    return _index_part(tree.slice)


def _index_part(tree: ast.expr) -> Typed:
    if isinstance(tree, ast.Slice):
        return slice(*(None if end is None else _literal(end)
                       for end in (tree.lower, tree.upper, tree.step)))  # fmt: skip
    if isinstance(tree, ast.Tuple):
        return tuple(_index_part(each) for each in tree.elts)
    return _literal(tree)


def _literal(tree: ast.expr) -> Any:
    try:
        return ast.literal_eval(tree)
    except ValueError:
        raise SettingError(f"an index is {HINTS['index']}") from None


def _array(attr: Attr, plain: str) -> Any:
    try:
        return ast.literal_eval(plain)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise SettingError(f"{attr.name} is {HINTS['array']}") from None


READERS: Final[dict[str, Callable[[Attr, str], Any]]] = {
    "int": _whole,
    "dim": _whole,
    "float": _real,
    "number": _number,
    "dims": _whole_numbers,
    "shape": _whole_numbers,
    "index": _index,
    "array": _array,
    "text": lambda attr, plain: plain,
}
HINTS: Final = {
    "int": "a whole number",
    "dim": "a dimension, such as 0 or -1",
    "float": "a number",
    "number": "a number",
    "dims": "dimensions, such as 0, 1",
    "shape": "whole numbers, such as 2, 3",
    "index": "an index, such as 0, 1:3",
    "array": "numbers in brackets, such as [1, 2]",
    "text": "text",
}
