"""A plan's way back, laid out as the walk that the engine's own steps give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gradviz.graph.walk import Sent, Walk, WalkStep
from gradviz.ops.spec import Array, Shape
from gradviz.plan.outline import Key, PlanError
from gradviz.plan.plan import Plan, pass_of
from gradviz.plan.trace import Stop


@dataclass(frozen=True, slots=True)
class Item:
    """What is known of a contribution before its numbers: see :class:`gradviz.graph.walk.Sent`.

    ``value`` and ``total`` are places among the numbers that the plan gives.
    """

    port: int
    to: Key
    raw_shape: Shape
    value: int
    total: int
    term: int
    terms: int


@dataclass(frozen=True, slots=True)
class Leg:
    """What is known of a step before its numbers; ``shown``: the place of its gradient."""

    node: str
    kind: str
    shown: int
    upstreams: tuple[int | None, ...]
    items: tuple[Item, ...]


class Route:
    """The steps of a plan's way back; only their numbers move."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        plan.function("backward")
        program = plan.program
        if plan.unsettled:
            raise PlanError(f"the shape of '{min(plan.unsettled)}' depends on values")
        values = pass_of(program)
        self.dtypes = [v.dtype for v in values]
        places = {v.number: place for place, v in enumerate(values)}
        self.legs = legs_of(program.stops, places, program.parameters)

    def walk(self, point: Mapping[str, Array], start: Array, before: Mapping[str, Array]) -> Walk:
        """The walk where the leaves are at ``point``."""

        def kept(found: Sequence[object]) -> list[Array]:
            return [np.array(a, d) for a, d in zip(found[1:], self.dtypes, strict=True)]

        arrays = self.plan.run("backward", point, kept)
        output = self.plan.outline.output
        steps = [WalkStep(0, "seed", output, start)]
        for index, leg in enumerate(self.legs, 1):
            sent = [
                Sent(i.port, i.to[0], i.raw_shape, arrays[i.value], arrays[i.total], i.term,
                     i.terms, i.to[1])
                for i in leg.items
            ]  # fmt: skip
            upstreams = tuple([None if p is None else arrays[p] for p in leg.upstreams])
            held = before.get(leg.node) if leg.kind == "leaf" else None
            shown = arrays[leg.shown]
            steps.append(WalkStep(index, leg.kind, leg.node, shown, tuple(sent), upstreams, held))
        return Walk(output, tuple(steps), before)


def legs_of(
    stops: Sequence[Stop], places: Mapping[int, int], leaves: Mapping[str, object]
) -> tuple[Leg, ...]:
    """Stops with places for their numbers, and contributions counted where they go."""
    totals = Counter(parcel.to for stop in stops for parcel in stop.sent)
    seen = dict.fromkeys(totals, 0)
    legs: list[Leg] = []
    for stop in stops:
        items: list[Item] = []
        for parcel in stop.sent:
            to = parcel.to
            seen[to] += 1
            value, total = places[parcel.value.number], places[parcel.accumulated.number]
            items.append(
                Item(parcel.position, to, parcel.raw_shape, value, total, seen[to], totals[to])
            )
        upstreams = tuple(None if u is None else places[u.number] for u in stop.upstreams)
        shown = next(p for p in upstreams if p is not None)
        kind = "leaf" if stop.node in leaves else "node"
        legs.append(Leg(stop.node, kind, shown, upstreams, tuple(items)))
    return tuple(legs)
