"""How large a card is and where its parts lie, in plain numbers, so that a tidy layout and a
test need no painter."""

from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Literal

from gradviz.explain.names import shown_name
from gradviz.graph import Node
from gradviz.numbers import shape_text

from ..images import is_image
from ..sliders import has_slider

Point = tuple[float, float]
Shape = tuple[int, ...]
Look = Literal["number", "cells", "curve", "heat", "image"]
"""How a value is shown on a card: by its numbers, a curve of a vector, colours, as a picture."""

WIDTH = 148.0
WIDEST = 236.0
WIDEST_SHAPE = 96.0
PAD = 11.0
GLYPH = 22.0
HEADER = 34.0
ROW = 18.0
CELL = (40.0, 16.0)
THUMB = (86.0, 34.0)
IMAGE = (86.0, 72.0)
CURVE = 14.0
LABEL = 38.0
PORT_TOP = 37.0
PORT_PITCH = 24.0
ACROSS_PITCH = 30.0
"""Between ports on a card's upper or lower edge, at least."""
LETTER = 7.6
DIGIT = 6.8
"""Width of a letter of a name, and of a shape."""
ICON = 18.0
"""Room for a sign in a title: that it is the output, watched, or warned of."""
MOST_CELLS = 4
GAP_ALONG = 56.0
"""Between two layers of a tidy layout: room for a contribution on its wire."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle within a card, measured from the card's top-left corner."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, x: float, y: float, slack: float = 0.0) -> bool:
        """Whether a point lies inside, or within ``slack`` of it."""
        inside = self.x - slack <= x <= self.x + self.width + slack
        return inside and self.y - slack <= y <= self.y + self.height + slack


@dataclass(frozen=True, slots=True)
class CardPlan:
    """Where the parts of a card lie.

    ``look``: how its value is shown there.
    """

    width: float
    height: float
    title: Box
    value: Box
    grad: Box
    inputs: tuple[Point, ...]
    outputs: tuple[Point, ...]
    slider: Box | None = None
    shape: Box | None = None
    look: Look = "number"
    down: bool = False


def grid_of(shape: Shape) -> tuple[int, int]:
    """Rows and columns in which a tensor is shown: all but the last dimension go down."""
    return (prod(shape[:-1]), shape[-1]) if shape else (1, 1)


def title_suffix(node: Node) -> str:
    """The number typed on the last port, where a card's name reads on into it: ``pow 2``."""
    ports, stem = node.spec.ports, node.name.rstrip("0123456789_")
    if len(ports) < 2 or tuple(node.literals) != (len(ports) - 1,) or stem != node.spec.base_name:
        return ""
    return f"{node.literals[len(ports) - 1]:g}".replace("-", "\N{MINUS SIGN}")


def input_count(node: Node, wires: int = 0) -> int:
    """How many inputs a card shows; a variadic port has one free place after its wires."""
    ports = node.spec.ports
    return max(len(ports), wires + 1) if ports and ports[-1].variadic else len(ports)


def plan_of(
    node: Node,
    shape: Shape | None = None,
    wires: int = 0,
    failed: bool = False,
    graded: bool = True,
    down: bool = False,
) -> CardPlan:
    """The plan of a node's card.

    ``shape``: of its value, None where it has none. ``wires``: the number of its wired inputs.
    ``failed``: whether it shows a message in place of a value. ``graded``: whether a gradient
    may come to it; where none can, no room is kept for its picture. ``down``: whether wires run
    down, so that inputs are on its upper edge and outputs on its lower one.
    """
    letters = len(shown_name(node.name)) + (len(title_suffix(node)) + 2 if node.literals else 0)
    slider = shape == () and has_slider(node)
    look = look_of(shape or (), image=is_image(node, shape))
    counts = (input_count(node, wires), len(node.spec.outputs))
    return _plan(letters, shape or (), counts, look, (slider, failed, graded, down))


def group_plan(
    name: str,
    shape: Shape | None,
    counts: tuple[int, int],
    failed: bool,
    graded: bool,
    down: bool = False,
) -> CardPlan:
    """The plan of a collapsed group's card; ``counts`` are those of its inputs and outputs."""
    look = look_of(shape or ())
    return _plan(len(name), shape or (), counts, look, (False, failed, graded, down))


@lru_cache(maxsize=4096)
def _plan(
    letters: int,
    shape: Shape,
    counts: tuple[int, int],
    look: Look,
    kind: tuple[bool, bool, bool, bool],
) -> CardPlan:
    slider, failed, graded, down = kind
    picture = _picture(shape, look)
    needed = 2 * PAD + LABEL + picture[0] if shape else 0.0
    extent = min(DIGIT * len(shape_text(shape)) + 6, WIDEST_SHAPE) if shape else 0.0
    named = 2 * PAD + GLYPH + 24 + LETTER * letters + ICON + extent
    width = max(200.0 if failed else WIDTH, needed, min(named, WIDEST))
    if down:
        width = max(width, ACROSS_PITCH * (max(counts) + 1))
    block = max(ROW, picture[1] + 4)
    value = Box(PAD, HEADER, width - 2 * PAD, block)
    grad = Box(PAD, HEADER + block, width - 2 * PAD, block if graded else ROW)
    end = grad.y + grad.height
    title = Box(PAD + GLYPH + 8, 8.0, width - 2 * PAD - GLYPH - 8 - extent, GLYPH)
    beside = Box(title.x + title.width, 8.0, extent, GLYPH) if shape else None
    groove = Box(PAD + 2, end + 4, width - 2 * PAD - 4, 14.0) if slider else None
    bottom = end + (17.0 if groove else 0.0) + 8
    height = bottom if down else max(bottom, _reach(counts[0]), _reach(counts[1]))
    inputs, outputs = _ports(counts[0], 0.0), _ports(counts[1], width)
    if down:
        inputs, outputs = (
            _ports_across(counts[0], width, 0.0),
            _ports_across(counts[1], width, height),
        )
    return CardPlan(width, height, title, value, grad, inputs, outputs, groove, beside, look, down)


def look_of(shape: Shape, image: bool = False) -> Look:
    """How a value of that shape is shown; ``image``: whether it is a picture's."""
    rows, columns = grid_of(shape)
    if not shape:
        return "number"
    if 0 < rows <= MOST_CELLS and 0 < columns <= MOST_CELLS:
        return "cells"
    if image:
        return "image"
    return "curve" if len(shape) == 1 and columns else "heat"


def _picture(shape: Shape, look: Look) -> tuple[float, float]:
    """Width and height of a tensor's picture."""
    rows, columns = grid_of(shape)
    if look == "number" or not rows or not columns:
        return 0.0, 0.0
    if look == "cells":
        return columns * CELL[0], rows * CELL[1]
    if look == "curve":
        return THUMB[0], CURVE
    if look == "image":
        side = min(IMAGE[0] / shape[2], IMAGE[1] / shape[1])
        return max(shape[2] * side, 6.0), max(shape[1] * side, 6.0)
    if rows == 1:
        return min(columns * CELL[1], THUMB[0]), 12.0
    side = min(THUMB[0] / columns, THUMB[1] / rows, 12.0)
    # A long thin matrix is stretched: a line one pixel wide says nothing.
    return max(columns * side, min(THUMB[0], columns * 10.0)), max(rows * side, 12.0)


def picture_box(area: Box, shape: Shape, look: Look) -> Box:
    """Where a tensor's picture lies in the box of its row: at its right end."""
    width, height = _picture(shape, look)
    return Box(area.x + area.width - width, area.y + (area.height - height) / 2, width, height)


def _pitch(count: int) -> float:
    return PORT_PITCH if count <= 2 else 18.0


def _reach(count: int) -> float:
    """The height a card must have for its ports."""
    return 30.0 + _pitch(count) * (count - 1) + 18.0 if count > 2 else 0.0


def _ports_across(count: int, width: float, y: float) -> tuple[Point, ...]:
    """Ports spread evenly along an edge."""
    return tuple((round(width * (i + 1) / (count + 1)), y) for i in range(count))


def _ports(count: int, x: float) -> tuple[Point, ...]:
    if count == 1:
        return ((x, 48.0),)
    top = PORT_TOP if count == 2 else 30.0
    return tuple((x, top + _pitch(count) * i) for i in range(count))
