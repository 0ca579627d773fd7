"""Where the nodes of a layer lie: each group laid out by itself, as it is seen once entered.

The middle of a group's nodes is where its card is shown while it is collapsed, so that what is
around it lies well too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradviz.graph import Graph
from gradviz.graph.groups import children, outward
from gradviz.layout import Box, Link, Point, place
from gradviz.program.placing import HEIGHT, WIDTH


def arranged(graph: Graph, group_id: str, around: Point = (0.0, 0.0)) -> dict[str, Point]:
    """The corner of each node of a group, with the middle of them all at ``around``."""
    inner = children(graph, group_id)
    direct = sorted(graph.groups[group_id].members, key=lambda i: (len(i), i))
    boxes = [Box(key, WIDTH, HEIGHT) for key in (*direct, *inner)]
    cards = shown_as(graph, {*direct, *inner})
    links = list(links_among(graph, cards))
    # What is read from outside takes a place too, so that no card lies on its way in.
    for number, port in enumerate(graph.groups[group_id].inputs):
        boxes.append(Box(f"input {number}", 0, HEIGHT))
        links += [Link(f"input {number}", cards[node], 0, at) for node, at in port.ends]
    found_spots = place(boxes, list(dict.fromkeys(links)), gap_along=48.0).positions
    spots = {key: found_spots[key] for key in (*direct, *inner)}
    columns, rows = zip(*spots.values(), strict=True)
    by = (
        around[0] - (min(columns) + max(columns)) / 2,
        around[1] - (min(rows) + max(rows)) / 2,
    )
    corners = {key: (round(x + by[0]), round(y + by[1])) for key, (x, y) in spots.items()}
    found: dict[str, Point] = {i: corners[i] for i in direct}
    for each in inner:
        found |= arranged(graph, each, corners[each])
    return found


def links_among(graph: Graph, card: Mapping[str, str]) -> Iterator[Link]:
    """The wires among the cards that nodes are shown as."""
    for wire in graph.wires:
        source, target = card.get(wire.source), card.get(wire.target)
        if source is not None and target is not None and source != target:
            yield Link(source, target, wire.output, wire.port)


def shown_as(graph: Graph, shown: set[str]) -> Mapping[str, str]:
    """Which of ``shown`` each node is, or lies in."""
    found: dict[str, str] = {}
    for node_id in graph.nodes:
        around = (g.id for g in outward(graph.groups, graph.group_of.get(node_id)))
        names = node_id if node_id in shown else next((i for i in around if i in shown), None)
        if names is not None:
            found[node_id] = names
    return found
