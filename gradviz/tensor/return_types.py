"""The types of results with several parts: named tuples, made from the table of operations."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from gradviz.ops.spec import Op
from gradviz.ops.table import OPS
from gradviz.tensor.tensor import Tensor


def _described(result: Any) -> str:
    """PyTorch's way to print such a result: a part a line."""
    parts = ",\n".join(f"{name}={part!r}" for name, part in result._asdict().items())
    return f"torch.return_types.{type(result).__name__}(\n{parts})"


def result_type(op: Op) -> type[tuple[Any, ...]]:
    """The named tuple that ``op`` returns: ``max(values, indices)``."""
    make: Any = namedtuple
    made = make(op.base_name, op.outputs)
    made.__repr__ = _described
    return made


def install_return_types() -> None:
    """Give each operation with several named outputs its own type of result."""
    for op in OPS.values():
        if len(op.outputs) > 1:
            Tensor.return_types[op.name] = result_type(op)
