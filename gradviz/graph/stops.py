"""Where a backward pass is to halt: breakpoints and conditions, found alike in both directions.

A stop holds at a fixed set of moments of a pass, whichever way they are come from: conditions
on a gradient halt at the moments where they *begin* to hold for a node, with the gradient taken
as it stands then, a sum that is not complete included. So the step just taken there is the one
that brought it about.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from gradviz.graph.document import Graph
from gradviz.graph.walk import Walk
from gradviz.numbers import MINUS, shape_text, short
from gradviz.ops.spec import Array

Sign = Literal[">", ">=", "<", "<="]
Unusual = Literal["nan", "inf", "either"]
Border = Literal["enter", "leave"]


@dataclass(frozen=True, slots=True)
class AtNode:
    """Halt when the pass has just gone through ``node`` (at a leaf: arrived there)."""

    node: str


@dataclass(frozen=True, slots=True)
class GradientIs:
    """Halt where a gradient compares with ``bound``: of ``node``, or of any where it is None.

    With ``magnitude`` it is the largest ``|element|`` that is compared. Without it, elements
    count with their signs, the one that reaches farthest: the largest for ``>``, else the least.
    """

    sign: Sign
    bound: float
    node: str | None = None
    magnitude: bool = True


@dataclass(frozen=True, slots=True)
class NotFinite:
    """Halt where the first nan, infinity, or ``either``, stands: in ``node``, or in any."""

    kind: Unusual = "either"
    node: str | None = None


@dataclass(frozen=True, slots=True)
class GradientChanges:
    """Halt each time something is added to the gradient of ``node``."""

    node: str


@dataclass(frozen=True, slots=True)
class Accumulation:
    """Halt each time a second, third … term is added up at a fan-out: of ``node``, or of any."""

    node: str | None = None


@dataclass(frozen=True, slots=True)
class GroupBorder:
    """Halt where the first of ``members`` is gone through (``enter``), or the last (``leave``)."""

    border: Border
    name: str
    members: frozenset[str]


Stop = AtNode | GradientIs | NotFinite | GradientChanges | Accumulation | GroupBorder


class Halt(NamedTuple):
    """A moment to stop at: which stops hold there, and why, in words."""

    moment: int
    stops: tuple[Stop, ...]
    text: str


class Delivery(NamedTuple):
    """At ``moment`` the gradient of a node's output became ``value``, as term of several."""

    moment: int
    node: str
    output: int
    value: Array
    term: int = 1
    terms: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """The moments of one stop, rising, and the delivery that made each (None: a node's step)."""

    moments: tuple[int, ...]
    causes: Mapping[int, Delivery] = field(default_factory=dict[int, Delivery])


KEPT: WeakKeyDictionary[Walk, dict[Stop, Found]] = WeakKeyDictionary()
"""What was found for a pass, as long as the pass is about."""


def next_stop(graph: Graph, walk: Walk, moment: int, stops: Iterable[Stop]) -> Halt | None:
    """The first moment after ``moment`` at which any of ``stops`` holds; None where none does."""
    return nearest(graph, walk, stops, partial(moment_after, moment))


def previous_stop(graph: Graph, walk: Walk, moment: int, stops: Iterable[Stop]) -> Halt | None:
    """The last moment before ``moment`` at which any of ``stops`` holds; None where none does."""
    return nearest(graph, walk, stops, partial(moment_before, moment))


def nearest(
    graph: Graph, walk: Walk, stops: Iterable[Stop], choose: Callable[[tuple[int, ...]], int | None]
) -> Halt | None:
    """The halt at the moment chosen from those of all stops together."""
    found = {stop: find(walk, stop) for stop in stops}
    moment = choose(tuple(sorted({m for one in found.values() for m in one.moments})))
    if moment is None:
        return None
    here = tuple(stop for stop, one in found.items() if moment in one.moments)
    reasons = dict.fromkeys(reason(graph, walk, s, found[s].causes.get(moment)) for s in here)
    return Halt(moment, here, f"stopped {'; '.join(reasons)}")


def moment_after(moment: int, moments: tuple[int, ...]) -> int | None:
    """The first of rising ``moments`` that is later."""
    place = bisect_right(moments, moment)
    return moments[place] if place < len(moments) else None


def moment_before(moment: int, moments: tuple[int, ...]) -> int | None:
    """The last of rising ``moments`` that is earlier."""
    place = bisect_left(moments, moment)
    return moments[place - 1] if place else None


def stop_moments(walk: Walk, stop: Stop) -> tuple[int, ...]:
    """Every moment of a pass at which ``stop`` holds, rising: for marks on a timeline."""
    return find(walk, stop).moments


def find(walk: Walk, stop: Stop) -> Found:
    """Where ``stop`` holds, worked out once for a pass."""
    kept = KEPT.setdefault(walk, {})
    if stop not in kept:
        kept[stop] = search(walk, stop)
    return kept[stop]


def search(walk: Walk, stop: Stop) -> Found:
    """Where ``stop`` holds in a pass."""
    match stop:
        case AtNode(node):
            moment = walk.moment_of(node)
            return Found(() if moment is None else (moment,))
        case GroupBorder(border, _, members):
            moments = [s.index + 1 for s in walk.steps if s.node in members]
            return Found(tuple(moments[:1] if border == "enter" else moments[-1:]))
        case GradientIs(_, _, node, _):
            return caused(beginnings(deliveries(walk, node), lambda value: compares(stop, value)))
        case NotFinite(kind, node):
            found = (d for d in deliveries(walk, node) if unusual(kind, d.value))
            first = next(found, None)
            return caused(() if first is None else (first,))
        case GradientChanges(node):
            return caused(deliveries(walk, node))
        case Accumulation(node):
            return caused(d for d in deliveries(walk, node) if d.term > 1)


def caused(found: Iterable[Delivery]) -> Found:
    """Deliveries as moments; of several at one moment the last is the cause."""
    causes = {d.moment: d for d in found}
    return Found(tuple(causes), causes)


def deliveries(walk: Walk, node: str | None) -> Iterator[Delivery]:
    """Each time a gradient came to stand anew, in order: at ``node``, or anywhere."""
    for step in walk.steps:
        if step.kind == "seed" and node in (None, step.node):
            yield Delivery(step.index + 1, step.node, 0, step.upstream)
        for sent in step.sent:
            if node in (None, sent.to):
                yield Delivery(
                    step.index + 1, sent.to, sent.output, sent.accumulated, sent.term, sent.terms
                )


def beginnings(found: Iterable[Delivery], holds: Callable[[Array], bool]) -> Iterator[Delivery]:
    """The deliveries after which something holds that did not hold there before."""
    held: set[tuple[str, int]] = set()
    for delivery in found:
        place = (delivery.node, delivery.output)
        if not holds(delivery.value):
            held.discard(place)
        elif place not in held:
            held.add(place)
            yield delivery


def compares(stop: GradientIs, value: Array) -> bool:
    """Whether a gradient's decisive element is on the asked side of the bound."""
    seen = decisive(stop, value)
    match stop.sign:
        case ">":
            return seen > stop.bound
        case ">=":
            return seen >= stop.bound
        case "<":
            return seen < stop.bound
        case "<=":
            return seen <= stop.bound


def decisive(stop: GradientIs, value: Array) -> float:
    """The element of a gradient that a comparison is about; nan, which compares with nothing."""
    if not value.size:
        return float("nan")
    seen = np.abs(value) if stop.magnitude else value
    farthest = np.maximum if stop.magnitude or stop.sign in (">", ">=") else np.minimum
    return float(farthest.reduce(seen, axis=None))


def unusual(kind: Unusual, value: Array) -> bool:
    """Whether a nan or infinity, as asked, stands in a gradient."""
    if np.logical_and.reduce(np.isfinite(value), axis=None):
        return False
    return (kind != "inf" and bool(np.isnan(value).any())) or (
        kind != "nan" and bool(np.isinf(value).any())
    )


# why, in words -----------------------------------------------------------------------------


def reason(graph: Graph, walk: Walk, stop: Stop, cause: Delivery | None) -> str:
    """Why a pass halts, to follow "stopped"."""
    if isinstance(stop, GroupBorder):
        return f"{'inside' if stop.border == 'enter' else 'behind'} the group {stop.name}"
    if isinstance(stop, AtNode):
        arrived = walk.gradients[stop.node]
        return f"at {graph.node(stop.node).name}: its gradient is {amount(arrived)}"
    assert cause is not None, "every other stop is caused by a delivery"
    return f"at {graph.node(cause.node).name}: {told(stop, cause)}"


def told(stop: Stop, cause: Delivery) -> str:
    """What happened to a gradient that makes ``stop`` hold."""
    so_far = "" if cause.term == cause.terms else " so far"
    match stop:
        case GradientIs():
            what = "|grad|" if stop.magnitude else "grad"
            return f"{what}{so_far} = {short(decisive(stop, cause.value))} {bound_text(stop)}"
        case NotFinite(kind):
            return f"the first {first_unusual(kind, cause.value)} in a gradient"
        case _ if cause.terms > 1:
            return f"term {cause.term} of {cause.terms} was added, the sum is {amount(cause.value)}"
        case _:
            return f"its gradient became {amount(cause.value)}"


def bound_text(stop: GradientIs) -> str:
    """The comparison as it was asked for: ``> 10``."""
    return f"{stop.sign} {stop.bound:g}".replace("-", MINUS)


def first_unusual(kind: Unusual, value: Array) -> str:
    """What kind of number is not finite; nan goes before infinity where both were asked for."""
    return "nan" if kind != "inf" and np.isnan(value).any() else "inf"


def amount(value: Array) -> str:
    """A gradient in a reason: its number, or its shape and what it reaches to."""
    if value.size == 1:
        return short(value.item())
    if not value.size:
        return f"an empty {shape_text(value.shape)} tensor"
    return f"{shape_text(value.shape)}, at most {short(np.abs(value).max())} in size"
