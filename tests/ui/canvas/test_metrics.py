"""Sizes and places on a card, and numbers for little room."""

import math

import numpy as np
import pytest

from gradviz.graph import Node
from gradviz_ui.canvas.heat import picture
from gradviz_ui.canvas.metrics import WIDEST, WIDTH, picture_box, plan_of
from gradviz_ui.canvas.naming import cell_text
from gradviz_ui.theme import qcolor, theme_named

SHAPES = [(), (3,), (200,), (4, 4), (3, 1), (40, 2), (2, 40), (100, 100), (2, 3, 4), (0,), (3, 0)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("wires", [0, 2, 9])
def test_every_part_lies_within_its_card(shape, wires):
    plan = plan_of(Node("n", "stack", "stack"), shape, wires)
    assert len(plan.inputs) == wires + 1
    boxes = [plan.title, plan.value, plan.grad, plan.shape, plan.slider]
    for box in (b for b in boxes if b is not None):
        assert box.x >= 0 and box.x + box.width <= plan.width
        assert box.y >= 0 and box.y + box.height <= plan.height
    assert all(0 < y < plan.height for _, y in plan.inputs + plan.outputs)
    if shape:
        inner = picture_box(plan.value, shape, plan.look)
        assert inner.x >= plan.value.x and inner.height <= plan.value.height


def test_a_scalar_parameter_has_a_slider_and_a_constant_none():
    leaf = {"data": np.float32(1.0), "requires_grad": True}
    assert plan_of(Node("n", "tensor", "w", leaf), ()).slider is not None
    assert plan_of(Node("n", "tensor", "w", leaf), (3,)).slider is None
    assert plan_of(Node("n", "tensor", "x", {"data": np.float32(1.0)}), ()).slider is None


def test_a_long_name_widens_a_card_only_so_far():
    assert plan_of(Node("n", "mul", "mul"), ()).width == WIDTH
    assert WIDTH < plan_of(Node("n", "mul", "a_rather_long_name"), ()).width <= WIDEST
    assert plan_of(Node("n", "mul", "x" * 100), ()).width == WIDEST


@pytest.mark.parametrize("value", [0.1, -0.099004, 123456.7, -1.5e-12, 3.0, -88888.0, 1e300, 2e-5])
def test_numbers_in_cells_are_at_most_six_characters_and_near_the_truth(value):
    text = cell_text(value)
    assert len(text) <= 7 if abs(value) > 1e100 else len(text) <= 6
    assert float(text.replace("−", "-")) == pytest.approx(value, rel=0.1)


def test_cells_say_what_is_no_number():
    assert [cell_text(v) for v in (math.nan, math.inf, -math.inf)] == ["nan", "∞", "−∞"]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_picture_has_a_pixel_for_each_element_and_marks_nan(name):
    theme = theme_named(name)
    image = picture(np.array([[0.0, 1.0, np.nan]]), theme, "val")
    assert (image.width(), image.height()) == (3, 1)
    assert image.pixelColor(1, 0) == qcolor(theme.val)
    assert image.pixelColor(2, 0) == qcolor(theme.error)


def test_a_large_tensors_picture_stays_small():
    image = picture(np.zeros((3000, 5000)), theme_named("light"), "val")
    assert image.width() <= 200 and image.height() <= 100
