"""A whole pass at a glance, as `gradviz steps` prints it or writes it as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gradviz.cli.common import InputFault, node_named
from gradviz.cli.passes import Pass
from gradviz.explain.curvature import Hessian, hessian
from gradviz.explain.magnitudes import depth, magnitudes
from gradviz.explain.nonfinite import first_nonfinite
from gradviz.explain.reasons import why_no_grad
from gradviz.explain.saved import bytes_text, memory, saved_by, whole_memory
from gradviz.explain.units import unhealthy
from gradviz.graph import NoBackward
from gradviz.graph.forward_mode import ForwardPass, costs, walk_forward_mode
from gradviz.numbers import short


def glance_lines(around: Pass, _: str) -> Iterator[str]:
    """How large each gradient is and what each node keeps, then what stands out."""
    walk, evaluation = around.walk, around.evaluation
    sizes = magnitudes(walk)
    width = max(len(around.name(i)) for i in sizes.nodes)
    for node_id, size in sizes.nodes.items():
        kept = bytes_text(memory(saved_by(evaluation, node_id)))
        yield f"{around.name(node_id):<{width}}  |grad| {short(size):>9}   keeps {kept}"
    yield f"The tape keeps {bytes_text(whole_memory(evaluation))}."
    along = depth(evaluation, walk)
    deep = len(along.layers) > 2
    for layer in along.layers if deep else ():
        weights = "" if layer.weights is None else f"   weights {short(layer.weights)}"
        yield f"layer {layer.number:>3}  |grad| {short(layer.gradient):>9}{weights}"
    if deep:
        yield along.verdict
    for units in unhealthy(evaluation):
        yield f"{around.name(units.node)}: {units.text}."
    origin = first_nonfinite(evaluation, walk)
    yield "Every number is finite." if origin is None else origin.text


def glance_json(around: Pass, _: str) -> dict[str, Any]:
    """The same as JSON."""
    walk, evaluation = around.walk, around.evaluation
    along = depth(evaluation, walk)
    origin = first_nonfinite(evaluation, walk)
    return {
        "magnitudes": {around.name(i): size for i, size in magnitudes(walk).nodes.items()},
        "layers": [
            {
                "layer": layer.number, "nodes": [around.name(i) for i in layer.nodes],
                "value": layer.value, "gradient": layer.gradient, "weights": layer.weights,
            }
            for layer in along.layers
        ],
        "verdict": along.verdict,
        "units": [
            {"node": around.name(u.node), "kind": u.kind, "units": list(u.units), "of": u.total}
            for u in unhealthy(evaluation)
        ],
        "origin": None if origin is None else {
            "node": around.name(origin.node), "kind": origin.kind, "index": list(origin.index),
            "text": origin.text,
        },
        "saved": {
            around.name(i): [
                {"name": s.name, "shape": list(s.shape), "dtype": s.dtype, "bytes": s.bytes,
                 "version": s.version, "now": s.now}
                for s in saved_by(evaluation, i)
            ]
            for i in walk.gradients
        },
    }  # fmt: skip


def why(around: Pass, name: str) -> str:
    """Why a named node's ``.grad`` is None, or that it is not."""
    node_id = node_named(around.graph, name)
    reason = why_no_grad(around.evaluation, around.walk, node_id)
    return f"{name}.grad is filled by this pass." if reason is None else reason.text


def why_lines(around: Pass, name: str) -> Iterator[str]:
    """The reason in a line."""
    yield why(around, name)


def why_json(around: Pass, name: str) -> dict[str, Any]:
    """The reason, and of which kind it is."""
    reason = why_no_grad(around.evaluation, around.walk, node_named(around.graph, name))
    kind = None if reason is None else reason.kind
    causes = [] if reason is None else [around.name(i) for i in reason.causes]
    return {"node": name, "kind": kind, "text": why(around, name), "causes": causes}


def hessian_of(around: Pass) -> Hessian:
    """The Hessian of the output by all parameters; InputFault says why there is none."""
    try:
        return hessian(around.evaluation, around.output)
    except NoBackward as problem:
        raise InputFault(str(problem)) from None


def hessian_lines(around: Pass, _: str) -> Iterator[str]:
    """The Hessian as a table, and its eigenvalues."""
    found = hessian_of(around)
    cells = [[short(entry) for entry in row] for row in found.matrix]
    width = max(len(text) for text in (*found.labels, *(c for row in cells for c in row)))
    yield " " * width + "  " + "  ".join(label.rjust(width) for label in found.labels)
    for label, row in zip(found.labels, cells, strict=True):
        yield f"{label:<{width}}  " + "  ".join(cell.rjust(width) for cell in row)
    yield "eigenvalues: " + ", ".join(short(value) for value in found.eigenvalues)


def hessian_json(around: Pass, _: str) -> dict[str, Any]:
    """The Hessian as JSON."""
    found = hessian_of(around)
    return {
        "labels": list(found.labels), "matrix": found.matrix.tolist(),
        "eigenvalues": found.eigenvalues.tolist(), "passes": found.passes,
    }  # fmt: skip


def tangents_of(around: Pass, name: str) -> ForwardPass:
    """A parameter's direction, all ones, pushed forward through the graph."""
    node_id = node_named(around.graph, name)
    value = around.evaluation.value(node_id)
    if value is None:
        raise InputFault(f"'{name}' has no value: {around.evaluation.explain(node_id)}")
    try:
        return walk_forward_mode(around.evaluation, {node_id: np.ones(value.array.shape)})
    except NoBackward as problem:
        raise InputFault(str(problem)) from None


def tangent_lines(around: Pass, name: str) -> Iterator[str]:
    """How fast each node changes as a parameter moves, and what each mode costs."""
    found = tangents_of(around, name)
    for step in found.steps:
        terms = " + ".join(f"{numbers_text(t.term)} by {around.name(t.source)}" for t in step.terms)
        told = f" = {terms}" if len(step.terms) > 1 else ""
        yield (
            f"{step.index:>3}  {around.name(step.node)} changes by "
            f"{numbers_text(step.tangent)}{told}"
        )
    forward, reverse = costs(around.evaluation, around.output)
    yield (
        f"All slopes of {around.name(around.output)}: forward mode takes {passes(forward.passes)}, "
        f"reverse mode {passes(reverse.passes)}."
    )


def numbers_text(array: Any) -> str:
    """The numbers of a small tensor; of another, its shape."""
    values = np.asarray(array)
    if values.size == 1:
        return short(values.reshape(-1)[0])
    if values.size <= 6:
        return "[" + ", ".join(short(v) for v in values.reshape(-1)) + "]"
    return f"a {values.shape} tensor"


def passes(count: int) -> str:
    """``1 pass``, ``12 passes``."""
    return f"{count} pass{'es' * (count != 1)}"


def tangents_json(around: Pass, name: str) -> dict[str, Any]:
    """The tangents as JSON."""
    steps = tangents_of(around, name).steps
    forward, reverse = costs(around.evaluation, around.output)
    return {
        "along": name,
        "tangents": {around.name(s.node): np.asarray(s.tangent).tolist() for s in steps},
        "passes": {"forward": forward.passes, "reverse": reverse.passes},
    }
