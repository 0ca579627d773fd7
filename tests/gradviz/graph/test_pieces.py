"""Pieces of a graph, and the graph as it was."""

from collections.abc import Iterator

from gradviz.files import dumps
from gradviz.graph import Graph, compose
from gradviz.graph.pieces import part, snapshot
from gradviz.program import update


class Looked(frozenset[str]):
    """A set that counts how often it is gone through."""

    times = 0

    def __iter__(self) -> Iterator[str]:
        Looked.times += 1
        return super().__iter__()


def chain(length: int) -> Graph:
    """So many nodes, each of which reads the one before."""
    graph = Graph()
    graph.apply(compose.add(graph, "tensor"))
    for place in range(1, length):
        graph.apply(compose.add(graph, "sin"))
        graph.apply(compose.connect(graph, f"n{place}", 0, f"n{place + 1}", 0))
    return graph


def times_looked(length: int) -> int:
    graph, Looked.times = chain(length), 0
    piece = part(graph, Looked(graph.nodes))
    assert len(piece.nodes) == length and len(list(piece.wires)) == length - 1
    return Looked.times


def test_a_large_selection_is_gone_through_as_often_as_a_small_one() -> None:
    assert times_looked(40) == times_looked(4)


def test_a_snapshot_stays_as_the_document_was() -> None:
    graph = Graph()
    graph.apply(update(graph, "K = 2.0\nL = K.sin() * K"))
    kept = snapshot(graph)
    before = dumps(graph)
    assert dumps(kept) == before
    read = graph.named("L")
    assert read is not None
    graph.apply(compose.rename(graph, read.id, "M"))
    graph.apply(compose.swap_inputs(graph, read.id))
    graph.apply(compose.set_title(graph, "Another"))
    graph.apply(compose.add(graph, "sin"))
    assert dumps(kept) == before != dumps(graph)
