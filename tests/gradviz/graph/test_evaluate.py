"""Only what an edit affects is evaluated again, and what fails stops only what reads it."""

import tracemalloc

import numpy as np
import pytest

from gradviz.graph import Evaluation, Graph, Wire, compose
from gradviz.graph.limits import MAX_ELEMENTS
from gradviz.graph.sizes import elements
from gradviz.graph.walk import walk_back
from gradviz.ops.table import OPS


def leaves(*values: object) -> Graph:
    graph = Graph()
    for value in values:
        data = np.asarray(value)
        graph.apply(compose.add(graph, "tensor", attrs={"data": data, "requires_grad": True}))
    return graph


def add(graph: Graph, op: str, *inputs: str, **attrs: object) -> str:
    node_id = graph.apply(compose.add(graph, op, attrs=attrs)).added[0].id
    for port, source in enumerate(inputs):
        graph.apply(compose.connect(graph, source, 0, node_id, port))
    return node_id


def followed(graph: Graph) -> Evaluation:
    evaluation = Evaluation(graph)
    graph.subscribe(evaluation.refresh)
    return evaluation


def test_only_what_an_edit_reaches_runs_again() -> None:
    graph = leaves(1.0, 2.0)
    sin, cos = add(graph, "sin", "n1"), add(graph, "cos", "n2")
    both = add(graph, "add", sin, cos)
    evaluation = followed(graph)
    assert evaluation.runs == 5
    for make, runs in (
        (lambda: compose.set_value(graph, "n1", 3.0), 3),
        (lambda: compose.set_literal(graph, cos, 0, None), 0),
        (lambda: compose.move(graph, {"n1": (5.0, 5.0)}), 0),
        (lambda: compose.rename(graph, sin, "renamed"), 0),
        (lambda: compose.set_title(graph, "Title"), 0),
        (lambda: compose.disconnect(graph, Wire(cos, both, 1)), 1),
        (lambda: compose.delete(graph, [cos]), 0),
        (lambda: compose.add(graph, "zeros"), 1),
    ):
        before, batch = evaluation.runs, make()
        graph.apply(batch)
        assert evaluation.runs - before == runs, batch.label
    assert evaluation.results[both].missing == ("other",)
    assert evaluation.explain(both) == "needs a wire or a number on other"
    assert cos not in evaluation.results


def test_what_is_wired_later_is_reached_too() -> None:
    graph = leaves(1.0)
    sin = add(graph, "sin", "n1")
    evaluation = followed(graph)
    graph.apply(compose.set_value(graph, "n1", 2.0))
    cos = add(graph, "cos", sin)
    graph.apply(compose.set_value(graph, "n1", 3.0))
    value = evaluation.value(cos)
    assert value is not None and value.item() == pytest.approx(np.cos(np.sin(3.0)))


def test_a_failure_says_what_and_stops_only_its_readers() -> None:
    graph = leaves(np.ones((2, 3)), np.ones((2, 3)))
    graph.apply(compose.rename(graph, "n2", "W"))
    product = add(graph, "matmul", "n1", "n2")
    after = add(graph, "sin", product)
    last = add(graph, "add", after, product)
    beside = add(graph, "sum", "n1")
    evaluation = followed(graph)
    assert evaluation.explain(product) == (
        "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3) "
        "(input = x [2, 3], other = W [2, 3])"
    )
    assert evaluation.explain(after) == "waits for 'matmul'"
    assert evaluation.explain(last) == "waits for 'sin' and 'matmul'"
    value = evaluation.value(beside)
    assert value is not None and value.array == 6.0
    graph.apply(compose.rename(graph, "n2", "weights"))
    assert "other = weights [2, 3]" in (evaluation.explain(product) or "")
    graph.apply(compose.set_value(graph, "n2", np.ones((3, 2))))
    assert [evaluation.explain(i) for i in (product, after, last)] == [None, None, None]


def test_an_output_that_is_not_there_is_an_error_of_its_reader() -> None:
    graph = leaves(np.arange(4.0))
    parts = add(graph, "split", "n1", split_size_or_sections=2)
    reader = graph.apply(compose.add(graph, "sin")).added[0].id
    graph.apply(compose.connect(graph, parts, 1, reader, 0))
    evaluation = followed(graph)
    value = evaluation.value(reader)
    assert value is not None and np.allclose(value.array, np.sin([2.0, 3.0]))
    graph.apply(compose.set_attr(graph, parts, "split_size_or_sections", 4))
    assert evaluation.explain(reader) == "'split' gives 1 outputs, and no output 2"


@pytest.mark.parametrize(
    ("op", "attrs"),
    [
        ("zeros", {"size": (10**5, 10**5)}),
        ("ones", {"size": 10**10}),
        ("full", {"size": (10**5, 10**5), "fill_value": 1.0}),
        ("eye", {"n": 10**5}),
        ("linspace", {"start": 0, "end": 1, "steps": 10**10}),
        ("arange", {"start": 10**10}),
    ],
)
def test_what_is_too_large_is_refused_beforehand(op: str, attrs: dict[str, object]) -> None:
    graph = Graph()
    node_id = add(graph, op, **attrs)
    said = Evaluation(graph).explain(node_id)
    assert said == (
        "the result would have 10,000,000,000 elements; "
        "the most a tensor may have here is 10,000,000"
    )


@pytest.mark.parametrize(
    ("op", "attrs"),
    [("outer", {}), ("expand", {"size": (10**5, 10**5)}), ("matmul", {}), ("mul", {}),
     ("linear", {}), ("pad", {"pad": (0, 10**5 - 1)})],
)  # fmt: skip
def test_small_inputs_make_no_large_result(op: str, attrs: dict[str, object]) -> None:
    side = 10**5
    second = {"outer": (side,), "linear": (side, 1)}.get(op, (1, side))
    shapes = ((side,) if op == "outer" else (side, 1), second)
    graph = leaves(*map(np.zeros, shapes))
    node_id = add(graph, op, *["n1", "n2"][: len(OPS[op].ports)], **attrs)
    evaluation = Evaluation(graph)
    error = evaluation.results[node_id].error
    assert error is not None and error.kind == "TooLarge"
    assert "10,000,000,000 elements" in error.message and error.inputs[0][1] == "x"


@pytest.mark.parametrize(
    ("op", "shapes", "attrs"),
    [
        ("conv1d", [(1, 1, 3), (1, 1, 3)], {"padding": 10**8}),
        ("conv2d", [(1, 1, 3, 3), (1, 1, 3, 3)], {"padding": 10**4}),
        ("conv2d", [(1, 1, 99, 99), (2000, 1, 1, 1)], {}),
        ("conv_transpose1d", [(1, 1, 3), (1, 1, 3)], {"stride": 10**8}),
        ("conv_transpose2d", [(1, 1, 99, 99), (1, 1, 99, 99)], {"stride": 99}),
        ("avg_pool1d", [(1, 1, 3)], {"kernel_size": 10**9, "padding": 10**8}),
        ("max_pool2d", [(1, 1, 3, 3)], {"kernel_size": 10**5, "padding": 10**4}),
        ("adaptive_avg_pool1d", [(1, 1, 3)], {"output_size": 10**8}),
        ("adaptive_max_pool2d", [(1, 1, 3, 3)], {"output_size": (10**4, 10**4)}),
        ("adaptive_max_pool2d", [(1, 1, 3, 3)], {"output_size": np.array([10**4, 10**4])}),
        ("unfold", [(1, 1, 999, 999)], {"kernel_size": 99}),
        ("einsum", [(10**4,), (10**4,)], {"equation": "i,j"}),
        ("einsum", [(10**4, 2), (1, 10**4)], {"equation": "...i,...j"}),
        ("mvlgamma", [(3,)], {"p": 10**8}),
    ],
)
def test_windows_and_equations_that_make_too_much_are_refused(op, shapes, attrs) -> None:
    assert elements(OPS[op], shapes, {**OPS[op].defaults, **attrs}) > MAX_ELEMENTS


def test_a_large_class_number_takes_one_row_and_no_table() -> None:
    tracemalloc.start()
    row = OPS["one_hot"].forward(np.array([10**5]), -1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert row.shape == (1, 10**5 + 1) and row[0, -1] == row.sum() == 1
    assert peak < 10**7


@pytest.mark.parametrize("op", OPS.values(), ids=OPS.keys())
def test_the_expected_size_is_never_more_than_the_inputs_and_result(op: object) -> None:
    for shown in op.examples:  # type: ignore[attr-defined]
        flat = [v for x in shown.inputs for v in (x if isinstance(x, tuple) else (x,))]
        attrs = {**op.defaults, **shown.attrs}  # type: ignore[attr-defined]
        expected = elements(op, [np.shape(v) for v in flat if v is not None], attrs)  # type: ignore[arg-type]
        assert 0 <= expected <= 1000 < MAX_ELEMENTS


def test_wires_of_a_variadic_port_carry_their_own_gradients() -> None:
    graph = leaves([1.0], [2.0, 3.0], [4.0])
    cat = add(graph, "cat", "n1", "n2", "n3", dim=0)
    weighted = add(graph, "mul", cat, cat)
    total = add(graph, "sum", weighted)
    graph.apply(compose.disconnect(graph, Wire("n1", cat, 0)))
    graph.apply(compose.connect(graph, "n1", 0, cat, 9))
    walk = walk_back(Evaluation(graph), total)
    carried = {port: sent for (target, port), sent in walk.contributions.items() if target == cat}
    assert {p: s.to for p, s in carried.items()} == {0: "n2", 1: "n3", 2: "n1"}
    assert [carried[p].value.tolist() for p in range(3)] == [[4.0, 6.0], [8.0], [2.0]]


def test_a_large_graph_is_ordered_and_reached_without_recursion() -> None:
    graph = leaves(1.0)
    previous = "n1"
    for _ in range(2000):
        previous = add(graph, "neg", previous)
    assert graph.order() == [f"n{i}" for i in range(1, 2002)]
    assert len(graph.downstream(["n1"])) == 2001
    assert graph.output() == previous


def test_calls_are_recorded_in_the_order_of_a_program_and_walked_back_in_reverse() -> None:
    graph = leaves(*[float(i) for i in range(1, 9)])
    products = [add(graph, "mul", f"n{i}", f"n{i % 8 + 1}") for i in range(1, 9)]
    total = products[0]
    for product in products[1:]:
        total = add(graph, "add", total, product)
    evaluation = Evaluation(graph)
    assert evaluation.ordered(set(graph.nodes)) == graph.order()
    taken = [s.node for s in walk_back(evaluation, total).steps if s.kind == "node"]
    assert taken == [i for i in reversed(graph.order()) if graph.node(i).spec.ports]


@pytest.mark.parametrize(
    ("op", "size", "attrs", "named"),
    [
        ("special_hermite_polynomial_h", 1, {}, "1,000,000,000,000 computations"),
        ("split", 10**6, {"split_size_or_sections": 1}, "1,000,000,000 computations"),
        ("chunk", 10**6, {"chunks": 10**6}, "1,000,000,000 computations"),
        ("tensor_split", 1, {"indices_or_sections": 10**6}, "1,000,000,000 computations"),
        ("unbind", 10**6, {}, "1,000,000,000 computations"),
    ],
)
def test_small_inputs_make_no_endless_work(
    op: str, size: int, attrs: dict[str, object], named: str
) -> None:
    graph = leaves(np.full(size, 0.5), np.array(1e9))
    node_id = add(graph, op, *["n1", "n2"][: len(OPS[op].ports)], **attrs)
    error = Evaluation(graph).results[node_id].error
    assert error is not None and error.kind == "TooLarge"
    assert named in error.message and "the most that an operation may take is" in error.message


def test_work_within_bounds_is_done() -> None:
    graph = leaves(np.full(100, 0.5), np.array(5.0))
    parts = add(graph, "split", "n1", split_size_or_sections=10)
    value = add(graph, "special_legendre_polynomial_p", "n1", "n2")
    results = Evaluation(graph).results
    assert len(results[parts].outputs) == 10
    assert results[value].outputs[0].array[0] == pytest.approx(0.08984375)


def test_a_word_may_stand_for_padding() -> None:
    graph = leaves(np.ones((1, 1, 4)), np.ones((1, 1, 3)))
    same = add(graph, "conv1d", "n1", "n2", padding="same")
    valid = add(graph, "conv1d", "n1", "n2", padding="valid")
    results = Evaluation(graph).results
    assert results[same].outputs[0].tolist() == [[[2, 3, 3, 2]]]
    assert results[valid].outputs[0].tolist() == [[[3, 3]]]
    with pytest.raises(ValueError, match="a list of them, or one of same, valid, not 'wide'"):
        add(graph, "conv1d", "n1", "n2", padding="wide")
