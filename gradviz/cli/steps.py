"""Show the backward pass of a graph, a step a line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from gradviz.cli.common import InputFault, node_named, open_graph, write_json
from gradviz.cli.run import first_fault, numbers
from gradviz.graph import Evaluation, Graph, NoBackward, Sent, Walk, WalkStep, walk_back


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .gradviz graph or .py formula")
    parser.add_argument("--of", metavar="NAME", help="go back from this node, not the output")
    parser.add_argument("--json", metavar="PATH", help="write JSON to PATH, - for standard output")


def run(given: argparse.Namespace) -> int:
    """Run the pass, and print it or write JSON."""
    graph = open_graph(given.file)
    walk = walk_of(graph, given.of)
    if given.json:
        write_json([step_json(graph, step) for step in walk.steps], given.json)
    else:
        for step in walk.steps:
            print(step_line(graph, step))
    return 0


def walk_of(graph: Graph, name: str | None) -> Walk:
    """The backward pass from a named node, or from the output."""
    output = graph.output() if name is None else node_named(graph, name)
    if output is None:
        raise InputFault("the graph is empty: there is nothing to go back from")
    evaluation = Evaluation(graph)
    try:
        return walk_back(evaluation, output)
    except NoBackward as problem:
        fault = first_fault(graph, evaluation) if evaluation.value(output) is None else None
        raise InputFault(fault or str(problem)) from None


def step_json(graph: Graph, step: WalkStep) -> dict[str, Any]:
    """A step as JSON."""
    return {
        "step": step.index,
        "node": graph.node(step.node).name,
        "op": "seed" if step.kind == "seed" else graph.node(step.node).op,
        "upstream": np.asarray(step.upstream).tolist(),
        "contributions": [
            {
                "to": graph.node(sent.to).name,
                "value": np.asarray(sent.value).tolist(),
                "accumulated": np.asarray(sent.accumulated).tolist(),
            }
            for sent in step.sent
        ],
    }


def step_line(graph: Graph, step: WalkStep) -> str:
    """A step as a line of text."""
    node = graph.node(step.node)
    arrived = numbers(np.asarray(step.upstream).tolist())
    if step.kind == "seed":
        return f"{step.index:>3}  seed   {node.name} = {arrived}"
    if step.kind == "leaf":
        return f"{step.index:>3}  leaf   {node.name}.grad = {arrived}"
    sent = ", ".join(sent_text(graph, s) for s in step.sent) or "nothing"
    return f"{step.index:>3}  {node.spec.base_name:<6} {node.name} ← {arrived}   sends {sent}"


def sent_text(graph: Graph, sent: Sent) -> str:
    """A contribution, with the sum so far where it is one of several."""
    text = f"{graph.node(sent.to).name} {numbers(np.asarray(sent.value).tolist())}"
    if sent.terms > 1:
        total = numbers(np.asarray(sent.accumulated).tolist())
        text += f" (term {sent.term} of {sent.terms}, sum {total})"
    return text
