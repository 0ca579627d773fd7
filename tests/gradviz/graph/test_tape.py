"""From the tape to a document: the same values, and a clear word on what the tape let go of."""

from typing import Any

import numpy as np
import pytest

import gradviz
from gradviz.files import dumps, loads
from gradviz.graph import Evaluation, Graph, walk_back
from gradviz.graph.tape import TapeError, graph_of
from gradviz.ops.spec import Example, Op
from gradviz.ops.table import OPS
from gradviz.program import formula
from gradviz.tensor.tensor import Tensor, apply

gv: Any = gradviz


def value_of(graph: Graph) -> np.ndarray:
    output = graph.output()
    assert output is not None
    value = graph.evaluate().value(output)
    assert value is not None
    return value.array


def agrees(tensor: Any) -> Graph:
    graph = Graph.from_tensor(tensor)
    np.testing.assert_array_equal(value_of(graph), tensor.array)
    assert value_of(graph).dtype == tensor.array.dtype
    assert dumps(loads(dumps(graph))) == dumps(graph)
    return graph


def parameter(data: object) -> Any:
    return gv.tensor(data, requires_grad=True)


def test_an_expression_reads_as_its_operations() -> None:
    x = parameter([1.0, 2.0])
    graph = agrees(((1 - x) ** 2 + gv.tensor([1.0, 2.0])).sum())
    assert formula(graph) == "sum1 = sum((1 - parameter1) ** 2 + constant1)"


def test_a_leaf_used_twice_is_one_node() -> None:
    x = parameter(2.0)
    graph = agrees(x * x + x)
    assert [n.op for n in graph.nodes.values()].count("tensor") == 1
    assert formula(graph) == "add1 = parameter1 * parameter1 + parameter1"


def test_the_document_walks_back_to_the_same_gradients() -> None:
    x, w = parameter([[0.5, -1.0]]), parameter([[1.0], [2.0]])
    loss = ((x @ w).tanh() * 3).sum()
    graph = agrees(loss)
    loss.backward()
    output = graph.output()
    assert output is not None
    gradients = walk_back(Evaluation(graph), output).gradients
    found = {graph.node(i).name: g for i, g in gradients.items()}
    np.testing.assert_array_equal(found["parameter1"], x.grad.array)
    np.testing.assert_array_equal(found["parameter2"], w.grad.array)


def test_settings_numbers_and_variadic_inputs_come_along() -> None:
    x = parameter([[1.0, 2.0], [3.0, 4.0]])
    agrees(gv.cat([x, x * 2, gv.ones(2, 2)], dim=1).sum(dim=0, keepdim=True))
    agrees(x[1:, None, 0].clamp(max=2.5))
    agrees(gv.where(x > 2, x, 0.0).mean())
    agrees(x.double() * 2)
    agrees(x.reshape(4).softmax(0).log())


def test_sizes_left_open_come_along() -> None:
    x = parameter(np.arange(16.0).reshape(1, 1, 4, 4).tolist())
    agrees(gv.nn.functional.adaptive_avg_pool2d(x, (None, 2)))
    agrees(gv.nn.functional.adaptive_max_pool3d(x[None], (1, None, 2)))


def test_an_output_that_is_one_of_several_is_the_right_one() -> None:
    x = parameter([1.0, 2.0, 3.0, 4.0])
    agrees(x.split(2)[1])
    agrees(x.split(2)[1].sum())
    agrees(x.max(dim=0).values)


def test_cards_lie_side_by_side() -> None:
    graph = Graph.from_tensor(parameter(1.0) * 2 + 1)
    places = [graph.node(i).position for i in graph.order()]
    assert [x for x, _ in places] == sorted({x for x, _ in places})


def test_a_tensor_without_a_past_is_one_leaf() -> None:
    graph = agrees(gv.tensor([1.0, 2.0]))
    assert [n.name for n in graph.nodes.values()] == ["constant1"]
    assert [n.name for n in agrees(parameter(1.0)).nodes.values()] == ["parameter1"]


def test_what_a_constant_was_computed_from_without_a_record_is_a_constant() -> None:
    x = parameter(3.0)
    graph = agrees(x.detach() ** 2 * x)
    assert formula(graph) == "mul1 = constant1 * parameter1"


def test_a_condition_that_depends_on_a_parameter_is_kept_as_it_fell() -> None:
    x = parameter([1.0, -1.0])
    graph = agrees(gv.where(x > 0, x, -x))
    assert formula(graph) == "where1 = where(constant1, parameter1, -parameter1)"


def test_after_backward_it_works_while_the_constants_are_held() -> None:
    x, c = parameter([1.0, 2.0]), gv.tensor([3.0, 4.0])
    loss = ((x * c + 1) ** 2).sum()
    loss.backward()
    agrees(loss)


def test_a_constant_that_is_gone_is_said() -> None:
    x = parameter([1.0, 2.0])
    loss = (x * gv.tensor([3.0, 4.0])).sum()
    loss.backward()
    with pytest.raises(TapeError, match="no longer holds the tensor on 'other' of mul"):
        Graph.from_tensor(loss)


def test_a_constant_that_was_overwritten_is_said() -> None:
    x, c = parameter(1.0), gv.tensor(2.0)
    y = x + c
    c.add_(1)
    with pytest.raises(TapeError, match="'other' of add was overwritten"):
        Graph.from_tensor(y)


def test_a_write_into_a_part_has_no_node() -> None:
    y = parameter([1.0, 2.0]) * 1
    y[0] = 5.0
    with pytest.raises(TapeError, match="has no node in a document"):
        Graph.from_tensor(y)


def test_an_index_with_a_dimension_left_out_is_said() -> None:
    y = parameter([[1.0, 2.0], [3.0, 4.0]])[:, gv.tensor([1, 0])]
    with pytest.raises(TapeError, match="use index_select"):
        Graph.from_tensor(y)


def test_leaves_have_the_values_they_have_now() -> None:
    x = parameter(2.0)
    y = x + 1
    with gv.no_grad():
        x.mul_(10)
    assert value_of(Graph.from_tensor(y)) == 21


def test_a_long_chain_needs_no_recursion() -> None:
    y = parameter(1.0)
    for _ in range(2000):
        y = y * 0.999
    graph = graph_of(y)
    assert len(graph.nodes) == 2001
    np.testing.assert_array_equal(value_of(graph), y.array)


def inputs_of(op: Op, given: Example) -> tuple[Any, ...]:
    """An example's inputs as tensors, those that can being parameters; numbers as they are."""
    flat = [
        tuple(map(as_tensor, value)) if isinstance(value, tuple) else as_tensor(value)
        for value in given.inputs
    ]
    return tuple(flat)


def as_tensor(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    return Tensor.wrap(np.array(value), value.dtype.kind == "f")


EXAMPLES = [
    pytest.param(op, given, id=f"{op.name}-{index}")
    for op in OPS.values()
    if op.differentiable and op.addable
    for index, given in enumerate(op.examples)
    if op.name != "index" or all(member is not None for member in given.inputs[-1])
]


@pytest.mark.parametrize(("op", "given"), EXAMPLES)
def test_every_operation_comes_along(op: Op, given: Example) -> None:
    made = apply(op, inputs_of(op, given), {**op.defaults, **given.attrs})
    outputs = made if isinstance(made, tuple) else (made,)
    for output in outputs:
        if output.requires_grad:
            agrees(output)
