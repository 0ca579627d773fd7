"""Convert between .py formulas and .gradviz graphs."""

from __future__ import annotations

import argparse
from pathlib import Path

from gradviz.cli.common import InputFault, UsageFault, open_graph, write_text
from gradviz.files import FileError, save
from gradviz.graph import Evaluation, Graph, NoBackward
from gradviz.graph.differentiate import gradient_graph
from gradviz.program import FormulaError, source
from gradviz.program.placing import positions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, metavar="IN", help="a .gradviz graph or .py formula")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help="where to write"
    )
    parser.add_argument(
        "--gradient", action="store_true",
        help="write the graph of its gradients, by the leaves that require one",
    )  # fmt: skip


def run(given: argparse.Namespace) -> int:
    """Read one form, write the other, as the names say."""
    target: Path = given.output
    if target.suffix not in (".py", ".gradviz"):
        raise UsageFault(f"-o {target}: the name should end with .py or .gradviz")
    graph = open_graph(given.file)
    if given.gradient:
        graph = differentiated(graph)
    if target.suffix == ".py":
        try:
            write_text(source(graph), str(target))
        except FormulaError as problem:
            raise InputFault(f"{given.file}: it cannot be a program: {problem}") from None
        return 0
    try:
        save(graph, target)
    except FileError as problem:
        why = str(problem).rpartition(": ")[2]
        raise UsageFault(f"cannot write {target}: {why}") from None
    return 0


def differentiated(graph: Graph) -> Graph:
    """The graph of the gradients of a graph's output; InputFault says why there is none."""
    output = graph.output()
    if output is None:
        raise InputFault("the graph is empty: there is nothing to differentiate")
    try:
        return gradient_graph(Evaluation(graph), output, place=positions)
    except NoBackward as problem:
        raise InputFault(str(problem)) from None
