"""Names as they are shown: Greek letters, derivatives, marks in glyphs."""

import pytest

from gradviz.explain.names import latex_name, leaf_mark, node_mark, shown_name
from gradviz.graph import Node


@pytest.mark.parametrize(
    ("name", "shown"),
    [("theta1", "θ₁"), ("theta_12", "θ₁₂"), ("Delta", "Δ"), ("w", "w"), ("weight", "w"),
     ("b2", "b₂"), ("_", "_"), ("W1", "W₁")],
)  # fmt: skip
def test_a_leaf_is_marked_by_its_name_in_short(name, shown):
    assert leaf_mark(name) == shown


def test_a_power_shows_its_exponent():
    assert node_mark(Node("n", "pow", "pow", {}, {1: 12})) == "x¹²"


@pytest.mark.parametrize(
    ("name", "text", "latex"),
    [
        ("theta1", "theta1", r"\theta_{1}"),
        ("w_hidden", "w_hidden", r"\mathrm{w\_hidden}"),
        ("d_J_d_w", "∂J/∂w", r"\frac{\partial J}{\partial w}"),
        ("d2_J_d_x_d_x", "∂²J/∂x²", r"\frac{\partial^{2} J}{\partial x^{2}}"),
        ("d2_J_d_x_d_y", "∂²J/∂x∂y", r"\frac{\partial^{2} J}{\partial x \partial y}"),
    ],
)
def test_a_name_is_shown_as_mathematics(name, text, latex):
    assert shown_name(name) == text
    assert latex_name(name) == latex
