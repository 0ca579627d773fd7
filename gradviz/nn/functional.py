"""Operations for neural networks as functions: ``torch.nn.functional``.

They come from the table of operations: each whose public path is here is one. Written out are
only those whose arguments differ from the operation's own.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

from gradviz.nn.composed import (
    aligning,
    attention,
    bags,
    distances,
    dropping,
    fractions,
    looking_up,
    losses,
    norms,
    pooling,
    randomly,
    resizing,
    sampling,
    weighing,
)
from gradviz.ops.dtypes import dtype as DType
from gradviz.ops.table import OPS
from gradviz.tensor import Tensor
from gradviz.tensor.binding import public_function, resolve
from gradviz.tensor.inplace import write

PREFIX = "torch.nn.functional."
IN_PLACE = ("relu", "leaky_relu", "elu", "hardtanh", "threshold", "selu", "celu")
COMPOSED = (
    pooling, resizing, looking_up, norms, dropping, distances, losses, attention, weighing,
    aligning, sampling, bags, randomly, fractions,
)  # fmt: skip
ACTIVATIONS = (
    "relu", "leaky_relu", "elu", "silu", "relu6", "hardtanh", "hardsigmoid", "hardswish",
    "threshold", "selu", "celu", "mish",
)  # fmt: skip


def table_names() -> frozenset[str]:
    """The names of the table's operations whose place is here."""
    return frozenset(op.base_name for op in OPS.values() if op.public_path.startswith(PREFIX))


def _implicit_dim(name: str, rank: int) -> int:
    """The dimension that PyTorch takes where none is given, with its warning."""
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include "
        "dim=X as an argument.",
        UserWarning, stacklevel=3,
    )  # fmt: skip
    return 0 if rank in (0, 1, 3) else 1


def softmax(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: DType | None = None
) -> Tensor:
    """Shares that sum to one along ``dim``; leaving ``dim`` out is deprecated."""
    chosen = _implicit_dim("softmax", input.array.ndim) if dim is None else dim
    return public_function("softmax")(input, chosen, dtype)


def log_softmax(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: DType | None = None
) -> Tensor:
    """The logarithm of softmax along ``dim``; leaving ``dim`` out is deprecated."""
    chosen = _implicit_dim("log_softmax", input.array.ndim) if dim is None else dim
    return public_function("log_softmax")(input, chosen, dtype)


def softmin(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: DType | None = None
) -> Tensor:
    """Softmax of the input with its sign changed; leaving ``dim`` out is deprecated."""
    chosen = _implicit_dim("softmin", input.array.ndim) if dim is None else dim
    return public_function("softmax")(public_function("neg")(input), chosen, dtype)


def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + e⁻ˣ) of each element."""
    return public_function("sigmoid")(input)


def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent of each element."""
    return public_function("tanh")(input)


def _activation(name: str) -> Callable[..., Tensor]:
    """An activation that can write its result over its input."""
    compute = public_function(name)

    def function(input: Tensor, *args: Any, inplace: bool = False, **kwargs: Any) -> Tensor:
        if not inplace:
            return compute(input, *args, **kwargs)
        op, (inputs, attrs) = resolve(name, (input, *args), kwargs)
        return write(op, inputs, attrs)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = compute.__doc__
    return function


def composed(name: str) -> Callable[..., Any] | None:
    """The function called ``name`` that is made of several operations."""
    return next((getattr(file, name) for file in COMPOSED if name in file.__all__), None)


def __getattr__(name: str) -> Callable[..., Any]:
    function = composed(name)
    if function is not None:
        globals()[name] = function
        return function
    if name in ACTIVATIONS:
        globals()[name] = function = _activation(name)
        return function
    if name.endswith("_") and name[:-1] in IN_PLACE:
        globals()[name] = function = partial(_activation(name[:-1]), inplace=True)
        return function
    if name not in table_names():
        raise AttributeError(f"module 'gradviz.nn.functional' has no attribute '{name}'")
    globals()[name] = function = public_function(name)
    return function


def __dir__() -> list[str]:
    return sorted(
        {*globals(), *table_names(), *ACTIVATIONS, *(n for f in COMPOSED for n in f.__all__)}
    )
