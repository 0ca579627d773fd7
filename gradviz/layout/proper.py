"""The proper layered graph: every segment joins two neighbouring layers.

A link over several layers passes a *bend* in each layer between. Links that leave the same
port share their bends as one trunk and branch off where their targets are: one value, one
line, and a leaf used by a thousand operations costs a thousand bends, not half a million.

Where even that grows out of proportion (many values that all travel very far), the longest
trunks are *expresses*: they get no bends and are routed outside the drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gradviz.layout.model import Link

_BENDS_PER_BOX = 3
_BENDS_ALWAYS = 2000


@dataclass(frozen=True, slots=True)
class Proper:
    """Vertices are numbered boxes first, then bends; ports are numbered across all vertices.

    layers: the vertices of each layer, in no particular order.
    outs, ins: out-ports and in-ports of each vertex, in port order.
    reached: in-ports each out-port feeds.  fed_by: out-ports that feed each in-port.
    owner: the vertex of each port.
    ahead, behind: the bend that continues a bend's trunk, the vertex a bend comes from
        (-1 where there is none, and for boxes).
    trunks: by link, the bends of its trunk and how many of them it passes.
    express: links without bends that skip layers.
    """

    boxes: int
    layer: list[int]
    layers: list[list[int]]
    outs: list[list[int]]
    ins: list[list[int]]
    reached: list[list[int]]
    fed_by: list[list[int]]
    owner: list[int]
    ahead: list[int]
    behind: list[int]
    trunks: dict[int, tuple[list[int], int]]
    express: list[int]

    def sources(self, vertex: int) -> list[int]:
        """Out-ports that feed `vertex`, in the order of its in-ports."""
        ins = self.ins[vertex]
        if len(ins) == 1:
            return self.fed_by[ins[0]]
        return [out for port in ins for out in self.fed_by[port]]

    def targets(self, vertex: int) -> list[int]:
        """In-ports that `vertex` feeds, in the order of its out-ports."""
        outs = self.outs[vertex]
        if len(outs) == 1:
            return self.reached[outs[0]]
        return [port for out in outs for port in self.reached[out]]


@dataclass(frozen=True, slots=True)
class Trunk:
    """Bends, and the out-ports of the box they come from and of each of them."""

    bends: list[int]
    outs: list[int]


class _Builder:
    """Grows the lists of a Proper; its only life is inside `build_proper`."""

    def __init__(self, layer: Sequence[int]) -> None:
        self.layer = list(layer)
        self.outs: list[list[int]] = [[] for _ in layer]
        self.ins: list[list[int]] = [[] for _ in layer]
        self.ahead = [-1] * len(layer)
        self.behind = [-1] * len(layer)
        self.owner: list[int] = []
        self.reached: list[list[int]] = []
        self.fed_by: list[list[int]] = []
        self.joined: set[tuple[int, int]] = set()
        self.arrivals: dict[tuple[int, int], int] = {}
        self.trunks: dict[int, tuple[list[int], int]] = {}
        self.express: list[int] = []

    def add_port(self, vertex: int, ports: list[list[int]]) -> int:
        port = len(self.owner)
        self.owner.append(vertex)
        self.reached.append([])
        self.fed_by.append([])
        ports[vertex].append(port)
        return port

    def add_arrival(self, box: int, number: int) -> None:
        if (box, number) not in self.arrivals:
            self.arrivals[box, number] = self.add_port(box, self.ins)

    def add_bend(self, previous: int) -> int:
        bend = len(self.layer)
        self.layer.append(self.layer[previous] + 1)
        self.outs.append([])
        self.ins.append([])
        self.ahead.append(-1)
        self.behind.append(previous)
        if self.behind[previous] >= 0:
            self.ahead[previous] = bend
        return bend

    def join(self, out: int, port: int) -> None:
        if (out, port) not in self.joined:
            self.joined.add((out, port))
            self.reached[out].append(port)
            self.fed_by[port].append(out)

    def lay_trunk(self, box: int, bends: int) -> Trunk:
        """A trunk of `bends` bends, from each of which it can branch."""
        trunk = Trunk([], [self.add_port(box, self.outs)])
        previous = box
        for _ in range(bends):
            bend = self.add_bend(previous)
            self.join(trunk.outs[-1], self.add_port(bend, self.ins))
            trunk.bends.append(bend)
            trunk.outs.append(self.add_port(bend, self.outs))
            previous = bend
        return trunk

    def branch(self, link: int, trunk: Trunk, span: int, port: int) -> None:
        if span > len(trunk.outs):
            self.express.append(link)
            return
        self.join(trunk.outs[span - 1], port)
        if span > 1:
            self.trunks[link] = trunk.bends, span - 1

    def finish(self, boxes: int) -> Proper:
        layers: list[list[int]] = [[] for _ in range(max(self.layer, default=-1) + 1)]
        for vertex, number in enumerate(self.layer):
            layers[number].append(vertex)
        return Proper(
            boxes,
            self.layer,
            layers,
            self.outs,
            self.ins,
            self.reached,
            self.fed_by,
            self.owner,
            self.ahead,
            self.behind,
            self.trunks,
            self.express,
        )


def build_proper(
    layer: Sequence[int], ends: Sequence[tuple[int, int]], links: Sequence[Link]
) -> Proper:
    """The proper layered graph of `links`, whose boxes stand in `layer`."""
    grown = _Builder(layer)
    numbers = range(len(links))
    for link in sorted(numbers, key=lambda i: links[i].target_port):
        grown.add_arrival(ends[link][1], links[link].target_port)
    leaving: dict[tuple[int, int], list[int]] = {}
    for link in sorted(numbers, key=lambda i: links[i].source_port):
        leaving.setdefault((ends[link][0], links[link].source_port), []).append(link)
    bends = {
        key: max(layer[ends[link][1]] for link in group) - layer[key[0]] - 1
        for key, group in leaving.items()
    }
    expresses = _expresses(bends, len(layer))
    for key, group in leaving.items():
        trunk = grown.lay_trunk(key[0], 0 if key in expresses else bends[key])
        for link in group:
            target = ends[link][1]
            port = grown.arrivals[target, links[link].target_port]
            grown.branch(link, trunk, layer[target] - layer[key[0]], port)
    return grown.finish(len(layer))


def _expresses(bends: dict[tuple[int, int], int], boxes: int) -> set[tuple[int, int]]:
    """The longest trunks, as many as must go for the bends to stay in proportion."""
    left = sum(bends.values())
    chosen: set[tuple[int, int]] = set()
    for key in sorted(bends, key=lambda key: -bends[key]):
        if left <= _BENDS_ALWAYS + _BENDS_PER_BOX * boxes:
            break
        chosen.add(key)
        left -= bends[key]
    return chosen
