"""Wires led round the cards between their ends, once these have their places: dots on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QLineF

from gradviz.graph import Graph, Wire
from gradviz.graph.scenery import Frame, Piece, Point, Route
from gradviz.layout.aligning import Placed
from gradviz.layout.lanes import led
from gradviz.layout.meeting import Strand

from .sight import Sight, placed

MOST = 1000
"""Above so many cards the dots of wires are left as they are."""

Dots = dict[Wire, tuple[Point, ...]]


def led_wires(
    seen: Sight, places: Mapping[str, Placed], cancelled: Callable[[], bool] | None = None
) -> Dots:
    """Through what wires between some cards are led, once these are put into their places.

    Those through nothing are named too; those at cards of groups are not: a group gives its place
    to what is in it as soon as it is opened, and no dots fit both.
    """
    if len(seen.cards) + len(seen.others) > MOST:
        return {}
    alone = seen.cards.keys() - set(seen.stand_in.values())
    wires = [(w, n) for n, w in enumerate(seen.wires) if {w.source, w.target} <= alone]
    bodies = {key: placed(body) for key, body in seen.cards.items()}
    bodies |= {box.id: at for box, at in seen.boxes if not isinstance(box, Frame)}
    for key in bodies.keys() & places.keys():
        bodies[key] = bodies[key]._replace(x=round(places[key].x), y=round(places[key].y))
    strands = [strand(seen, wire, seen.lines[n], bodies) for wire, n in wires]
    bodies |= {f"\0{place}": placed(body) for place, body in enumerate(seen.others)}
    found = led(bodies, strands, "down" if seen.down else "right", cancelled)
    return {wire: found.get(place, ()) for place, (wire, _) in enumerate(wires)}


def strand(seen: Sight, wire: Wire, lines: list[QLineF], bodies: Mapping[str, Placed]) -> Strand:
    """A wire as it runs once the cards at its ends are elsewhere."""

    def end(key: str, x: float, y: float) -> Point:
        card, body = seen.cards[key], bodies[key]
        return x - card.x() + body.x, y - card.y() + body.y

    start = end(wire.source, *lines[0].p1().toTuple())
    return Strand(
        wire.source, wire.target, wire.output, start, end(wire.target, *lines[-1].p2().toTuple())
    )


def rerouted(graph: Graph, dots: Dots) -> Iterator[tuple[Piece | None, Piece | None]]:
    """What to turn into what, so that wires run through these; those that are gone are left out."""
    there = set(graph.wires)
    for wire, through in dots.items():
        if wire in there:
            yield graph.scenery.get(wire), Route(wire, through) if through else None
