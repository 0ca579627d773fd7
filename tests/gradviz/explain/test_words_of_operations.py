"""The usual operations are each told in words of their own, with numbers, and none like another."""

import re

import numpy as np
import pytest

from gradviz.explain import Explanation, explain_moment
from gradviz.graph import AddNode, AddWire, Evaluation, Graph, Node, Ones, Wire, walk_back
from gradviz.ops.table import OPS

USUAL = [
    "add", "sub", "mul", "div", "neg", "pow", "abs", "exp", "log", "sqrt", "rsqrt", "square",
    "reciprocal", "sin", "cos", "tan", "tanh", "sigmoid", "relu", "leaky_relu", "elu", "gelu",
    "silu", "softplus", "log1p", "expm1", "maximum", "minimum", "clamp", "where", "sum", "mean",
    "prod", "max", "min", "max.dim", "min.dim", "amax", "amin", "var", "std", "logsumexp",
    "softmax", "log_softmax", "cumsum", "norm", "matmul", "mm", "mv", "bmm", "dot", "outer",
    "linear", "conv1d", "conv2d", "max_pool2d", "avg_pool2d", "layer_norm", "batch_norm",
    "reshape", "view", "flatten", "squeeze", "unsqueeze", "transpose", "permute", "t", "expand",
    "repeat", "cat", "stack", "getitem", "select", "index_select", "gather", "flip", "pad",
    "mse_loss", "l1_loss", "smooth_l1_loss", "binary_cross_entropy",
    "binary_cross_entropy_with_logits", "cross_entropy", "nll_loss", "embedding",
]  # fmt: skip
BARE = re.compile(r"^\w+ is sent |^A unit of ")
"""How a paragraph begins that says nothing of the operation."""
MOVES = "only gets another place"
"""What all operations that only move elements share, and may."""


def told(name: str) -> Explanation:
    """The step through an operation on its first example, with ones arriving."""
    op = OPS[name]
    graph = Graph()
    example = op.examples[0]
    ports = (value if isinstance(value, tuple) else (value,) for value in example.inputs)
    inputs = [value for port in ports for value in port]
    arrays = {port: value for port, value in enumerate(inputs) if isinstance(value, np.ndarray)}
    literals = {p: v for p, v in enumerate(inputs) if v is not None and p not in arrays}
    for port, value in arrays.items():
        attrs = {"data": value, "requires_grad": value.dtype.kind == "f"}
        graph.apply(AddNode(Node(f"x{port}", "tensor", f"x{port}", attrs)))
    graph.apply(AddNode(Node("op", name, "y", dict(example.attrs), literals)))
    for port in arrays:
        graph.apply(AddWire(Wire(f"x{port}", "op", port)))
    evaluation = Evaluation(graph)
    walk = walk_back(evaluation, "op", Ones())
    return explain_moment(evaluation, walk, 2)


@pytest.mark.parametrize("name", USUAL)
def test_a_usual_operation_is_told_in_its_own_words_with_numbers(name: str) -> None:
    found = told(name)
    sent = [p for p in found.sentences[1:] if any(s.text.startswith(" is sent") for s in p)]
    assert len(sent) == sum(row.needed for row in found.rows) > 0
    for paragraph in sent:
        text = "".join(span.text for span in paragraph)
        assert not BARE.match(text), text
        numbers = [s.text for s in paragraph if s.kind == "gradient"]
        assert numbers and all(re.search(r"\d\.\d", number) for number in numbers), text


def test_no_two_kinds_of_operation_share_their_words() -> None:
    words: dict[tuple[str, ...], str] = {}
    for name in USUAL:
        op = OPS[name]
        meanings = tuple(op.meaning[p.name] for p in op.ports if p.grad is not None)
        if any(MOVES in text for text in meanings):
            continue
        other = words.setdefault(meanings, name)
        assert other == name or OPS[other].category == op.category, (other, name)
    assert len(words) > 60


def test_every_operation_that_can_be_added_has_words_for_each_gradient() -> None:
    silent = [
        f"{op.name}.{port.name}"
        for op in OPS.values()
        for port in op.ports
        if op.addable and port.grad not in (None, "not_implemented()")
        if not op.meaning.get(port.name)
    ]
    assert silent == []


def test_a_large_gradient_is_told_by_its_shape_and_its_range() -> None:
    assert "x0 is sent a (2, 2, 3) tensor from −1.000 to 2.000." in told("bmm").text()
    assert "arrives is the seed, a (2, 4) tensor of 1.000 throughout" in told("linear").text()
