"""What another moment of the walked pass changes on the canvas, so that only that is drawn anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gradviz.graph import ForwardStep
from gradviz.graph.forward_mode import TangentStep

from ..tangents import Track, TrackStep

if TYPE_CHECKING:
    from .items import WireItem
    from .scene import CanvasScene

MOST_STEPS = 8
"""Beyond so many steps at once everything is drawn anew."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The nodes and the wires, as (target, port), that may look different from before."""

    nodes: frozenset[str]
    wires: frozenset[tuple[str, int]]


def ends_of(step: TrackStep) -> list[tuple[int, str]]:
    """The inputs that a step sends something to or reads: each port, and the node wired to it."""
    if isinstance(step, ForwardStep):
        return [(read.port, read.source) for read in step.reads]
    if isinstance(step, TangentStep):
        return [(term.port, term.source) for term in step.terms]
    return [(sent.port, sent.to) for sent in step.sent]


def turn_between(track: Track | None, before: int, after: int) -> Turn | None:
    """What looks different after going from one moment to another; None where that is much."""
    if track is None or abs(after - before) > MOST_STEPS:
        return None
    first, last = sorted((before, after))
    # The step of the earlier moment too: it is no longer, or again, the one just taken.
    steps = track.steps[max(0, first - 1) : last]
    ends = [(step.node, *end) for step in steps for end in ends_of(step)]
    nodes = {step.node for step in steps} | {other for _, _, other in ends}
    return Turn(frozenset(nodes), frozenset((node, port) for node, port, _ in ends))


def wires_to(scene: CanvasScene, keys: Iterable[tuple[str, int]]) -> list[WireItem]:
    """The wires that lead to these inputs, each as (target, port), where they are shown."""
    graph, items = scene.editor.graph, scene.wires
    found = (graph.inputs(target).get(port) for target, port in keys)
    return [items[wire] for wire in found if wire is not None and wire in items]
