"""Barycentre sweeps (Sugiyama, Tagawa, Toda 1981) of many orders of the same layers at once.

A sweep of one order in Python costs as much as one of sixteen by arrays. Orders are held as
places: for each layer a matrix with a row for each order and a column for each vertex, which
says where in the layer the vertex stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradviz.layout.proper import Proper

Matrix = NDArray[np.float64]
Numbers = NDArray[np.intp]
Places = list[Matrix]
Joint = tuple[Numbers, Numbers]

_UNDECIDED = 1e-7


@dataclass(frozen=True, slots=True)
class Ports:
    """A layer's ports on one side, vertex after vertex.

    owner: the column of each port's vertex.  within: its number among that vertex's ports.
    most: how many ports a vertex has at most.
    """

    owner: Numbers
    within: Matrix
    most: int

    def keys(self, places: Matrix) -> Matrix:
        """Whole numbers in the order of the ports; a row for each order of the vertices."""
        found = places.take(self.owner, axis=1)
        return found if self.most == 1 else found * self.most + self.within


@dataclass(frozen=True, slots=True)
class Side:
    """What a layer's vertices are drawn to in the layer on one side.

    wired: the vertices that are joined to it.  joined: which of its ports (rows) each of them
    is joined to.  shares: one over the number of those.
    """

    wired: Numbers
    joined: Matrix
    shares: Matrix
    ports: Ports

    def sort(self, places: Matrix, there: Matrix) -> Matrix:
        """Places in which the wired are sorted by the mean of what they are joined to.

        The others keep theirs.  there: the places in the layer on that side.
        """
        if not len(self.wired):
            return places
        rows = np.arange(len(places))[:, None]
        whole = len(self.wired) == places.shape[1]
        own = places if whole else places[:, self.wired]
        wishes = (self.ports.keys(there) @ self.joined) * self.shares + own * _UNDECIDED
        order = wishes.argsort(axis=1)
        after = places.copy()
        if whole:
            after[rows, order] = np.arange(places.shape[1])
        else:
            after[rows, self.wired[order]] = np.sort(own, axis=1)
        return after


class Stack:
    """The layers of a proper graph as arrays.

    outs, ins: each layer's ports.  joints: after each layer but the last, the ends of the
    lines to the next: a port of its outs, and one of the next layer's ins.
    """

    def __init__(self, proper: Proper) -> None:
        self.layers = proper.layers
        column = [0] * len(proper.owner)
        self.outs = [_ports(layer, proper.outs, column) for layer in proper.layers]
        self.ins = [_ports(layer, proper.ins, column) for layer in proper.layers]
        self.joints = [_joint(proper, layer, column) for layer in proper.layers[:-1]]
        between = list(zip(self.joints, self.outs, self.ins[1:], strict=False))
        sizes = [len(layer) for layer in proper.layers]
        self._before = [_side(*some, size) for some, size in zip(between, sizes[1:], strict=True)]
        self._after = [
            _side((leaving[1], leaving[0]), ins, outs, size)
            for (leaving, outs, ins), size in zip(between, sizes, strict=False)
        ]

    def places(self, orders: Sequence[Sequence[int]]) -> Places:
        """Where the vertices stand in `orders`: one row."""
        found: Places = []
        for layer, order in zip(self.layers, orders, strict=True):
            place = dict(zip(order, range(len(order)), strict=True))
            found.append(np.array([[float(place[vertex]) for vertex in layer]]))
        return found

    def orders(self, places: Places, rows: Sequence[int]) -> list[list[int]]:
        """Each layer's vertices as they stand in its row of `places`."""
        return [
            [layer[column] for column in here[row].argsort().tolist()]
            for layer, here, row in zip(self.layers, places, rows, strict=True)
        ]

    def sweep_forward(self, places: Places) -> Places:
        """Sort each layer but the first by what it is joined to in the one before."""
        found = [places[0]]
        for side, own in zip(self._before, places[1:], strict=True):
            found.append(side.sort(own, found[-1]))
        return found

    def sweep_back(self, places: Places) -> Places:
        """Sort each layer but the last by what it is joined to in the one after."""
        found = [places[-1]]
        for side, own in zip(reversed(self._after), places[-2::-1], strict=True):
            found.append(side.sort(own, found[-1]))
        return found[::-1]


def _ports(layer: Sequence[int], ports: Sequence[Sequence[int]], column: list[int]) -> Ports:
    owner: list[int] = []
    within: list[float] = []
    most = 1
    for place, vertex in enumerate(layer):
        own = ports[vertex]
        most = max(most, len(own))
        for number, port in enumerate(own):
            column[port] = len(owner)
            owner.append(place)
            within.append(number)
    return Ports(np.array(owner, np.intp), np.array(within), most)


def _joint(proper: Proper, layer: Sequence[int], column: Sequence[int]) -> Joint:
    outs: list[int] = []
    ins: list[int] = []
    for vertex in layer:
        for out in proper.outs[vertex]:
            reached = proper.reached[out]
            outs.extend([column[out]] * len(reached))
            ins.extend([column[port] for port in reached])
    return np.array(outs, np.intp), np.array(ins, np.intp)


def _side(ends: Joint, there: Ports, here: Ports, count: int) -> Side:
    joined = np.zeros((len(there.owner), count))
    np.add.at(joined, (ends[0], here.owner[ends[1]]), 1.0)
    numbers = joined.sum(axis=0)
    wired = np.flatnonzero(numbers)
    return Side(wired, np.ascontiguousarray(joined[:, wired]), 1.0 / numbers[wired], there)
