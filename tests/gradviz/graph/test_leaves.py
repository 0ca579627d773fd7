"""The range of a leaf's slider: what is refused, and what a logarithmic one starts at."""

import numpy as np
import pytest

from gradviz.graph import Graph, GraphError, compose
from gradviz.graph.leaves import holds_number, set_slider


def leaf(**attrs):
    graph = Graph()
    graph.apply(compose.add(graph, "tensor", name="x", attrs={"data": np.float32(2.0), **attrs}))
    return graph, graph.ids_by_name["x"]


@pytest.mark.parametrize(
    ("attrs", "ends"),
    [
        ({"low": -5.0, "high": 5.0}, (0.005, 5.0)),
        ({"low": 0.1, "high": 5.0}, (0.1, 5.0)),
        ({}, (0.02, 20.0)),
    ],
)
def test_a_logarithmic_slider_lies_above_zero(attrs, ends):
    graph, node = leaf(**attrs)
    graph.apply(set_slider(graph, node, "log", True))
    made = graph.node(node)
    assert (made.setting("low"), made.setting("high")) == pytest.approx(ends)
    with pytest.raises(GraphError, match="above 0"):
        set_slider(graph, node, "low", -1.0)
    graph.apply(set_slider(graph, node, "log", False))
    graph.apply(set_slider(graph, node, "low", -1.0))
    assert graph.node(node).setting("low") == -1.0


def test_an_empty_range_is_refused():
    graph, node = leaf(low=0.0, high=1.0)
    for name, value in (("low", 1.0), ("high", -1.0), ("step", 0.0), ("low", float("nan"))):
        with pytest.raises(GraphError):
            set_slider(graph, node, name, value)


def test_only_single_real_numbers_have_one():
    for data, holds in ((1.0, True), (np.int64(2), True), (np.ones(1), False), (True, False)):
        graph, node = leaf(data=data)
        assert holds_number(graph.node(node)) is holds
