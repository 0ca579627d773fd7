"""The table of all operations, gathered from the files of their families."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gradviz.ops import (
    activations,
    arithmetic,
    casting,
    classification,
    comparison,
    convolution,
    creation,
    cumulative,
    einsum,
    exponentials,
    functions,
    gathering,
    indexing,
    joining,
    linalg,
    losses,
    masking,
    moving,
    order,
    parts,
    polynomials,
    products,
    reductions,
    rounding,
    scatter,
    shape,
    signs,
    softmax,
    specials,
    statistics,
    stopping,
    trigonometry,
    writing,
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
    rounding,
    activations,
    softmax,
    losses,
    classification,
    shape,
    casting,
    joining,
    parts,
    linalg,
    indexing,
    gathering,
    scatter,
    masking,
    writing,
    moving,
    einsum,
    products,
    stopping,
    convolution,
    trigonometry,
    exponentials,
    signs,
    specials,
    polynomials,
)

OPS: Mapping[str, Op] = MappingProxyType(
    {op.name: op for family in FAMILIES for op in vars(family).values() if isinstance(op, Op)}
)
