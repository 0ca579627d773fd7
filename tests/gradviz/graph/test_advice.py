"""Advice on a graph: what is found, what mends it, and that nothing is said without reason."""

import copy
import warnings
from pathlib import Path

import numpy as np
import pytest

from gradviz.files import dumps, load
from gradviz.graph import AddNode, Evaluation, Graph, Node, compose
from gradviz.graph.advice import ADVICE, MOST_MENDED, advise
from gradviz.graph.document import GraphError
from gradviz.ops.table import OPS
from gradviz.program import formula, update

SAMPLES = sorted((Path(__file__).resolve().parents[3] / "samples").glob("*.gradviz"))
SHOWN = {"masked_nan": {"root"}}
"""What samples do wrong on purpose."""
P = "p = tensor([1.0, 2.0, 4.0], requires_grad=True)\n"
COLUMN = "y = tensor([[1.0], [2.0], [3.0]])\n"
SCORES = "x = tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)\n"


def graph_of(text: str) -> Graph:
    graph = Graph()
    graph.apply(update(graph, text))
    return graph


def node(graph: Graph, name: str) -> Node:
    found = graph.named(name)
    assert found is not None
    return found


def advice(graph: Graph):
    """Every finding, by the name of its node."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        evaluation = Evaluation(graph)
    before = dumps(graph)
    found = advise(graph, evaluation)
    assert dumps(graph) == before
    return {graph.node(i).name: findings for i, findings in found.items()}


def only(text: str, name: str):
    """The one finding about a node of that formula."""
    (finding,) = advice(graph_of(text))[name]
    return finding


def after(text: str, name: str, label: str) -> Graph:
    """The graph once that fix is applied."""
    graph = graph_of(text)
    (finding,) = advice(graph)[name]
    (fix,) = [f for f in finding.fixes if f.label == label]
    graph.apply(fix.make(graph))
    return graph


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_no_sample_is_found_fault_with_but_for_what_it_shows(path):
    assert advice(load(path)).keys() == SHOWN.get(path.stem, set())


def test_every_rule_is_of_an_operation_there_is():
    assert set(ADVICE) <= set(OPS)


@pytest.mark.parametrize(
    ("text", "label", "written"),
    [
        (
            "x = tensor([[1.0, 2.0, 3.0]])\nw = tensor([[4.0, 5.0, 6.0]])\nc = x @ w",
            "Transpose w", "c = x @ w.T",
        ),
        (
            "x = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])\nw = tensor([[1.0, 0.0], [0.0, 1.0]])\n"
            "c = x @ w",
            "Swap inputs", "c = w @ x",
        ),
        (
            "a = tensor([1.0, 2.0, 3.0])\nb = tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])\n"
            "c = a + b",
            "Unsqueeze a to [3, 1]", "c = unsqueeze(a, dim=1) + b",
        ),
        (
            "a = tensor([[1.0, 2.0, 3.0]])\nt = tensor([1.0])\nc = cross_entropy(a, t)",
            "Cast t to int64", "c = cross_entropy(a, t.to(dtype=int64))",
        ),
        (
            "p = tensor([0.5, 0.2])\nt = tensor([0, 1])\nc = binary_cross_entropy(p, t)",
            "Cast t to float32", "c = binary_cross_entropy(p, t.to(dtype=float32))",
        ),
        ("a = tensor([1.0, 2.0])\nc = softmax(a, dim=2)", "dim = -1", "c = softmax(a, dim=-1)"),
    ],
)  # fmt: skip
def test_a_failure_is_offered_a_fix_after_which_it_has_a_value(text, label, written):
    finding = only(text, "c")
    assert finding.kind == "error"
    graph = after(text, "c", label)
    assert formula(graph).endswith(written)
    assert Evaluation(graph).value(node(graph, "c").id) is not None


def test_every_fix_offered_for_a_failure_gives_a_value_and_the_best_is_first():
    text = "a = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])\nb = a * 2\nc = a @ b"
    finding = only(text, "c")
    assert [f.label for f in finding.fixes] == ["Transpose b", "Transpose a"]
    assert "[2, 3]" in finding.text
    for fix in finding.fixes:
        graph = graph_of(text)
        graph.apply(fix.make(graph))
        assert Evaluation(graph).value(node(graph, "c").id) is not None


def test_a_fix_is_one_edit_that_can_be_taken_back():
    text = "x = tensor([[1.0, 2.0, 3.0]])\nw = tensor([[4.0, 5.0, 6.0]])\nc = x @ w\nd = c + 1"
    graph = graph_of(text)
    before = dumps(graph)
    fix = advice(graph)["c"][0].fixes[0]
    batch = fix.make(graph)
    graph.apply(batch)
    assert advice(graph) == {}
    new = node(graph, "t")
    left = max(node(graph, n).position[0] for n in ("x", "w"))
    assert left < new.position[0] < node(graph, "c").position[0] < node(graph, "d").position[0]
    graph.apply(batch.inverse())
    assert dumps(graph) == before


def test_a_fix_of_a_graph_that_changed_meanwhile_is_refused_whole():
    graph = graph_of("x = tensor([[1.0, 2.0]])\nw = tensor([[4.0, 5.0]])\nc = x @ w")
    fix = advice(graph)["c"][0].fixes[0]
    graph.apply(compose.delete(graph, [node(graph, "c").id]))
    with pytest.raises(GraphError):
        graph.apply(fix.make(graph))


def test_nothing_is_offered_where_nothing_tried_helps():
    text = "a = tensor([1.0, 2.0])\nb = tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])\n"
    text += "c = cat([a, b], dim=0)"
    assert only(text, "c").fixes == ()


def test_an_integer_leaf_cannot_require_a_gradient_and_can_be_cast():
    graph = Graph()
    data = np.array([1, 2])
    graph.apply(AddNode(Node("n1", "tensor", "k", {"data": data, "requires_grad": True})))
    (finding,) = advice(graph)["k"]
    assert [f.label for f in finding.fixes] == ["Cast to float32", "requires_grad off"]
    for fix in finding.fixes:
        mended = copy_of(graph)
        mended.apply(fix.make(mended))
        assert Evaluation(mended).value("n1") is not None


def copy_of(graph: Graph) -> Graph:
    made = Graph()
    for node in graph.nodes.values():
        made.apply(AddNode(copy.copy(node)))
    return made


def test_a_missing_input_can_be_typed_or_made_a_leaf():
    graph = Graph()
    graph.apply(compose.add(graph, "mul", literals={0: 3.0}))
    (finding,) = advice(graph)["mul"]
    assert finding.kind == "missing"
    assert finding.text == "mul needs a wire or a number on other"
    assert [f.label for f in finding.fixes] == ["other = 1", "New leaf on other"]
    graph.apply(finding.fixes[1].make(graph))
    product = Evaluation(graph).value(node(graph, "mul").id)
    assert product is not None
    assert product.item() == 3.0


def test_what_waits_for_a_failure_is_not_found_fault_with():
    text = "x = tensor([[1.0, 2.0]])\nw = tensor([[4.0, 5.0]])\nc = x @ w\nd = exp(c)"
    assert list(advice(graph_of(text))) == ["c"]


def test_many_failures_are_all_said_and_the_first_ones_mended():
    lines = [f"c{i} = x @ w" for i in range(MOST_MENDED + 3)]
    text = "x = tensor([[1.0, 2.0]])\nw = tensor([[4.0, 5.0]])\n" + "\n".join(lines)
    found = advice(graph_of(text))
    assert len(found) == len(lines)
    assert sum(bool(findings[0].fixes) for findings in found.values()) == MOST_MENDED


WARNED = [
    (
        P + COLUMN + "c = mse_loss(p, y)", "c", "p [3] with y [3, 1]",
        "mse_loss(p, reshape(y, (3,)))",
    ),
    (P + COLUMN + "d = p - y\nc = mean(d ** 2)", "d", "[3, 3], not 3", "p - reshape(y, (3,))"),
    (SCORES + "c = softmax(x, dim=0)", "c", "dimension 0", "softmax(x, dim=-1)"),
    (SCORES + "s = softmax(x, dim=1)\nc = log(s)", "c", "log_softmax", "c = log_softmax(x, dim=1)"),
    (
        SCORES + "s = softmax(x, dim=1)\nc = cross_entropy(s, tensor([0, 1]))", "c",
        "log_softmax itself", "c = cross_entropy(x, [0, 1])",
    ),
    (
        SCORES + "s = softmax(x, dim=1)\nc = nll_loss(s, tensor([0, 1]))", "c",
        "logarithms", "s = log_softmax(x, dim=1)",
    ),
    (P + "r = sqrt(p - 1)\nc = sum(r)", "r", "has 1 at 0", "sqrt(p - 1 + 1e-12)"),
    ("a = tensor(7)\nb = tensor(2)\nc = a // b", "c", "7 and 2 give 3", "c = a / b"),
    ("a = tensor([7, 4])\nc = div(a, 2, rounding_mode='trunc')", "c", "drops", "c = a / 2"),
    (P + "q = tensor(2.0, requires_grad=True)\nc = sum(p)", "q", "read by nothing", "q = "),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "said", "written"), WARNED)
def test_what_is_legal_and_probably_wrong_is_warned_of(text, name, said, written):
    finding = only(text, name)
    assert finding.kind == "warning"
    assert name in finding.text
    assert said in finding.text
    graph = after(text, name, finding.fixes[0].label)
    node = graph.named(name) or graph.named("log_softmax")
    assert node is not None
    assert written in formula(graph) or written == "q = "
    assert name not in advice(graph)


def test_a_parameter_that_does_not_lead_to_the_chosen_output_is_warned_of():
    graph = graph_of(P + "q = tensor(2.0, requires_grad=True)\nh = q * 2\nc = sum(p)")
    graph.apply(compose.set_output(graph, None))
    assert advice(graph) == {}
    graph.apply(compose.set_output(graph, node(graph, "c").id))
    (finding,) = advice(graph)["q"]
    assert "does not lead to c" in finding.text
    graph.apply(finding.fixes[0].make(graph))
    assert advice(graph) == {}


def test_a_mean_of_nothing_is_warned_of():
    finding = only("a = tensor([])\nc = mean(a)", "c")
    assert "a [0] is empty" in finding.text


@pytest.mark.parametrize(
    "text",
    [
        P + "y = tensor([1.0, 2.0, 3.0])\nc = mse_loss(p, y)",
        P + "y = tensor(1.0)\nd = p - y\nc = mean(d ** 2)",
        P + COLUMN + "d = p - y\nc = max(d)",
        SCORES + "c = softmax(x, dim=1)",
        P + "c = softmax(p, dim=0)",
        P + "c = log(softmax(p, dim=0) + 1)",
        SCORES + "c = cross_entropy(x, tensor([0, 1]))",
        "a = tensor([0.0, 1.0])\nc = sqrt(a)",
        P + "c = sqrt(p)",
        "a = tensor([4, 8])\nc = a // 2",
        "a = tensor([5.0])\nc = a // 2",
        "a = tensor([5])\nc = a / 2",
        "q = tensor(2.0, requires_grad=True)",
        "a = tensor([1.0])\nc = mean(a)",
    ],
)
def test_what_is_meant_is_not_warned_of(text):
    assert advice(graph_of(text)) == {}
