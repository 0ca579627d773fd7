"""Random tensors, and filling tensors at random, with the numbers PyTorch gives for a seed.

See https://docs.pytorch.org/docs/stable/torch.html#random-sampling.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from collections.abc import Generator as Yields
from contextlib import contextmanager
from typing import Any

import numpy as np

from gradviz.ops import draws
from gradviz.ops.creation import as_dtype
from gradviz.ops.dims import refuse_negative
from gradviz.ops.dtypes import dtype as DType
from gradviz.ops.dtypes import get_default_dtype, int64, of_numpy
from gradviz.ops.kinds import is_sequence
from gradviz.ops.spec import Array, Shape
from gradviz.tensor.generator import Generator, default_generator
from gradviz.tensor.layouts import check_words
from gradviz.tensor.tensor import Tensor

Draw = Callable[[Generator, int, np.dtype[Any]], Array]


def manual_seed(seed: int) -> Generator:
    """Start the random numbers anew; the generator they come from."""
    return default_generator.manual_seed(seed)


def seed() -> int:
    """Start the random numbers anew from a number that nobody chose; that number."""
    return default_generator.seed()


def initial_seed() -> int:
    """The number that the random numbers were last started from."""
    return default_generator.initial_seed()


def get_rng_state() -> Tensor:
    """The state of the random numbers as bytes."""
    return default_generator.get_state()


def set_rng_state(new_state: Tensor) -> None:
    """Take up the random numbers where a state left off."""
    default_generator.set_state(new_state)


@contextmanager
def fork_rng(devices: Any = None, enabled: bool = True, **_: Any) -> Yields[None]:
    """Within it random numbers may be drawn and seeded; after it they go on as if none were."""
    state = get_rng_state()
    try:
        yield
    finally:
        if enabled:
            set_rng_state(state)


def as_shape(name: str, size: tuple[Any, ...]) -> Shape:
    """A shape given as numbers or as one sequence of them."""
    given: Any = size[0] if len(size) == 1 and is_sequence(size[0]) else size
    for place, number in enumerate(given):
        if isinstance(number, bool) or not isinstance(number, (int, np.integer, Tensor)):
            raise TypeError(
                f"{name}(): argument 'size' (position {place + 1}) must be tuple of ints, not "
                f"{type(number).__name__}"
            )
    shape = tuple(int(number) for number in given)
    refuse_negative(shape)
    return shape


def made(
    shape: Shape, kind: np.dtype[Any], draw: Draw, generator: Generator | None = None,
    out: Tensor | None = None, requires_grad: bool = False, **words: Any,
) -> Tensor:  # fmt: skip
    """A new tensor of drawn numbers, or ``out`` filled with them."""
    check_words(words)
    count = math.prod(shape)
    array = draw(generator or default_generator, count, kind).astype(kind, copy=False)
    if out is not None:
        out.array = array.reshape(shape)
        out.bump_version()
        return out
    tensor = Tensor.wrap(array.reshape(shape))
    return tensor.requires_grad_() if requires_grad else tensor


def floating(given: DType | None, missing: str) -> np.dtype[Any]:
    """The type asked for, where it is a floating-point type."""
    kind = as_dtype(given, get_default_dtype())
    check_floating(kind, missing)
    return kind


def check_floating(kind: np.dtype[Any], missing: str) -> None:
    """Refuse types that a kernel is not made for, in PyTorch's words."""
    if kind.kind != "f":
        name = of_numpy(kind).legacy_name
        raise NotImplementedError(f"\"{missing}\" not implemented for '{name}'")


UNIFORM, NORMAL = "check_uniform_bounds", "normal_kernel_cpu"


def uniform_draw(low: float = 0.0, high: float = 1.0) -> Draw:
    """Numbers from ``low`` to ``high``."""
    return lambda generator, count, kind: draws.uniform(generator, count, kind, low, high)


def normal_draw(mean: float = 0.0, std: float = 1.0, in_order: bool = True) -> Draw:
    """Normal numbers."""
    if std < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")
    return lambda generator, count, kind: draws.normal(generator, count, kind, mean, std, in_order)


def whole_draw(low: int, high: int) -> Draw:
    """Whole numbers from ``low`` to ``high``, that left out."""
    if low >= high:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        )

    def draw(generator: Generator, count: int, kind: np.dtype[Any]) -> Array:
        check_range(kind, low, high)
        return draws.whole(generator, count, low, high).astype(kind)

    return draw


KIND_NAMES = {
    "uint8": "unsigned char", "int8": "signed char", "int16": "short", "int32": "int",
    "int64": "long", "bool": "bool",
}  # fmt: skip


def check_range(kind: np.dtype[Any], low: int, high: int) -> None:
    """Refuse bounds that a type cannot hold."""
    if kind.kind == "f":
        return
    info = np.iinfo(np.uint8 if kind == np.bool_ else kind)
    top = 1 if kind == np.bool_ else info.max
    name = KIND_NAMES[of_numpy(kind).name]
    if not info.min <= low <= top:
        raise RuntimeError(f"from is out of bounds for {name}")
    if not info.min <= high - 1 <= top:
        raise RuntimeError(f"to - 1 is out of bounds for {name}")


def rand(*shape: Any, size: Any = (), dtype: DType | None = None, **where: Any) -> Tensor:
    """Numbers from zero to one, that left out, all as likely."""
    return made(
        as_shape("rand", shape or (size,)), floating(dtype, UNIFORM), uniform_draw(), **where
    )


def randn(*shape: Any, size: Any = (), dtype: DType | None = None, **where: Any) -> Tensor:
    """Normal numbers with mean zero and variance one."""
    return made(
        as_shape("randn", shape or (size,)), floating(dtype, NORMAL), normal_draw(), **where
    )


def randint(*args: Any, dtype: DType | None = None, **where: Any) -> Tensor:
    """Whole numbers: ``randint(high, size)`` or ``randint(low, high, size)``, ``high`` left out."""
    named = [where.pop(name) for name in ("low", "high", "size") if name in where]
    *bounds, size = (*args, *named)
    low, high = (0, *bounds) if len(bounds) == 1 else bounds
    kind = as_dtype(dtype, int64)
    return made(as_shape("randint", (size,)), kind, whole_draw(int(low), int(high)), **where)


def randperm(n: int, *, dtype: DType | None = None, **where: Any) -> Tensor:
    """The whole numbers from zero to ``n``, in any order."""
    shape = as_shape("randperm", (n,))
    kind = as_dtype(dtype, int64)
    return made(shape, kind, lambda generator, count, _: draws.order(generator, count), **where)


def like(input: Tensor, given: DType | None, missing: str = "") -> np.dtype[Any]:
    """The type asked for, or that of ``input``."""
    kind = as_dtype(given, input.dtype)
    if missing:
        check_floating(kind, missing)
    return kind


def rand_like(input: Tensor, *, dtype: DType | None = None, **where: Any) -> Tensor:
    """Numbers from zero to one in the shape and type of ``input``."""
    return made(input.array.shape, like(input, dtype, UNIFORM), uniform_draw(), **where)


def randn_like(input: Tensor, *, dtype: DType | None = None, **where: Any) -> Tensor:
    """Normal numbers in the shape and type of ``input``."""
    return made(input.array.shape, like(input, dtype, NORMAL), normal_draw(), **where)


def randint_like(
    input: Tensor, low: int, high: int | None = None, *, dtype: DType | None = None, **where: Any
) -> Tensor:
    """Whole numbers in the shape and type of ``input``; one bound alone is the upper."""
    bounds = (0, low) if high is None else (low, high)
    return made(input.array.shape, like(input, dtype), whole_draw(*bounds), **where)


def normal(
    mean: Tensor | float, std: Tensor | float = 1.0, size: Any = None, *,
    generator: Generator | None = None, dtype: DType | None = None, **where: Any,
) -> Tensor:  # fmt: skip
    """Normal numbers, with a mean and a standard deviation for all or for each."""
    if isinstance(mean, Tensor) or isinstance(std, Tensor):
        return normal_each(mean, std, generator)
    if size is None:
        raise TypeError(
            "normal() received an invalid combination of arguments - got (float, float), but "
            "without tensors a size is needed"
        )
    shape, kind = as_shape("normal", (size,)), floating(dtype, NORMAL)
    return made(shape, kind, normal_draw(mean, std), generator, **where)


def normal_each(mean: Any, std: Any, generator: Generator | None) -> Tensor:
    """Normal numbers with a mean or a standard deviation for each."""
    middle, spread = (getattr(v, "array", v) for v in (mean, std))
    if isinstance(std, Tensor) and std.array.size and not std.array.min() >= 0:
        raise RuntimeError("normal expects all elements of std >= 0.0")
    known = middle if isinstance(mean, Tensor) else spread
    shape = np.broadcast_shapes(np.shape(middle), np.shape(spread))
    if isinstance(std, Tensor):
        drawn = made(shape, known.dtype, normal_draw(), generator).array
        return Tensor.wrap((drawn * spread + middle).astype(known.dtype, copy=False))
    drawn = made(shape, known.dtype, normal_draw(0.0, spread), generator).array
    return Tensor.wrap(drawn + middle)


def bernoulli(
    input: Tensor, p: float | None = None, *, generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """Ones with the probabilities of ``input`` (or with ``p`` for all), else zeros."""
    kind = input.array.dtype
    if p is not None:
        check_chance(p)
        return made(input.array.shape, kind, chance_draw(p), generator, out)
    check_floating(kind, "bernoulli_tensor_cpu_p_")
    draw = chances_draw(input.array)
    return made(input.array.shape, kind, draw, generator, out)


def check_chance(p: float) -> None:
    """Refuse what is no probability."""
    if not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")


def chance_draw(p: float) -> Draw:
    """Ones with the same chance, else zeros."""
    return lambda generator, count, kind: draws.chances(generator, (count,), p).astype(kind)


def chances_draw(chance: Array) -> Draw:
    """Ones with a chance for each, else zeros."""
    if not bool(((chance >= 0) & (chance <= 1)).all()):
        raise RuntimeError(
            "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message "
            "be improved?  If so, please report an enhancement request to PyTorch.)"
        )
    return lambda generator, count, kind: draws.chances_of(generator, chance).astype(kind)


def dropout_mask(shape: Shape, kind: np.dtype[Any], p: float) -> Array:
    """What a dropout multiplies by: 1 / (1 − p), or zero with probability ``p``."""
    kept = draws.chances(default_generator, shape, 1 - p).astype(kind)
    return kept / kind.type(1 - p) if p < 1 else kept


MOST_CATEGORIES = 2**24


def multinomial(
    input: Tensor, num_samples: int, replacement: bool = False, *,
    generator: Generator | None = None, out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """Places in a row of weights, as likely as these say; of a matrix, for each row."""
    weights = input.array
    check_weights(weights, num_samples, replacement)
    found = draws.picks(generator or default_generator, weights, num_samples, replacement)
    if out is None:
        return Tensor.wrap(found)
    out.array = found
    return out


def check_weights(weights: Array, count: int, replacement: bool) -> None:
    """Refuse weights that are no probabilities, in PyTorch's words."""
    if weights.ndim not in (1, 2):
        raise RuntimeError("prob_dist must be 1 or 2 dim")
    if weights.dtype.kind != "f":
        name = of_numpy(weights.dtype).legacy_name
        raise RuntimeError(
            f"multinomial only supports floating-point dtypes for input, got: {name}"
        )
    if count <= 0:
        raise RuntimeError("cannot sample n_sample <= 0 samples")
    if not replacement and count > weights.shape[-1]:
        raise RuntimeError(
            "cannot sample n_sample > prob_dist.size(-1) samples without replacement"
        )
    if weights.shape[-1] > MOST_CATEGORIES:
        raise RuntimeError("number of categories cannot exceed 2^24")
    wrong = weights[~((weights >= 0) & np.isfinite(weights))]
    if wrong.size:
        if replacement and count > 1:
            entry = "= infinity or NaN" if wrong[0] > 0 else "< 0"
            raise RuntimeError(
                f"invalid multinomial distribution (encountering probability entry {entry})"
            )
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    if bool((weights.sum(-1) == 0).any()):
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")
