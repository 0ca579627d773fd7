"""``vmap``: a function of one example as a function of a batch.

It calls the function once an example and stacks what it returns: right for every function, at
the pace of a loop. See https://docs.pytorch.org/docs/stable/generated/torch.func.vmap.html.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from gradviz.func.trees import holds_none, leaves, rebuilt, same_form, spread
from gradviz.ops.table import OPS
from gradviz.tensor.random import get_rng_state, set_rng_state
from gradviz.tensor.tensor import Tensor, apply

__all__ = ["vmap"]

RANDOM = (
    "vmap: called random operation while in randomness error mode. Please either use the 'same' "
    "or 'different' randomness flags on vmap or perform the randomness operation out of vmap"
)

SHARED = (
    "vmap: a tensor that is the same for all examples (its in_dim is None) was written to in "
    "place, which every example would do anew. Give each its own, or write out of place"
)
NO_EXAMPLE = {"start": 0, "length": 0}


def vmap(
    func: Callable[..., Any],
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """``func`` over one dimension of its arguments at a time.

    ``in_dims``: which dimension of each argument is the batch (None: the same for all, as is what
    is given by name); ``out_dims``: where it goes in each result. Both nest as the arguments and
    results do. What is the same for all cannot be written to, since each example would. With
    ``randomness="same"`` random numbers are the same for every example. ``chunk_size`` changes
    nothing.
    """
    check_randomness(randomness)
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError(f"vmap: chunk_size should be None or greater than 0. (got {chunk_size})")

    @wraps(func)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        dims = argument_dims(func, in_dims, args)
        given = leaves((args, kwargs))
        dims += [None] * (len(given) - len(dims))
        size = batch_size(given, dims)
        if not size:
            return emptied(joined(func, [example(func, args, kwargs, dims)], out_dims), out_dims)
        results: list[Any] = []
        before = get_rng_state().array
        shared = [v for v, dim in zip(given, dims, strict=True) if dim is None]
        versions = versions_of(shared)
        for index, random in enumerate(draws(randomness, size)):
            values = [
                value if dim is None else select(value, dim, index)
                for value, dim in zip(given, dims, strict=True)
            ]
            own_args, own_kwargs = rebuilt((args, kwargs), iter(values))
            results.append(random(func, own_args, own_kwargs))
            if versions_of(shared) != versions:
                raise RuntimeError(SHARED)
        if randomness == "error" and not np.array_equal(before, get_rng_state().array):
            raise RuntimeError(RANDOM)
        return joined(func, results, out_dims)

    return wrapped


def versions_of(values: Sequence[Any]) -> list[int]:
    """How often the memory of each of the tensors among these was written to."""
    return [value.memory_version() for value in values if isinstance(value, Tensor)]


def check_randomness(randomness: str) -> None:
    """Refuse what is no way to draw random numbers for a batch."""
    if randomness not in ("error", "different", "same"):
        raise RuntimeError(
            "Only allowed values for randomness are 'error', 'different', or 'same'. "
            f"Got {randomness}"
        )


def called(func: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """``func`` called."""
    return func(*args, **kwargs)


def draws(randomness: str, count: int) -> list[Callable[..., Any]]:
    """How to call the function for each example, so that it draws numbers as asked."""
    if randomness != "same":
        return [called] * count
    state = get_rng_state()

    def again(func: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        set_rng_state(state)
        return called(func, args, kwargs)

    return [again] * count


def name_of(func: Callable[..., Any]) -> str:
    """A function's name for messages."""
    return getattr(func, "__name__", repr(func))


def argument_dims(func: Callable[..., Any], in_dims: Any, args: tuple[Any, ...]) -> list[Any]:
    """The batch dimension, or None, of each tensor among the positional arguments."""
    call = f"vmap({name_of(func)}, in_dims={in_dims}, ...)(<inputs>)"
    if not isinstance(in_dims, (int, tuple)):
        raise ValueError(
            f"{call}: expected `in_dims` to be int or a (potentially nested) tuple matching the "
            f"structure of inputs, got: {type(in_dims)}."
        )
    if not args:
        raise ValueError(
            f"vmap({name_of(func)})(<inputs>): got no inputs. Maybe you forgot to add inputs, or "
            "you are trying to vmap over a function with no inputs. The latter is unsupported."
        )
    dims = spread(list(in_dims) if isinstance(in_dims, tuple) else in_dims, list(args))  # pyright: ignore[reportUnknownArgumentType]
    if dims is None:
        raise ValueError(f"{call}: in_dims is not compatible with the structure of `inputs`.")
    return [normal_dim(call, dim, value) for dim, value in zip(dims, leaves(args), strict=True)]


def normal_dim(call: str, dim: Any, value: Any) -> int | None:
    """A batch dimension counted from the front; PyTorch's errors where there is none."""
    if dim is None:
        return None
    if not isinstance(dim, int):
        raise ValueError(
            f"{call}: Got in_dim={dim} for an input but in_dim must be either an integer "
            "dimension or None."
        )
    if not isinstance(value, Tensor):
        raise ValueError(
            f"{call}: Got in_dim={dim} for an input but the input is of type {type(value)}. We "
            "cannot vmap over non-Tensor arguments, please use None as the respective in_dim"
        )
    rank = value.array.ndim
    if not -rank <= dim < rank:
        raise ValueError(
            f"{call}: Got in_dim={dim} for some input, but that input is a Tensor of "
            f"dimensionality {rank} so expected in_dim to satisfy -{rank} <= in_dim < {rank}."
        )
    return dim % rank


def batch_size(given: Sequence[Any], dims: Sequence[Any]) -> int:
    """How many examples the arguments hold, all the same."""
    sizes = [
        value.array.shape[dim] for value, dim in zip(given, dims, strict=True) if dim is not None
    ]
    if not sizes:
        raise ValueError("vmap: Expected at least one Tensor to vmap over")
    if len(set(sizes)) > 1:
        raise ValueError(
            "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
            f"{sizes} for the mapped dimension"
        )
    return sizes[0]


def select(value: Any, dim: int, index: int) -> Any:
    """One example of an argument."""
    return apply(OPS["select"], (value,), {"dim": dim, "index": index})


def example(func: Callable[..., Any], args: Any, kwargs: Any, dims: Sequence[Any]) -> Any:
    """What ``func`` makes of zeros, where a batch has no examples to tell the shape by."""
    values = [
        value if dim is None else Tensor.wrap(np.zeros_like(value.array).sum(dim).astype(
            value.array.dtype)) for value, dim in zip(leaves((args, kwargs)), dims, strict=True)
    ]  # fmt: skip
    own_args, own_kwargs = rebuilt((args, kwargs), iter(values))
    return func(*own_args, **own_kwargs)


def emptied(tree: Any, out_dims: Any) -> Any:
    """Stacks of one example with none left in them."""
    dims = spread(out_dims, tree) or []
    found = [
        value
        if dim is None
        else apply(OPS["narrow"], (value,), {"dim": dim, "start": 0, "length": 0})
        for value, dim in zip(leaves(tree), dims, strict=True)
    ]
    return rebuilt(tree, iter(found))


def check_out_dims(func: Callable[..., Any], out_dims: Any) -> None:
    """Refuse results put anywhere but along a dimension, or nowhere."""
    for dim in leaves(out_dims):
        if not isinstance(dim, int):
            raise ValueError(
                f"vmap({name_of(func)}, ..., out_dims={out_dims}): `out_dims` must be an int, None "
                "or a python collection of ints representing where in the outputs the vmapped "
                "dimension should appear."
            )


def joined(func: Callable[..., Any], results: list[Any], out_dims: Any) -> Any:
    """The results of all examples as one, each tensor stacked along its ``out_dims``."""
    check_out_dims(func, out_dims)
    first = results[0]
    if holds_none(first):
        raise ValueError(not_a_tensor(func, None))
    if not all(same_form(first, other) for other in results):
        raise ValueError(f"vmap({name_of(func)}): it returned results of different structure")
    prefix = out_dims
    if isinstance(out_dims, tuple) and not isinstance(first, (tuple, list)):
        prefix = out_dims[0] if len(out_dims) == 1 else out_dims  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    dims = spread(prefix, first)
    if dims is None:
        raise ValueError(
            f"vmap({name_of(func)}, ..., out_dims={out_dims})(<inputs>): out_dims is not "
            "compatible with the structure of `outputs`."
        )
    columns = zip(*(leaves(result) for result in results), strict=True)
    stacks = [stacked(func, list(c), dim) for c, dim in zip(columns, dims, strict=True)]
    return rebuilt(first, iter(stacks))


def not_a_tensor(func: Callable[..., Any], value: Any) -> str:
    """PyTorch's refusal of a result that is no tensor."""
    return (
        f"vmap({name_of(func)}, ...): `{name_of(func)}` must only return Tensors, got "
        f"type {type(value)}. Did you mean to set out_dims= to None for output?"
    )


def stacked(func: Callable[..., Any], column: list[Any], dim: int | None) -> Any:
    """One output of every example as a tensor; the first alone where it is not to be stacked."""
    for value in column:
        if not isinstance(value, Tensor):
            raise ValueError(not_a_tensor(func, value))
    if dim is None:
        if any(not np.array_equal(column[0].array, c.array, equal_nan=True) for c in column):
            raise ValueError(
                f"vmap({name_of(func)}, ...): `{name_of(func)}` can not return a BatchedTensor "
                "when out_dim is None"
            )
        return column[0]
    return apply(OPS["stack"], (tuple(column),), {"dim": dim})
