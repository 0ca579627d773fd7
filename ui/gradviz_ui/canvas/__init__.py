"""The canvas: the document as cards and wires, and everything one does to it by hand."""

from .metrics import card_size
from .view import CanvasView

__all__ = ["CanvasView", "card_size"]
