"""What commands share: faults with their exit codes, opening input, writing output."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from gradviz.files import FileError, load
from gradviz.graph import Graph
from gradviz.ops.kinds import is_sequence
from gradviz.program import FormulaError, graph_from_source

EXIT_INPUT, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130


class InputFault(Exception):
    """The input is at fault: one line that says what, where and what would be right; exit 1."""


class UsageFault(Exception):
    """Wrong usage, or something the command needs is not there; exit 2."""


def read_text(path: Path) -> str:
    """A file's text; InputFault where it cannot be read as UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise InputFault(f"{path}: {reason(problem)}") from None
    except UnicodeDecodeError as problem:
        place = f"byte {problem.start}"
        raise InputFault(f"{path}: it is not UTF-8 text ({place}); save it as UTF-8") from None
    except ValueError as problem:  # a NUL in the name
        raise InputFault(f"{path}: {problem}") from None


def reason(problem: OSError) -> str:
    """What the system says of a file, in words."""
    return problem.strerror or str(problem)


def open_graph(path: Path) -> Graph:
    """The graph in a .gradviz file or a .py formula program."""
    if path.suffix == ".gradviz":
        try:
            return load(path)
        except FileError as problem:
            raise InputFault(in_folder(path, problem)) from None
    if path.suffix != ".py":
        raise InputFault(f"{path}: its name should end with .gradviz or .py")
    text = read_text(path)
    try:
        return graph_from_source(text)
    except FormulaError as problem:
        place = f"{path}:{problem.line}:{problem.column + 1}"
        raise InputFault(f"{place}: {problem}{ordinary(text, path)}") from None


def ordinary(text: str, path: Path) -> str:
    """For Python that is no formula: which command can do something with it."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    lines = ast.Assign | ast.Expr | ast.Import | ast.ImportFrom
    if all(isinstance(statement, lines) for statement in body):
        return ""
    return f" (this is Python beyond a formula: `gradviz run {path}` can run it, and no more)"


def in_folder(path: Path, problem: FileError) -> str:
    """A file's fault, which begins with its name, under its whole path."""
    return f"{path}{str(problem).removeprefix(path.name)}"


def write_text(text: str, target: str) -> None:
    """Write to a file, or to standard output where ``target`` is ``-``."""
    if target == "-":
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    try:
        Path(target).write_text(text, encoding="utf-8")
    except OSError as problem:
        raise UsageFault(f"cannot write {target}: {reason(problem)}") from None


def write_json(value: Any, target: str) -> None:
    """Write as JSON; nan and the infinities as the strings PyTorch prints."""
    try:
        text = json.dumps(plain(value))
    except ValueError as problem:  # a whole number of thousands of digits
        raise InputFault(f"a value cannot be written as JSON: {problem}") from None
    write_text(text, target)


def plain(value: Any) -> Any:
    """``value`` as JSON has it: nan, inf and -inf as strings, tuples as lists."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    if is_sequence(value):
        return [plain(v) for v in value]
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in cast(Mapping[str, Any], value).items()}
    return value


def node_named(graph: Graph, name: str) -> str:
    """The id of the node with this name; InputFault lists the names."""
    node = graph.named(name)
    if node is None:
        names = ", ".join(n.name for n in graph.nodes.values()) or "none: the graph is empty"
        raise InputFault(f"there is no node called '{name}'; the names are {names}")
    return node.id
