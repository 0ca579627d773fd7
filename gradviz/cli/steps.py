"""Show the backward pass of a graph, a step a line."""

from __future__ import annotations

import argparse
from pathlib import Path

from gradviz.cli.common import InputFault, node_named, open_graph, write_json
from gradviz.cli.passes import Pass, View
from gradviz.cli.views import VIEWS, all_steps
from gradviz.graph import Evaluation, Graph, Seed, SeedError, StopError, parse_seed, parse_stop


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .gradviz graph or .py formula")
    parser.add_argument("--of", metavar="NAME", help="go back from this node, not the output")
    parser.add_argument(
        "--seed", metavar="SEED",
        help="the gradient to start from: ones, one-hot 0,2 for one element, or [1, -2]",
    )  # fmt: skip
    parser.add_argument(
        "--stop", metavar="WHEN", action="append", default=[],
        help="end the steps where this first holds: '|grad| > 10', nan, 'w changes', 'at w' …",
    )  # fmt: skip
    shown = parser.add_mutually_exclusive_group()
    for view in VIEWS:
        if view.metavar:
            shown.add_argument(view.option, metavar=view.metavar, help=view.help)
        else:
            shown.add_argument(view.option, action="store_true", help=view.help)
    parser.add_argument("--json", metavar="PATH", help="write JSON to PATH, - for standard output")


def run(given: argparse.Namespace) -> int:
    """Run the pass, and print it, or what is asked of it, or write JSON."""
    graph = open_graph(given.file)
    around = pass_of(graph, given.of, given.seed, given.stop)
    view, argument = chosen(given)
    if given.json:
        write_json(view.as_json(around, argument), given.json)
        return 0
    for line in view.as_lines(around, argument):
        print(line)
    return 0


def chosen(given: argparse.Namespace) -> tuple[View, str]:
    """The view that was asked for, with its argument; all steps where none was."""
    for view in VIEWS:
        argument = getattr(given, view.option.removeprefix("--"))
        if argument not in (None, False):
            return view, argument if isinstance(argument, str) else ""
    return all_steps, ""


def pass_of(graph: Graph, of: str | None, seed: str | None, stops: list[str]) -> Pass:
    """The pass that the options describe; InputFault where they do not fit the graph."""
    output = graph.output() if of is None else node_named(graph, of)
    if output is None:
        raise InputFault("the graph is empty: there is nothing to go back from")
    evaluation = Evaluation(graph)
    try:
        wanted = tuple(parse_stop(graph, text) for text in stops)
    except StopError as problem:
        raise InputFault(f"--stop: {problem}") from None
    return Pass(graph, evaluation, output, seed_of(evaluation, output, seed), wanted)


def seed_of(evaluation: Evaluation, output: str, text: str | None) -> Seed | None:
    """The seed that was typed; None where none was."""
    value = evaluation.value(output)
    if text is None or value is None:
        return None
    try:
        return parse_seed(text, value.array.shape, f"'{evaluation.graph.node(output).name}'")
    except SeedError as problem:
        raise InputFault(f"--seed: {problem}") from None
