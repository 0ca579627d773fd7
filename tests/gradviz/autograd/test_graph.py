"""Nodes, edges and hooks on several tensors."""

from typing import Any

import pytest

import gradviz
from gradviz.autograd import graph

gv: Any = gradviz


def leaf(*values: float) -> Any:
    return gv.tensor(values, requires_grad=True)


def test_nodes_and_edges() -> None:
    x = leaf(1.0, 2.0, 3.0)
    y = (x * 2).unbind()[2]
    edge = graph.get_gradient_edge(y)
    assert edge.node is y.grad_fn
    assert edge.output_nr == 2
    assert isinstance(y.grad_fn, graph.Node)
    assert isinstance(graph.get_gradient_edge(x).node, graph.Node)
    with pytest.raises(RuntimeError, match="does not require gradients"):
        graph.get_gradient_edge(gv.ones(1))


def test_a_write_that_nothing_saw_can_be_told() -> None:
    y = leaf(1.0).exp()
    graph.increment_version(y)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


def test_a_hook_waits_for_all_or_takes_the_first() -> None:
    a, b = leaf(1.0), leaf(2.0)
    every: list[Any] = []
    first: list[Any] = []
    handle = graph.register_multi_grad_hook((a, b), every.append)
    graph.register_multi_grad_hook((a, b), first.append, mode="any")
    (a * b).sum().backward()
    (a * b).sum().backward()
    assert [[g.item() for g in grads] for grads in every] == [[2.0, 1.0]] * 2
    assert len(first) == 2
    handle.remove()
    (a * b).sum().backward()
    assert len(every) == 2
    with pytest.raises(ValueError, match="Expects mode to be one of"):
        graph.register_multi_grad_hook((a,), print, mode="some")


def test_hooks_come_off_after_a_block() -> None:
    x = leaf(1.0)
    with x.register_hook(lambda g: g * 10):
        (x * 2).sum().backward()
    (x * 2).sum().backward()
    assert x.grad.tolist() == [22.0]
