"""Layered layout: where the cards of a graph go and how the wires between them run.

Knows boxes and links only, so that the canvas, the exporters and the commands without a
display all lay a graph out the same way.
"""

from gradviz.layout.model import (
    Box,
    LayoutCancelled,
    LayoutError,
    Link,
    Placement,
    Point,
)
from gradviz.layout.placing import Direction, place

__all__ = [
    "Box",
    "Direction",
    "LayoutCancelled",
    "LayoutError",
    "Link",
    "Placement",
    "Point",
    "place",
]
