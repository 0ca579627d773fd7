"""Single steps of a pass, paths and Jacobians, as `gradviz steps` prints them or writes as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gradviz.cli.common import InputFault, node_named
from gradviz.cli.passes import Pass
from gradviz.cli.run import numbers
from gradviz.explain import (
    Explanation,
    Jacobian,
    PathSum,
    explain_forward,
    explain_moment,
    jacobians,
    path_sum,
    path_text,
    without_colours,
)
from gradviz.graph import (
    Graph,
    Sent,
    WalkStep,
)
from gradviz.numbers import short
from gradviz.ops.spec import Array

MOST_PATHS = 200
WIDEST = 12
"""The most rows and columns of a matrix that are printed."""


# the steps ---------------------------------------------------------------------------------


def step_lines(around: Pass, _: str) -> Iterator[str]:
    """A step a line."""
    for step in around.steps:
        yield step_line(around.graph, step)
    yield from around.ending()


def steps_json(around: Pass, _: str) -> list[dict[str, Any]]:
    """The steps as JSON; the last says why the pass was stopped there, if it was."""
    found = [step_json(around.graph, step) for step in around.steps]
    if around.halt is not None:
        found[-1]["stopped"] = around.halt.text
    return found


def step_json(graph: Graph, step: WalkStep) -> dict[str, Any]:
    """A step as JSON."""
    return {
        "step": step.index,
        "node": graph.node(step.node).name,
        "op": "seed" if step.kind == "seed" else graph.node(step.node).op,
        "upstream": listed(step.upstream),
        "contributions": [
            {
                "to": graph.node(sent.to).name,
                "value": listed(sent.value),
                "accumulated": listed(sent.accumulated),
            }
            for sent in step.sent
        ],
    }


def listed(array: Array) -> Any:
    """An array as JSON has it."""
    return np.asarray(array).tolist()


def step_line(graph: Graph, step: WalkStep) -> str:
    """A step as a line of text."""
    node = graph.node(step.node)
    arrived = numbers(listed(step.upstream))
    if step.kind == "seed":
        return f"{step.index:>3}  seed   {node.name} = {arrived}"
    if step.kind == "leaf":
        return f"{step.index:>3}  leaf   {node.name}.grad = {arrived}"
    sent = ", ".join(sent_text(graph, s) for s in step.sent) or "nothing"
    return f"{step.index:>3}  {node.spec.base_name:<6} {node.name} ← {arrived}   sends {sent}"


def sent_text(graph: Graph, sent: Sent) -> str:
    """A contribution, with the sum so far where it is one of several."""
    text = f"{graph.node(sent.to).name} {numbers(listed(sent.value))}"
    if sent.terms > 1:
        total = numbers(listed(sent.accumulated))
        text += f" (term {sent.term} of {sent.terms}, sum {total})"
    return text


# in words ----------------------------------------------------------------------------------


def told_lines(index: int, told: Explanation) -> Iterator[str]:
    """A step in words and formulas, under its number."""
    for number, line in enumerate(told.text().splitlines()):
        yield f"{index:>3}  {line}" if not number else f"     {line}"
    yield from (f"     {formula}" for formula in plain(told))


def plain(told: Explanation) -> list[str]:
    """The formulas of a step as any LaTeX knows them."""
    return [without_colours(formula) for formula in told.formulas]


def explanation_lines(around: Pass, _: str) -> Iterator[str]:
    """Every step in words and formulas."""
    for step in around.steps:
        told = explain_moment(around.evaluation, around.walk, step.index + 1)
        yield from told_lines(step.index, told)
    yield from around.ending()


def explanations_json(around: Pass, _: str) -> list[dict[str, Any]]:
    """The steps with their words, formulas and ledgers."""
    found = steps_json(around, "")
    for step, entry in zip(around.steps, found, strict=True):
        told = explain_moment(around.evaluation, around.walk, step.index + 1)
        entry |= {"text": told.text(), "formulas": plain(told)}
        entry["ledger"] = [
            {
                "input": row.name,
                "upstream": listed(row.upstream),
                "local": None if row.local is None else listed(row.local),
                "contribution": listed(row.sent),
                "summed_axes": list(row.summed_axes),
            }
            for row in told.rows
            if row.needed
        ]
    return found


def forward_lines(around: Pass, _: str) -> Iterator[str]:
    """The forward pass in words and formulas."""
    for step in around.forward.steps:
        told = explain_forward(around.evaluation, around.forward, step.index + 1)
        yield from told_lines(step.index, told)


def forward_json(around: Pass, _: str) -> list[dict[str, Any]]:
    """The forward pass as JSON."""
    found: list[dict[str, Any]] = []
    for step in around.forward.steps:
        told = explain_forward(around.evaluation, around.forward, step.index + 1)
        inputs = [{"from": around.name(r.source), "value": listed(r.value)} for r in step.reads]
        found.append(
            {
                "step": step.index, "node": around.name(step.node),
                "op": around.graph.node(step.node).op, "inputs": inputs,
                "values": [listed(value) for value in step.outputs],
                "problem": step.problem or None, "text": told.text(),
                "formulas": plain(told),
            }
        )  # fmt: skip
    return found


# paths -------------------------------------------------------------------------------------


def paths_to(around: Pass, name: str) -> PathSum:
    """The paths back to a named node; InputFault where the pass does not reach it."""
    found = path_sum(around.evaluation, around.walk, node_named(around.graph, name), MOST_PATHS)
    if found is None:
        raise InputFault(f"the pass from '{around.name(around.output)}' does not reach '{name}'")
    return found


def path_lines(around: Pass, name: str) -> Iterator[str]:
    """Each path with the product along it, and what they add up to."""
    found = paths_to(around, name)
    for product in found.products:
        yield f"{path_text(around.graph, product.path)}:  {product.text}"
    yield found.text


def paths_json(around: Pass, name: str) -> dict[str, Any]:
    """How many paths there are; each, where there are few."""
    found = paths_to(around, name)
    return {
        "node": name,
        "count": found.count,
        "gradient": listed(found.gradient),
        "paths": [
            {
                "nodes": [around.name(node) for node in product.path.nodes],
                "value": listed(product.value),
                "formula": without_colours(product.formula),
            }
            for product in found.products
        ],
    }


# Jacobians ---------------------------------------------------------------------------------


def jacobians_of(around: Pass, name: str) -> tuple[Jacobian, ...]:
    """The Jacobians of a named node by its inputs; InputFault where there are none."""
    found = jacobians(around.evaluation, node_named(around.graph, name), around.walk)
    if not found:
        raise InputFault(f"'{name}' has no input that a gradient flows back to")
    return found


def jacobian_lines(around: Pass, name: str) -> Iterator[str]:
    """Each Jacobian with its structure, and its numbers where it is small."""
    for found in jacobians_of(around, name):
        yield found.text
        if found.matrix is not None and max(found.shape) <= WIDEST:
            cells = [[short(entry) for entry in row] for row in found.matrix]
            width = max(len(cell) for row in cells for cell in row)
            yield from ("  " + "  ".join(cell.rjust(width) for cell in row) for row in cells)


def jacobians_json(around: Pass, name: str) -> list[dict[str, Any]]:
    """Each Jacobian; the matrix null where it is too large to be made."""
    return [
        {
            "node": name, "input": around.name(found.source),
            "out_shape": list(found.out_shape), "in_shape": list(found.in_shape),
            "structure": found.structure.kind, "text": found.text,
            "matrix": None if found.matrix is None else listed(found.matrix),
            "upstream": None if found.upstream is None else listed(found.upstream),
            "sent": None if found.sent is None else listed(found.sent),
        }
        for found in jacobians_of(around, name)
    ]  # fmt: skip
