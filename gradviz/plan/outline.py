"""What is to be compiled, apart from the document: calls in order, what moves, what stays.

A plan keeps its outline, so that it can be written anew whatever has become of the document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradviz.graph.document import Graph, Node
from gradviz.graph.evaluate import Evaluation, gather
from gradviz.ops.spec import Array

Key = tuple[str, int]
"""One output of a node: where gradients arrive, even if its value is another node's too."""


class PlanError(ValueError):
    """Why a graph cannot be compiled, or at which node a plan failed."""


class Output:
    """What a port is wired to: the ``key`` is a node's id and which of its outputs."""

    __slots__ = ("key",)

    def __init__(self, node: str, index: int) -> None:
        self.key: Key = (node, index)


@dataclass(frozen=True, slots=True)
class Outline:
    """``calls``: the nodes that move, in order, each an :class:`Output`, number or None a port.

    ``parameters`` get gradients, ``arguments`` are only given; both by node id, as they were when
    this was laid out, as are ``constants``, the outputs of nodes that do not move. ``seed``: the
    gradient that the way back starts from at the output; ones where there is none.
    """

    output: str
    parameters: Mapping[str, Array]
    arguments: Mapping[str, Array]
    constants: Mapping[str, tuple[Array, ...]]
    calls: Sequence[tuple[Node, tuple[Any, ...]]]
    names: Mapping[str, str]
    seed: Array | None = None


def outline_of(
    graph: Graph, evaluation: Evaluation, output: str, parameters: Sequence[str],
    arguments: Sequence[str], order: Sequence[str], everything: bool, seed: Array | None = None,
) -> Outline:  # fmt: skip
    """Lay out the nodes that ``output`` needs, or (``everything``) all that have a value.

    PlanError where ``output`` has none.
    """
    leading = graph.upstream([output])
    for node_id in leading:
        if evaluation.value(node_id) is None:
            raise PlanError(f"'{graph.node(node_id).name}' has no value")
    leaves = {*parameters, *arguments}
    moving = graph.downstream(leaves)
    if output not in moving:
        raise PlanError(f"'{graph.node(output).name}' depends on no parameter")
    needed = {i for i in order if evaluation.results[i].ok} if everything else leading | leaves
    calls: list[tuple[Node, tuple[Any, ...]]] = []
    fixed: set[str] = set()
    for node_id in order:
        if node_id not in needed or node_id not in moving or node_id in leaves:
            continue
        node, wires = graph.node(node_id), graph.inputs(node_id)
        given: dict[int, Any] = dict(node.literals)
        given |= {p: Output(w.source, w.output) for p, w in wires.items()}
        fixed.update(w.source for w in wires.values() if w.source not in moving)
        calls.append((node, gather(node.spec, given)[0]))
    held = {i: tuple(t.array for t in evaluation.results[i].outputs) for i in fixed}
    shown = {i: evaluation.results[i].outputs[0].array for i in leaves}
    names = {i: graph.node(i).name for i in needed}
    return Outline(
        output, {i: shown[i] for i in parameters}, {i: shown[i] for i in arguments}, held,
        calls, names, seed,
    )  # fmt: skip
