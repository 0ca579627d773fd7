"""What ``out=`` may not share memory with: inputs that are still read while it is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradviz.ops.kinds import is_sequence
from gradviz.ops.spec import Array
from gradviz.ops.table import OPS
from gradviz.tensor.inplace import check_apart
from gradviz.tensor.tensor import Tensor

APART = frozenset(
    """
    cat column_stack concat concatenate dstack gather hstack index_add index_reduce index_select
    kthvalue masked_select row_stack scatter scatter_add stack take take_along_dim vstack
    """.split()  # noqa: SIM905
)
"""What reads inputs at other places than it writes: ``out`` may not be an input either."""
SAME_OR_APART = frozenset(
    "addmm aminmax cumprod cumsum lerp max min mode msort renorm sort topk where".split()  # noqa: SIM905
)
"""What, beside element-wise operations, takes an input as ``out``, but not a part of one."""
WHOLE_FIRST = frozenset("index_select masked_select scatter scatter_add take".split())  # noqa: SIM905
"""What looks at the memory of ``out``, beside element-wise operations, before it is resized."""


def tensors_among(values: Sequence[Any]) -> list[Tensor]:
    """The tensors among arguments, and among the members of lists that are arguments."""
    return [t for v in values for t in (v if is_sequence(v) else (v,)) if isinstance(t, Tensor)]


def check_before(name: str, target: Tensor) -> None:
    """Refuse an ``out`` several elements of which are one place, even if it will be resized."""
    if name in WHOLE_FIRST or _elementwise(name):
        check_apart(target)


def check_overlap(name: str, target: Tensor, inputs: Sequence[Tensor]) -> None:
    """PyTorch's error where writing into ``target`` would spoil what ``name`` still reads."""
    if not (name in APART or name in SAME_OR_APART or _elementwise(name)):
        return
    for tensor in inputs:
        same = tensor is target or lies_as(target.array, tensor.array)
        if same and name not in APART:
            continue
        if same or overlapping(target.array, tensor.array):
            raise RuntimeError(
                "unsupported operation: some elements of the input tensor and the written-to "
                "tensor refer to a single memory location. Please clone() the tensor before "
                "performing the operation."
            )


def _elementwise(name: str) -> bool:
    op = OPS.get(name)
    return op is not None and op.elementwise


def lies_as(first: Array, second: Array) -> bool:
    """Whether two arrays are the same elements of the same memory in the same order."""
    return (
        first.size > 0
        and first.__array_interface__["data"] == second.__array_interface__["data"]
        and first.shape == second.shape
        and first.strides == second.strides
    )


def overlapping(first: Array, second: Array) -> bool:
    """Whether two arrays without gaps lie on memory of one another."""
    whole = first.flags.forc and second.flags.forc
    return whole and bool(np.may_share_memory(first, second))
