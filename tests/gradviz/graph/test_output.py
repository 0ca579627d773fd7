"""The document's output, where none is chosen: the last result that nothing reads."""

import random

from gradviz.graph import Batch, Graph, GraphError, compose
from gradviz.graph.document import id_key


def expected(graph: Graph) -> str | None:
    read = {wire.source for wire in graph.wires}
    ends = [node for i, node in graph.nodes.items() if i not in read]
    computed = [node.id for node in ends if node.spec.ports] or [node.id for node in ends]
    return max(computed, key=id_key, default=None)


def some_edit(graph: Graph, chance: random.Random) -> Batch:
    ids = sorted(graph.nodes)
    kind = chance.choice(("add", "add", "connect", "delete", "disconnect", "swap the operation"))
    if kind == "add" or not ids:
        return compose.add(graph, chance.choice(("tensor", "sin", "add")))
    if kind == "connect":
        return compose.connect(graph, chance.choice(ids), 0, chance.choice(ids), 0)
    if kind == "delete":
        return compose.delete(graph, [chance.choice(ids)])
    if kind == "disconnect":
        return compose.disconnect(graph, chance.choice(list(graph.wires)))
    node = graph.node(chance.choice(ids))
    return compose.replaced(node, "", op="zeros" if node.op == "tensor" else "cos", attrs={})


def test_the_output_is_the_last_unread_result_after_any_edit():
    graph, chance, done = Graph(), random.Random(3), list[Batch]()
    for _ in range(300):
        try:
            edit = some_edit(graph, chance)
            graph.apply(edit)
        except (GraphError, IndexError):
            continue
        done.append(edit)
        assert graph.output() == expected(graph)
    for edit in reversed(done):
        graph.apply(edit.inverse())
        assert graph.output() == expected(graph)
    assert graph.output() is None
