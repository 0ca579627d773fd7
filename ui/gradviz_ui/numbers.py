"""Numbers as text, as the engine's explanations write them too."""

from gradviz.numbers import MINUS, full, shape_text, short

__all__ = ["MINUS", "full", "shape_text", "short"]
