"""What a formula may not say, and how the refusal points at it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradviz.graph import Graph
from gradviz.program import MAX_CHARACTERS, FormulaError, update


def refusal(text: str) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        update(Graph(), text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "marked", "said"),
    [
        (
            "J = sofmax(x, dim=1)",
            "sofmax",
            "there is no function 'sofmax'; did you mean 'softmax'?",
        ),
        ("y = 1\nJ = torch.sin(y) + foo(y)", "foo", "there is no function 'foo'"),
        ("J = softmax(x)", "softmax(x)", 'missing 1 required positional arguments: "dim"'),
        ("J = θ + y.shape", "y.shape", "tensors have .T"),
        ("J = x +", " ", "this cannot be read"),
        ("J = 2 − x", "−", "write -"),
        ("J = (x + 1", "(", "was never closed"),
        ("J = x ^ 2", "x ^ 2", "a power is written '**'"),
        ("J = 0 < x < 1", "0 < x < 1", "one comparison at a time"),
        ("J = x and y", "x and y", "write a & b"),
        ("J = x if y else z", "x if y else z", "where(condition, a, b)"),
        ("x = x + 1", "x", "would depend on itself"),
        ("J = y + 1\ny = 2", "y", "only given on line 2"),
        ("J = max(x, dim=1) + 1", "max(x, dim=1)", "take one with .values"),
        ("J = mse_loss(x, y, reduction='summ')", "mse_loss", "did you mean 'sum'?"),
        ("J = x + [[1, 2], [3]]", "x + [[1, 2], [3]]", "expected sequence of length 2"),
        ("x = [1, y]", "[1, y]", "stack([a, b])"),
        ("J = 1 / 0 + x", "1 / 0", "divides by zero"),
        ("J = (-8) ** 0.5", "(-8) ** 0.5", "no real number"),
        ("  J = x", " ", "left edge"),
        ("a, b = x", "x", "one value"),
        ("tensor([1, 2], requires_grad=True)", "tensor", "floating-point"),
        ("J = x['a']", "x['a']", "an index is"),
        ("import torch\ny = z + 1", "z", "given nowhere"),
    ],
)
def test_an_error_points_at_what_is_wrong_and_says_what_would_be_right(
    text: str, marked: str, said: str
) -> None:
    error = refusal(text)
    line = text.splitlines()[error.line - 1] + " "
    assert line[error.column : error.column + error.length].startswith(marked)
    assert said in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')", "import os", "from os import path", "x.__class__", "x.sin.__globals__",
        "open('a')", "eval('1')", "exec('1')", "print(x)", "getattr(x, 'T')", "lambda: 1",
        "[i for i in x]", "(i for i in x)", "{1: 2}", "{1}", "f'{x}'", "(y := x)", "f(*x)",
        "sin(**x)", "x += 1", "x: int = 1", "del x", "def f(): pass", "class A: pass",
        "for i in x: i", "while x: x", "if x: x", "with x: x", "x.y = 1", "x[0] = 1", "torch = 1",
        "__x = 1", "J = __builtins__", "torch.load('x')", "x.numpy()", "x.item()", "x.backward",
        "math.__dict__", "torch.nn.functional.__dict__", "'a' * 10", "x @ 'a'", "assert x",
        "global x", "return x", "raise x", "try: x\nexcept: x", "await x", "J = 1j * x", "b'a'",
    ],
)  # fmt: skip
def test_nothing_but_formulas_is_read(text: str) -> None:
    assert str(refusal(text))


@pytest.mark.parametrize(
    "text",
    [
        "10**10**10", "2**64", "9223372036854775807 + 1", "9" * 30, "9" * 5000, "1e308 * 10.0**400",
        "zeros(10**9)", "ones((100000, 100000))", "full((10**5, 10**5), 1.0)", "eye(10**5)",
        "arange(0, 1e12)", "linspace(0, 1, 10**9)", "expand(x, (10**6, 10**6))",
        "(" * 10_000, "(" * 10_000 + "x" + ")" * 10_000, "-" * 50_000 + "x", "x+" * 30_000 + "x",
        "[" * 90 + "1" + "]" * 90, "sin(" * 5000, "x" + "[0]" * 5000, "x" + ".T" * 50_000,
        "#" * (MAX_CHARACTERS + 1), "\x00", "\ud800", "x" * 101,
    ],
)  # fmt: skip
def test_what_is_too_large_or_too_deep_is_refused_and_not_attempted(text: str) -> None:
    assert str(refusal(text))


WORDS = [
    "J", "x", "sin", "max", "cat", "torch", "tensor", "zeros", "dim", "T", "values", " ", "\n", "=",
    "+", "-", "**", "*", "/", "//", "%", "@", "<", "==", "&", "|", "~", "^", "(", ")", "[", "]",
    ",", ":", ".", "...", "0", "1", "2.5", "1e9", "None", "True", "inf", "'a'", "import", "lambda",
    "#", "\t", "θ", "−", "{", "}", "F", "[[1, 2], [3, 4]]", "(x)", "x = ", "J = ",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=14).map("".join) | st.text(max_size=40))
def test_no_text_raises_anything_but_a_formula_error(text: str) -> None:
    graph = Graph()
    try:
        graph.apply(update(graph, text))
    except FormulaError as error:
        lines = text.splitlines() or [""]
        assert 1 <= error.line <= len(lines) + 1
        assert error.column >= 0 and error.length >= 1
