"""Evaluate a graph or a program: names, shapes, values, gradients."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from gradviz.cli.common import InputFault, open_graph, write_json
from gradviz.cli.programs import ProgramFault, run_program
from gradviz.graph import Evaluation, Graph, NoBackward, walk_back
from gradviz.numbers import shape_text, short
from gradviz.ops.kinds import is_sequence
from gradviz.tensor import Tensor

NOTHING = object()
MOST = 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .gradviz graph or a .py program")
    parser.add_argument("--json", metavar="PATH", help="write JSON to PATH, - for standard output")


def run(given: argparse.Namespace) -> int:
    """Evaluate, and print a table or write JSON."""
    try:
        values, printed = values_of(given.file)
    except ProgramFault as fault:
        if not given.json:
            sys.stdout.write(fault.printed)
        raise
    if given.json:
        write_json({"values": values, "printed": printed}, given.json)
    else:
        sys.stdout.write(printed)
        print_table(values)
    return 0


def values_of(path: Path) -> tuple[dict[str, Any], str]:
    """The values in a file by name, and what a program printed."""
    if path.suffix != ".py":
        return graph_values(open_graph(path)), ""
    scope, printed = run_program(path)
    found = {k: describe(v) for k, v in scope.items() if not k.startswith("_")}
    return {k: v for k, v in found.items() if v is not NOTHING}, printed


# values ------------------------------------------------------------------------------------


def describe(value: Any) -> Any:
    """The JSON form of a value, or ``NOTHING`` for one that has none."""
    try:
        return described(value)
    except RecursionError:  # a list that holds itself
        return NOTHING


def described(value: Any) -> Any:
    """The same, for what is not endless."""
    if isinstance(value, Tensor):
        return describe_tensor(value, value.grad if value.is_leaf else None)
    if value is None or isinstance(value, (bool, int, str, float)):
        return value
    if is_sequence(value):
        parts = [described(v) for v in value]
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
    """Every node's value by name (a list, of several outputs), with gradients where there are."""
    evaluation = Evaluation(graph)
    if fault := first_fault(graph, evaluation):
        raise InputFault(fault)
    gradients = gradients_of(graph, evaluation)
    found: dict[str, Any] = {}
    for node_id in graph.order():
        first, *others = evaluation.results[node_id].outputs
        value = describe_tensor(first, gradients.get(node_id))
        several = [value, *(describe_tensor(other, None) for other in others)]
        found[graph.node(node_id).name] = several if others else value
    return found


def first_fault(graph: Graph, evaluation: Evaluation) -> str | None:
    """Which node fails first, and why; None where every node has a value."""
    for node_id in graph.order():
        if why := evaluation.explain(node_id):
            return f"{graph.node(node_id).name}: {why}"
    return None


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
        return name, "", type(value).__name__, cell(value), ""
    found = cast(dict[str, Any], value)
    return name, shape_text(found["shape"]), found["dtype"], cell(value), numbers(found["grad"])


def cell(value: Any) -> str:
    """A value in the table: a few of its numbers, or the text it is."""
    if isinstance(value, dict):
        return numbers(cast(dict[str, Any], value)["data"])
    if is_sequence(value):
        return listed([cell(v) for v in value[:MOST]], len(value))
    try:
        return " ".join(str(value).split())
    except ValueError:  # a whole number of thousands of digits
        return "a very large whole number"


def numbers(data: Any) -> str:
    """A few numbers to read, the rest as dots."""
    if data is None:
        return ""
    if not is_sequence(data):
        return short(data)
    return listed([numbers(d) for d in data[:MOST]], len(data))


def listed(parts: list[str], count: int) -> str:
    """The first of ``count`` parts in brackets."""
    return f"[{', '.join(parts)}{', …' if count > len(parts) else ''}]"
