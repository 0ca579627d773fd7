"""Paths: counted, listed shortest first, and their products add up to the gradient."""

from itertools import islice
from pathlib import Path as File

import numpy as np
import pytest

from gradviz.explain.paths import Path, Paths, path_product, path_sum, path_text
from gradviz.files import load
from gradviz.graph import AddNode, AddWire, Evaluation, Graph, Node, Ones, Walk, Wire, walk_back
from gradviz.program import graph_from_source

SAMPLES = sorted((File(__file__).resolve().parents[3] / "samples").glob("*.gradviz"))
MOST = 200


def walked(graph: Graph, seed: Ones | None = None) -> tuple[Evaluation, Walk]:
    output = graph.output()
    assert output is not None
    evaluation = Evaluation(graph)
    return evaluation, walk_back(evaluation, output, seed)


def ident(graph: Graph, name: str) -> str:
    node = graph.named(name)
    assert node is not None
    return node.id


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_on_every_sample_the_sum_over_paths_is_the_gradient(file: File) -> None:
    evaluation, walk = walked(load(file))
    paths = Paths(walk)
    tried = 0
    for node, gradient in walk.gradients.items():
        count = paths.count(node)
        assert count >= 1
        if count > MOST:
            continue
        found = path_sum(evaluation, walk, node, MOST)
        assert found is not None and found.count == count == len(found.products)
        assert len({p.path for p in found.products}) == count
        assert found.total is not None
        scale = max(1.0, float(np.abs(gradient).max()))
        np.testing.assert_allclose(found.total, gradient, rtol=2e-5, atol=2e-6 * scale)
        tried += 1
    assert tried


def test_two_wires_between_the_same_nodes_are_two_paths() -> None:
    graph = graph_from_source("x = tensor(3.0, requires_grad=True)\nJ = x * x")
    evaluation, walk = walked(graph)
    x = ident(graph, "x")
    found = path_sum(evaluation, walk, x)
    assert found is not None and found.count == 2
    assert [path_text(graph, p.path) for p in found.products] == [
        "x → J (by input)", "x → J (by other)",
    ]  # fmt: skip
    assert [p.value.item() for p in found.products] == [3.0, 3.0]
    assert found.text == (
        "2 paths lead from J back to x; their products add up to 3.000 + 3.000 = 6.000."
    )
    assert found.formula.endswith(
        r"= \textcolor{grad}{3.000} + \textcolor{grad}{3.000} = \textcolor{grad}{6.000}"
    )


def test_a_product_along_a_path_has_a_factor_for_each_wire() -> None:
    graph = graph_from_source(
        "x = tensor(2.0, requires_grad=True)\na = x**2\nb = -3 * a\nJ = b + x"
    )
    evaluation, walk = walked(graph)
    short, long = Paths(walk).between(ident(graph, "x"))
    assert path_text(graph, short) == "x → J" and path_text(graph, long) == "x → a → b → J"
    assert long.wires == {(ident(graph, n), 1 if n == "b" else 0) for n in ("a", "b", "J")}
    product = path_product(evaluation, walk, long)
    assert [f.local.item() for f in product.factors if f.local is not None] == [1.0, -3.0, 4.0]
    assert product.text == "1.000 × (−3.000) × 4.000 = −12.00"
    assert product.formula == (
        r"\textcolor{val}{\frac{\partial J}{\partial b}} \cdot "
        r"\textcolor{val}{\frac{\partial b}{\partial a}} \cdot "
        r"\textcolor{val}{\frac{\partial a}{\partial x}} = \textcolor{val}{1.000} \cdot "
        r"(\textcolor{val}{-3.000}) \cdot \textcolor{val}{4.000} = \textcolor{grad}{-12.00}"
    )


def test_the_output_is_at_the_end_of_one_path_without_wires() -> None:
    graph = graph_from_source("x = tensor(2.0, requires_grad=True)\nJ = x**2")
    evaluation, walk = walked(graph)
    assert list(Paths(walk).between(walk.output)) == [Path(walk.output, ())]
    found = path_sum(evaluation, walk, walk.output)
    assert found is not None and found.products[0].text == "1.000"
    assert path_sum(evaluation, walk, "elsewhere") is None


def test_paths_through_several_outputs_of_a_node_are_apart() -> None:
    graph = Graph()
    data = np.asarray([3.0, -1.0, 2.0])
    graph.apply(AddNode(Node("x", "tensor", "x", {"data": data, "requires_grad": True})))
    graph.apply(AddNode(Node("both", "aminmax", "both")))
    graph.apply(AddNode(Node("J", "mul", "J")))
    for wire in (Wire("x", "both", 0), Wire("both", "J", 0, 0), Wire("both", "J", 1, 1)):
        graph.apply(AddWire(wire))
    evaluation, walk = walked(graph)
    found = path_sum(evaluation, walk, "x")
    assert found is not None and found.count == 2
    assert sorted(p.value.tolist() for p in found.products) == [[0, 3, 0], [-1, 0, 0]][::-1]
    np.testing.assert_array_equal(found.total, walk.gradients["x"])


def test_more_paths_than_can_be_listed_are_counted_and_begun() -> None:
    lines = ["x0 = tensor(1.0, requires_grad=True)"]
    lines += [f"x{i + 1} = x{i} + x{i}" for i in range(300)]
    graph = graph_from_source("\n".join(lines))
    evaluation, walk = walked(graph)
    paths = Paths(walk)
    x = ident(graph, "x0")
    assert paths.count(x) == 2**300
    first = list(islice(paths.between(x), 5))
    assert len(set(first)) == 5 and all(len(path) == 300 for path in first)
    found = path_sum(evaluation, walk, x)
    assert found is not None and found.products == () and found.total is None
    assert found.text.startswith("about 10^90 paths lead from x300 back to x0;")
    assert path_product(evaluation, walk, first[0]).value == 1.0
    assert path_product(evaluation, walk, first[0]).text.count("×") == 8


def test_the_shortest_paths_come_first() -> None:
    graph = graph_from_source(
        "x = tensor([0.5, 1.0], requires_grad=True)\na = x * 2\nb = a + x\nc = sin(b)\nd = c * x\n"
        "e = d + b\ny = e * a"
    )
    evaluation, walk = walked(graph, Ones())
    x = ident(graph, "x")
    lengths = [len(path) for path in Paths(walk).between(x)]
    assert lengths == sorted(lengths) and len(lengths) == Paths(walk).count(x)
    found = path_sum(evaluation, walk, x)
    assert found is not None and found.total is not None
    np.testing.assert_allclose(found.total, walk.gradients[x], rtol=1e-6)
