"""The table of all operations, gathered from the files of their families."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gradviz.ops import (
    arithmetic,
    casting,
    comparison,
    creation,
    cumulative,
    functions,
    joining,
    linalg,
    order,
    parts,
    reductions,
    shape,
    statistics,
)
from gradviz.ops.spec import Op

FAMILIES = (
    creation,
    arithmetic,
    functions,
    comparison,
    reductions,
    cumulative,
    order,
    statistics,
    shape,
    casting,
    joining,
    parts,
    linalg,
)

OPS: Mapping[str, Op] = MappingProxyType(
    {op.name: op for family in FAMILIES for op in vars(family).values() if isinstance(op, Op)}
)
