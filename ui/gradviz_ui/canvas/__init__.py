"""The canvas: the document as cards and wires, and everything one does to it by hand."""

from .view import CanvasView

__all__ = ["CanvasView"]
