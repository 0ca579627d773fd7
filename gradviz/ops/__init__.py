"""The catalogue of operations; see :mod:`gradviz.ops.spec` for what an operation is."""

from gradviz.ops.spec import Attr, Example, Op, Port, example
from gradviz.ops.table import FAMILIES, OPS

__all__ = ["FAMILIES", "OPS", "Attr", "Example", "Op", "Port", "example"]
