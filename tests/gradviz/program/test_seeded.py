"""Random leaves as text: seeds in formulas, generators in PyTorch's programs, the same numbers."""

import numpy as np
import pytest

import gradviz as gv
from gradviz.graph import Graph
from gradviz.program import FormulaError, formula, source, update

TEXT = """x = randn((3, 7), seed=5)
y = rand((40,), seed=1, dtype=float64)
z = randint(0, 9, (2, 3), seed=2)
w = normal(1.0, 2.0, (4,), seed=3)
k = randn((2,))
J = sum(x) + mean(y)"""
CALLS = {
    "x": "gv.randn(3, 7, generator=g(5))",
    "y": "gv.rand(40, dtype=gv.float64, generator=g(1))",
    "z": "gv.randint(0, 9, (2, 3), generator=g(2))",
    "w": "gv.normal(1.0, 2.0, (4,), generator=g(3))",
    "k": "gv.randn(2, generator=g(0))",
}


def made(text: str) -> Graph:
    graph = Graph()
    graph.apply(update(graph, text))
    return graph


def seeded(seed: int) -> gv.Generator:
    return gv.Generator().manual_seed(seed)


@pytest.mark.parametrize("name", CALLS)
def test_the_numbers_are_those_of_a_generator_with_that_seed(name: str) -> None:
    graph = made(TEXT)
    node = graph.named(name)
    assert node is not None
    value = graph.evaluate().value(node.id)
    expected = eval(CALLS[name], {"gv": gv, "g": seeded})
    assert value is not None and value.dtype == expected.dtype
    np.testing.assert_array_equal(value.array, expected.array)


def test_formula_and_program_read_back_as_they_are() -> None:
    graph = made(TEXT)
    assert sorted(formula(graph).splitlines()) == sorted(TEXT.splitlines())
    written = source(graph)
    assert "torch.randn((3, 7), generator=torch.Generator().manual_seed(5))" in written
    assert "torch.randn((2,), generator=torch.Generator().manual_seed(0))" in written
    assert formula(made(written)) == formula(graph)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = randn(2, generator=g)", r"torch.Generator\(\).manual_seed\(7\)"),
        ("x = randn(2, seed=1.5)", "whole number|int"),
    ],
)
def test_what_is_no_seed_is_refused(text: str, said: str) -> None:
    with pytest.raises(FormulaError, match=said):
        made(text)
