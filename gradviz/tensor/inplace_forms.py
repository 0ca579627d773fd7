"""In-place forms beyond those of element-wise operations: views, comparisons, compositions.

``x.squeeze_()`` makes ``x`` the view of itself; ``x.eq_(y)`` writes what no gradient flows
through; ``x.lerp_(y, w)`` writes what a composition of operations gives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from gradviz.autograd.inference import check_written
from gradviz.ops.spec import Op
from gradviz.tensor.binding import resolve
from gradviz.tensor.inplace import check_leaf, overwrite, write
from gradviz.tensor.tensor import Tensor

VIEWS = ("squeeze", "unsqueeze", "transpose", "t", "swapaxes", "swapdims")
COMPARISONS = {
    "eq": "eq", "ge": "ge", "greater": "gt", "greater_equal": "ge", "gt": "gt", "le": "le",
    "less": "lt", "less_equal": "le", "lt": "lt", "ne": "ne", "not_equal": "ne",
}  # fmt: skip
LOGIC = (
    "bitwise_and", "bitwise_not", "bitwise_or", "bitwise_xor", "logical_and", "logical_not",
    "logical_or", "logical_xor",
)  # fmt: skip
COMPOSED = (
    "addbmm", "addcdiv", "addcmul", "addr", "float_power", "ldexp", "lerp", "polygamma", "renorm",
)  # fmt: skip
NO_DETACHED_VIEW = (
    "Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel "
    "(DDP) for training, and gradient_as_bucket_view is set as True, gradients are views of DDP "
    "buckets, and hence detach_() cannot be called on these gradients. To fix this error, please "
    "refer to the Optimizer.zero_grad() function in torch/optim/optimizer.py as the solution."
)


def view_method(name: str) -> Callable[..., Any]:
    """``x.squeeze_()``: ``x`` in another shape, on the same memory."""

    def method(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        check_written(self._counter)  # pyright: ignore[reportPrivateUsage]
        check_leaf(self)
        take_place(self, getattr(Tensor, name)(self, *args, **kwargs))
        return self

    return method


def take_place(tensor: Tensor, view: Tensor) -> None:
    """Have ``tensor`` be what a ``view`` of it is."""
    tensor.array = view.array
    if view.requires_grad:
        tensor.settle(*view.tape_key())
    if tensor._view is not None:  # pyright: ignore[reportPrivateUsage]
        tensor._view = view._view  # pyright: ignore[reportPrivateUsage]
    tensor.bump_version()
    tensor._seen = tensor._counter[0]  # pyright: ignore[reportPrivateUsage]


@cache
def without_slope(op: Op, overload: int) -> Op:
    """``op`` with a gradient of zeros, as its in-place form has in PyTorch."""
    title = "".join(word.capitalize() for word in op.base_name.split("_"))
    first, *others = op.ports
    ports = (replace(first, grad="zeros_like(g)"), *others)
    return replace(op, ports=ports, backward_name=f"{title}Backward{overload}")


def comparison_method(name: str) -> Callable[..., Any]:
    """``x.eq_(y)``: 1 where it holds, 0 elsewhere, in the tensor's own type."""

    def method(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        op, (inputs, attrs) = resolve(COMPARISONS[name], (self, *args), kwargs)
        return write(without_slope(op, int(isinstance(inputs[1], Tensor))), inputs, attrs)

    return method


def logic_method(name: str) -> Callable[..., Any]:
    """``x.logical_and_(y)``: 1 where it holds, 0 elsewhere, in the tensor's own type."""

    def method(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        op, (inputs, attrs) = resolve(name, (self, *args), kwargs)
        return write(op, inputs, attrs)

    return method


def composed_method(name: str) -> Callable[..., Any]:
    """``x.lerp_(y, w)``: what the method without the underscore gives, written into ``x``."""

    def method(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        compute: Callable[..., Tensor] = getattr(Tensor, name)
        return overwrite(self, lambda: compute(self, *args, **kwargs))

    return method


def detach_(self: Tensor) -> Tensor:
    """Cut this very tensor from the tape."""
    if self._view is not None:  # pyright: ignore[reportPrivateUsage]
        raise RuntimeError(NO_DETACHED_VIEW)
    self._node, self._output = None, 0  # pyright: ignore[reportPrivateUsage]
    self._requires_grad = self._retains = False  # pyright: ignore[reportPrivateUsage]
    return self


def fill_diagonal_(self: Tensor, fill_value: float, wrap: bool = False) -> Tensor:
    """Fill the main diagonal; with ``wrap`` again from the top of a tall matrix."""
    shape = self.array.shape
    if len(shape) < 2:
        raise RuntimeError("dimensions must larger than 1")
    if len(shape) > 2 and len(set(shape)) > 1:
        raise RuntimeError("all dimensions of input must be of equal length")
    mask = np.zeros(shape, np.bool_)
    np.fill_diagonal(mask, True, wrap=wrap)
    method: Callable[..., Tensor] = self.masked_fill_
    return method(Tensor.wrap(mask), fill_value)


def apply_(self: Tensor, callable: Callable[[Any], Any]) -> Tensor:
    """Replace each element by what a function makes of it, one call an element."""
    return mapped_into(self, "apply_", callable, ())


def map_(self: Tensor, tensor: Tensor, callable: Callable[[Any, Any], Any]) -> Tensor:
    """Replace each element by what a function makes of it and of another tensor's."""
    return mapped_into(self, "map_", callable, (tensor,))


def map2_(self: Tensor, x: Tensor, y: Tensor, callable: Callable[..., Any]) -> Tensor:
    """Replace each element by what a function makes of it and of two other tensors'."""
    return mapped_into(self, "map2_", callable, (x, y))


def mapped_into(
    tensor: Tensor, name: str, function: Callable[..., Any], others: tuple[Tensor, ...]
) -> Tensor:
    """Write ``function`` of the elements, one by one, into ``tensor``."""
    if any(t.requires_grad for t in (tensor, *others)):
        raise RuntimeError(
            f"Can't call {name}() on Variable that requires grad. Use "
            f"var.detach().{name}() instead."
        )
    rows = [np.broadcast_to(t.array, tensor.array.shape).ravel().tolist() for t in others]
    values = [function(*row) for row in zip(tensor.array.ravel().tolist(), *rows, strict=True)]
    tensor.array[...] = np.array(values, tensor.array.dtype).reshape(tensor.array.shape)
    tensor.bump_version()
    return tensor


def install_in_place_forms() -> None:
    """Give tensors these methods."""
    makers = {view_method: VIEWS, comparison_method: tuple(COMPARISONS), logic_method: LOGIC,
              composed_method: COMPOSED}  # fmt: skip
    for make, names in makers.items():
        for name in names:
            if not hasattr(Tensor, f"{name}_") and hasattr(Tensor, name):
                method = make(name)
                method.__name__ = f"{name}_"
                method.__doc__ = f"See PyTorch's torch.Tensor.{name}_."
                setattr(Tensor, f"{name}_", method)
    for method in (detach_, fill_diagonal_, apply_, map_, map2_):
        setattr(Tensor, method.__name__, method)
