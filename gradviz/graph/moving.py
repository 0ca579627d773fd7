"""Moving cards, and with whole groups the frames and notes that belong to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from gradviz.graph import compose
from gradviz.graph.belonging import carried
from gradviz.graph.decorating import box, turned
from gradviz.graph.document import Graph
from gradviz.graph.edits import Batch
from gradviz.graph.scenery import Point, shifted


def move(
    graph: Graph,
    goals: Mapping[str, Point],
    inside: str | None = None,
    but: Collection[str] = (),
) -> Batch:
    """Put cards in other places, by id, as :func:`gradviz.graph.compose.move` does.

    ``inside``: the group that was entered. ``but``: frames and notes that are put elsewhere
    otherwise.
    """
    cards = compose.move(graph, goals)
    ways = carried(graph, goals, inside)
    pairs = [
        (before := box(graph, i), shifted(before, by)) for i, by in ways.items() if i not in but
    ]
    return Batch((*cards.edits, *turned(pairs).edits), cards.label)
