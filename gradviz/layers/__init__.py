"""Layers of `gradviz.nn` as pieces of a graph: a table of them, and how one is made."""

from gradviz.layers.making import make_layer
from gradviz.layers.spec import Layer, settings_for
from gradviz.layers.table import LAYERS

__all__ = ["LAYERS", "Layer", "make_layer", "settings_for"]
