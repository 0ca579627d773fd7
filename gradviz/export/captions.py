"""What text figures write on a node."""

from __future__ import annotations

import re

from gradviz.graph import Evaluation, Graph
from gradviz.numbers import shape_text, short


def captions(graph: Graph) -> dict[str, tuple[str, str]]:
    """Each node's title, and its value, shape or trouble, by id."""
    evaluation = Evaluation(graph)
    return {
        node_id: (title(graph, node_id), state(evaluation, node_id)) for node_id in graph.order()
    }


def plain_id(node_id: str) -> str:
    """A node's id as DOT, Mermaid and TikZ all take it: n12 as it is, others spelled in letters."""
    if re.fullmatch(r"n\d+", node_id):
        return node_id
    return "node_" + re.sub(r"[^A-Za-z0-9]", lambda mark: f"_{ord(mark[0]):x}_", node_id)


def title(graph: Graph, node_id: str) -> str:
    """A node's name, with its operation where the name does not tell."""
    node = graph.node(node_id)
    typed = ", ".join(short(v) for _, v in sorted(node.literals.items()))
    what = f"{node.spec.base_name} {typed}".strip()
    return node.name if not node.spec.ports else f"{node.name}: {what}"


def state(evaluation: Evaluation, node_id: str) -> str:
    """A number, a tensor's shape, or why there is neither."""
    value = evaluation.value(node_id)
    if value is None:
        return "no value"
    if value.array.size == 1:
        return short(value.array.item())
    return f"{value.dtype.name} {shape_text(value.array.shape)}"
