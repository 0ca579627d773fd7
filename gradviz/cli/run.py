"""Evaluate a graph or a program: names, shapes, values, gradients."""

from __future__ import annotations

import argparse
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import sys
import traceback
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from gradviz.cli.common import InputFault, open_graph, read_text, write_json
from gradviz.graph import Evaluation, Graph, NoBackward, walk_back
from gradviz.numbers import shape_text, short
from gradviz.ops.kinds import is_sequence
from gradviz.tensor import Tensor

NOTHING = object()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .gradviz graph or a .py program")
    parser.add_argument("--json", metavar="PATH", help="write JSON to PATH, - for standard output")


def run(given: argparse.Namespace) -> int:
    """Evaluate, and print a table or write JSON."""
    if given.file.suffix == ".py":
        values, printed = run_program(given.file)
    else:
        values, printed = graph_values(open_graph(given.file)), ""
    if given.json:
        write_json({"values": values, "printed": printed}, given.json)
    else:
        sys.stdout.write(printed)
        print_table(values)
    return 0


# programs ----------------------------------------------------------------------------------


class StandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Lets ``import torch`` in a program mean this library."""

    def find_spec(
        self, fullname: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Answer for ``torch`` and what is in it."""
        mine = fullname == "torch" or fullname.startswith("torch.")
        return importlib.util.spec_from_loader(fullname, self) if mine else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Our module of the same name."""
        ours = "gradviz" + spec.name.removeprefix("torch")
        try:
            return importlib.import_module(ours)
        except ModuleNotFoundError:
            raise ModuleNotFoundError(f"GradViz has no {spec.name}", name=spec.name) from None

    def exec_module(self, module: ModuleType) -> None:
        """It is loaded already."""


def run_program(path: Path) -> tuple[dict[str, Any], str]:
    """Run a Python program with this library for ``torch``; its names' values, its output."""
    text = read_text(path)
    out = io.StringIO()
    scope: dict[str, Any] = {"__name__": "__main__", "__file__": str(path)}
    hidden = {n: m for n, m in sys.modules.items() if n == "torch" or n.startswith("torch.")}
    for name in hidden:
        del sys.modules[name]
    finder = StandIn()
    sys.meta_path.insert(0, finder)
    try:
        with redirect_stdout(out):
            exec(compile(text, str(path), "exec"), scope)
    except SyntaxError as problem:
        raise InputFault(f"{path}:{problem.lineno}: {problem.msg}") from None
    except Exception as problem:  # whatever the person's program raises is the input's fault
        raise InputFault(program_fault(path, problem)) from None
    finally:
        sys.meta_path.remove(finder)
        for name in [n for n in sys.modules if n == "torch" or n.startswith("torch.")]:
            del sys.modules[name]
        sys.modules.update(hidden)
    found = {k: describe(v) for k, v in scope.items() if not k.startswith("_")}
    return {k: v for k, v in found.items() if v is not NOTHING}, out.getvalue()


def program_fault(path: Path, problem: Exception) -> str:
    """Where in the program an exception came from, and what it says."""
    lines = [
        f.lineno for f in traceback.extract_tb(problem.__traceback__) if f.filename == str(path)
    ]
    place = f"{path}:{lines[-1]}" if lines else str(path)
    return f"{place}: {type(problem).__name__}: {problem}"


def describe(value: Any) -> Any:
    """The JSON form of a value, or ``NOTHING`` for one that has none."""
    if isinstance(value, Tensor):
        return describe_tensor(value, value.grad if value.is_leaf else None)
    if value is None or isinstance(value, (bool, int, str, float)):
        return value
    if is_sequence(value):
        parts = [describe(v) for v in value]
        return NOTHING if any(p is NOTHING for p in parts) else parts
    return NOTHING


def describe_tensor(value: Tensor, grad: Any) -> dict[str, Any]:
    """A tensor's JSON form."""
    return {
        "shape": list(value.shape),
        "dtype": value.dtype.name,
        "data": value.array.tolist(),
        "grad": None if grad is None else grad.tolist(),
    }


# graphs ------------------------------------------------------------------------------------


def graph_values(graph: Graph) -> dict[str, Any]:
    """Every node's value by name, with gradients where backward can run; or its error."""
    evaluation = Evaluation(graph)
    gradients = gradients_of(graph, evaluation)
    found: dict[str, Any] = {}
    for node_id in graph.order():
        name = graph.node(node_id).name
        result = evaluation.results[node_id]
        if result.ok:
            found[name] = describe_tensor(result.value, gradients.get(node_id))
        elif result.error is not None:
            raise InputFault(f"{name}: {result.error}")
        elif result.missing:
            raise InputFault(f"{name}: input {', '.join(result.missing)} needs a wire or a number")
    return found


def gradients_of(graph: Graph, evaluation: Evaluation) -> Mapping[str, Any]:
    """Every node's gradient from the graph's output; empty where no backward can run."""
    output = graph.output()
    if output is None:
        return {}
    try:
        return walk_back(evaluation, output).gradients
    except NoBackward:
        return {}


# the table ---------------------------------------------------------------------------------


def print_table(values: Mapping[str, Any]) -> None:
    """Names, shapes, types, values and gradients, in columns."""
    rows = [("name", "shape", "dtype", "value", "grad")]
    rows += [row_of(name, value) for name, value in values.items()]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def row_of(name: str, value: Any) -> tuple[str, str, str, str, str]:
    """One line of the table."""
    if not isinstance(value, dict):
        return name, "", type(value).__name__, str(value), ""
    found = cast(dict[str, Any], value)
    data, grad = numbers(found["data"]), numbers(found["grad"])
    return name, shape_text(found["shape"]), found["dtype"], data, grad


def numbers(data: Any, most: int = 6) -> str:
    """A few numbers to read, the rest as dots."""
    if data is None:
        return ""
    if not is_sequence(data):
        return short(data)
    shown = [numbers(d, most) for d in data[:most]]
    return f"[{', '.join(shown)}{', …' if len(data) > most else ''}]"
