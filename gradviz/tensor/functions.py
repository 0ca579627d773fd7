"""Functions of the package that are no operations: questions, copies, and in-place forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradviz.ops.dtypes import FLOATING, dtype, result_type_of
from gradviz.ops.kinds import is_sequence
from gradviz.tensor import kinds, layouts, sources, storage
from gradviz.tensor.composed import call
from gradviz.tensor.conversion import truth
from gradviz.tensor.size import Size
from gradviz.tensor.tensor import Tensor


def is_tensor(value: object) -> bool:
    """Whether ``value`` is a tensor."""
    return isinstance(value, Tensor)


def numel(input: Tensor) -> int:
    """How many elements ``input`` has."""
    return input.array.size


def equal(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape and elements."""
    return kinds.equal(input, other)


def detach(input: Tensor) -> Tensor:
    """``input`` cut from the tape, on the same memory."""
    return input.detach()


def result_type(tensor: Any, other: Any) -> dtype:
    """The type of an element-wise result of two tensors or numbers."""
    return result_type_of([getattr(v, "array", v) for v in (tensor, other)])


def can_cast(from_: dtype, to: dtype) -> bool:
    """Whether PyTorch writes results of the type ``from_`` into tensors of the type ``to``."""
    return from_.category <= to.category


def is_floating_point(input: Tensor) -> bool:
    """Whether the elements are floating-point numbers."""
    return input.dtype.category == FLOATING


def is_complex(input: Tensor) -> bool:
    """False: complex types are not offered."""
    return False


def is_nonzero(input: Tensor) -> bool:
    """Whether the only element is not zero."""
    return truth(input)


def is_signed(input: Tensor) -> bool:
    """Whether the type holds negative numbers."""
    return input.dtype.is_signed


def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape."""
    return input.array.shape == other.array.shape


def resolve(input: Tensor) -> Tensor:
    """The tensor itself, which is real and whose sign is in its elements."""
    return input


def adjoint(input: Tensor) -> Tensor:
    """Each matrix of a stack transposed."""
    return kinds.adjoint(input)


def imag(input: Tensor) -> Tensor:
    """Refused: the elements are real."""
    return kinds.imaginary(input)


def typename(obj: Any) -> str:
    """The name of the type of ``obj``; of a tensor with its data type."""
    if isinstance(obj, Tensor):
        return obj.type()
    module = getattr(obj, "__module__", "") or ""
    name = getattr(obj, "__qualname__", None) or type(obj).__qualname__
    return name if module in ("", "builtins", "__builtin__") else f"{module}.{name}"


def broadcast_shapes(*shapes: Any) -> Size:
    """The shape that tensors of these shapes have together."""
    whole = [s if is_sequence(s) else (s,) for s in shapes]
    found: list[int] = []
    for place, shape in enumerate(whole):
        found = [1] * (len(shape) - len(found)) + found
        for axis in range(-1, -len(shape) - 1, -1):
            if shape[axis] != 1 and found[axis] not in (1, shape[axis]):
                raise RuntimeError(
                    f"Attempting to broadcast a dimension of length {shape[axis]} at {axis}! "
                    f"Mismatching argument at index {place} had {tuple(shape)}; but expected "
                    f"shape should be broadcastable to {found}"
                )
            found[axis] = shape[axis] if shape[axis] != 1 else found[axis]
    return Size(tuple(found))


def resize_as_(input: Tensor, the_template: Tensor) -> Tensor:
    """Give ``input`` the shape of another tensor."""
    return storage.resize_as_(input, the_template)


def unravel_index(indices: Tensor, shape: Any) -> tuple[Tensor, ...]:
    """Places in a row as places along each dimension of a shape."""
    sizes = (shape,) if isinstance(shape, int) else tuple(int(n) for n in shape)
    if indices.dtype.category == FLOATING or indices.array.dtype == np.bool_:
        raise ValueError("expected 'indices' to be integer dtype, but got " + repr(indices.dtype))
    found = np.unravel_index(indices.array % max(int(np.prod(sizes)), 1), sizes)
    return tuple(Tensor.wrap(np.asarray(part, indices.array.dtype)) for part in found)


def nonzero_static(input: Tensor, *, size: int, fill_value: int = -1) -> Tensor:
    """The places of ``size`` elements that are not zero, with rows of ``fill_value`` for more."""
    found = np.argwhere(input.array)[:size]
    made = np.full((size, input.array.ndim), fill_value, np.int64)
    made[: len(found)] = found
    return Tensor.wrap(made)


def unsafe_chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """The parts of a tensor, which, unlike ``chunk``'s, may each be written to."""
    return tuple(part.clone() for part in call("chunk", input, chunks, dim))


def unsafe_split_with_sizes(input: Tensor, split_sizes: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """The parts of these sizes, which, unlike ``split``'s, may each be written to."""
    return unsafe_split(input, list(split_sizes), dim)


def unsafe_split(input: Tensor, split_size: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """The parts of a tensor, which, unlike ``split``'s, may each be written to."""
    return tuple(part.clone() for part in call("split", input, split_size, dim))


IN_PLACE = frozenset(
    """
    abs_ acos_ acosh_ addmv_ arccos_ arccosh_ arcsin_ arcsinh_ arctan_ arctanh_ asin_ asinh_ atan_
    atanh_ ceil_ celu_ clamp_ clamp_max_ clamp_min_ clip_ conj_physical_ cos_ cosh_ deg2rad_
    detach_ erf_ erfc_ exp2_ exp_ expm1_ fill_ fix_ floor_ frac_ gcd_ i0_ index_put_ lcm_ ldexp_
    log10_ log1p_ log2_ log_ logit_ nan_to_num_ neg_ negative_ rad2deg_ reciprocal_ relu_ round_
    rsqrt_ selu_ sigmoid_ sin_ sinc_ sinh_ sqrt_ square_ tan_ tanh_ threshold_ trunc_ xlogy_ zero_
    """.split()  # noqa: SIM905
)
"""The in-place methods that PyTorch also has as functions."""
SHARED = {"asarray": sources.asarray, "frombuffer": sources.frombuffer,
          "strided": layouts.strided, "layout": layouts.layout,
          "memory_format": layouts.memory_format,
          "contiguous_format": layouts.contiguous_format,
          "preserve_format": layouts.preserve_format, "channels_last": layouts.channels_last,
          "channels_last_3d": layouts.channels_last_3d,
          "newaxis": None, "get_device": kinds.get_device,
          "conj_physical": resolve, "resolve_conj": resolve,
          "resolve_neg": resolve, "is_conj": is_complex, "is_neg": is_complex,
          "is_distributed": is_complex}  # fmt: skip
FUNCTIONS: dict[str, Any] = {
    f.__name__: f
    for f in (
        adjoint, broadcast_shapes, can_cast, detach, equal, imag, is_complex,
        is_floating_point, is_nonzero, is_same_size, is_signed, is_tensor, nonzero_static, numel,
        resize_as_, result_type, typename, unravel_index, unsafe_chunk, unsafe_split,
        unsafe_split_with_sizes,
    )
} | SHARED  # fmt: skip


COPIED = frozenset(
    """
    alias detach diagonal expand permute select slice split split_with_sizes squeeze t
    transpose unbind unfold unsqueeze view
    """.split()  # noqa: SIM905
)
"""The views that PyTorch also offers as copies: ``permute_copy``."""


def copying(name: str) -> Callable[..., Any]:
    """``permute_copy(x, dims)``: what ``permute`` gives, on memory of its own."""
    method: Callable[..., Any] | None = getattr(Tensor, name, None)
    if method is None:
        raise KeyError(name)

    def function(input: Tensor, *args: Any, **kwargs: Any) -> Any:
        made = method(input, *args, **kwargs)
        return tuple(m.clone() for m in made) if is_sequence(made) else made.clone()

    function.__name__ = f"{name}_copy"
    function.__doc__ = f"What ``{name}`` gives, on memory of its own."
    return function


def polygamma(self: Tensor, n: int) -> Tensor:
    """The n-th derivative of the logarithmic derivative of the gamma function."""
    return call("polygamma", n, self)


def install_functions() -> None:
    """Give tensors those of these functions that PyTorch has as methods too."""
    for function in (nonzero_static, polygamma, unsafe_chunk, unsafe_split,
                     unsafe_split_with_sizes):  # fmt: skip
        setattr(Tensor, function.__name__, function)


def found(name: str) -> Any:
    """What the package offers as ``name``; KeyError where it is none of these."""
    if name in FUNCTIONS:
        return FUNCTIONS[name]
    if name in sources.LEGACY:
        return sources.legacy_type(name)
    if name.endswith("_copy") and name.removesuffix("_copy") in COPIED:
        return copying(name.removesuffix("_copy"))
    if name in IN_PLACE:
        return in_place_function(name)
    raise KeyError(name)


def in_place_function(name: str) -> Callable[..., Any]:
    """``exp_(x)``, which is ``x.exp_()``."""
    method: Callable[..., Any] | None = getattr(Tensor, name, None)
    if method is None:
        raise KeyError(name)

    def function(input: Tensor, *args: Any, **kwargs: Any) -> Any:
        return method(input, *args, **kwargs)

    function.__name__, function.__doc__ = name, method.__doc__
    return function
