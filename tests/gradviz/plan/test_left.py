"""What a plan does not follow when it changes, named with the reason for every node."""

from gradviz.graph import Evaluation
from gradviz.plan import left_to_engine
from gradviz.program import graph_from_source


def left(source: str) -> dict[str, str]:
    graph = graph_from_source(source)
    return left_to_engine(graph, Evaluation(graph))


def test_floating_leaves_and_what_has_no_numbers_of_its_own_are_followed():
    assert not left("a = tensor(2.0, requires_grad=True)\nb = tensor([1.0, 2.0])\nJ = sum(a * b)")


def test_whole_numbers_and_truth_values_are_named():
    found = left(
        "n = tensor(3)\nm = tensor([True, False])\na = tensor(2.0)\nJ = where(m, a * n, a)"
    )
    assert found.keys() == {"n", "m"}
    assert all(why.startswith("whole numbers or truth values") for why in found.values())


def test_numbers_at_an_operation_are_named():
    found = left("a = ones(3)\nb = a ** 2\nc = softmax(b, dim=0)\nd = a * b\nJ = sum(c * d)")
    assert found.keys() == {"a", "b", "c"}
    assert all(why.startswith("numbers typed in or set") for why in found.values())


def test_what_is_in_error_says_so():
    found = left("a = ones(3)\nb = tensor([1.0, 2.0])\nc = a + b\nJ = sum(c)")
    assert found["c"] == "in error" and "without a value" in found["J"]
