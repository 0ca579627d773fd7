"""Functions of ``nn.functional`` as the package itself offers them: other orders of arguments.

At the top PyTorch gives losses their reduction as a number (0: none, 1: mean, 2: sum), norms and
embeddings their tensors in another order, and dropouts no default.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

import numpy as np

from gradviz.nn import functional
from gradviz.nn.composed.dropping import check_chance
from gradviz.tensor import Tensor
from gradviz.tensor.composed import call

REDUCTIONS = ("none", "mean", "sum")
SAME = (
    "bilinear", "celu_", "cosine_similarity", "max_pool1d_with_indices",
    "pairwise_distance", "pdist", "relu_", "selu_", "threshold_",
)  # fmt: skip
LOSSES: dict[str, tuple[str, ...]] = {
    "binary_cross_entropy_with_logits": ("input", "target", "weight", "pos_weight"),
    "cosine_embedding_loss": ("input1", "input2", "target", "margin"),
    "ctc_loss": ("log_probs", "targets", "input_lengths", "target_lengths", "blank"),
    "hinge_embedding_loss": ("input", "target", "margin"),
    "kl_div": ("input", "target"),
    "margin_ranking_loss": ("input1", "input2", "target", "margin"),
    "poisson_nll_loss": ("input", "target", "log_input", "full", "eps"),
    "triplet_margin_loss": ("anchor", "positive", "negative", "margin", "p", "eps", "swap"),
}
"""The losses there, and the names of what comes before the reduction."""
DROPOUTS = {
    "dropout": "dropout", "feature_dropout": "dropout2d", "alpha_dropout": "alpha_dropout",
    "feature_alpha_dropout": "feature_alpha_dropout",
}  # fmt: skip


def _loss(name: str, order: tuple[str, ...]) -> Callable[..., Any]:
    compute = getattr(functional, name)
    known = set(signature(compute).parameters)
    after = ("zero_infinity",) if "zero_infinity" in known else ()

    def function(*args: Any, **kwargs: Any) -> Any:
        given = dict(zip((*order, "reduction", *after), args, strict=False)) | kwargs
        number = given.pop("reduction", 0)
        if not isinstance(number, int) or not 0 <= number < len(REDUCTIONS):
            raise TypeError(f"{name}(): argument 'reduction' must be 0, 1 or 2, not {number!r}")
        return compute(**given, reduction=REDUCTIONS[number])

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{compute.__doc__} Here the reduction is a number."
    return function


def _dropout(name: str, inplace: bool) -> Callable[..., Any]:
    compute = getattr(functional, DROPOUTS[name])
    kinds = [Parameter(n, Parameter.POSITIONAL_OR_KEYWORD) for n in ("input", "p", "train")]
    form = signature(lambda: None).replace(parameters=kinds)

    def function(*args: Any, **kwargs: Any) -> Any:
        given = form.bind(*args, **kwargs).arguments
        return compute(given["input"], given["p"], given["train"], inplace)

    function.__name__ = function.__qualname__ = f"{name}_" if inplace else name
    function.__doc__ = compute.__doc__
    return function


def rrelu(
    input: Any, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False,
    generator: Any = None,
) -> Any:  # fmt: skip
    """A rectifier with a leak drawn for each element while training."""
    return functional.rrelu(input, lower, upper, training, generator=generator)


def rrelu_(
    input: Any, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False,
    generator: Any = None,
) -> Any:  # fmt: skip
    """:func:`rrelu` written over its input."""
    return functional.rrelu_(input, lower, upper, training, generator)


def native_dropout(input: Any, p: float, train: bool | None) -> tuple[Any, Any]:
    """A dropout, and which elements it kept."""
    check_chance(p)
    if train is False or p == 0:
        return input.clone(), call("ones_like", input, dtype=call("gt", input, 0).dtype)
    result = functional.dropout(call("ones_like", input), p, True)
    return input * result, result != 0


def batch_norm(
    input: Any, weight: Any, bias: Any, running_mean: Any, running_var: Any, training: bool,
    momentum: float, eps: float, cudnn_enabled: bool = False,
) -> Any:  # fmt: skip
    """Each channel brought to mean zero and spread one over the batch."""
    return functional.batch_norm(
        input, running_mean, running_var, weight, bias, training, momentum, eps
    )


def instance_norm(
    input: Any, weight: Any, bias: Any, running_mean: Any, running_var: Any,
    use_input_stats: bool, momentum: float, eps: float, cudnn_enabled: bool = False,
) -> Any:  # fmt: skip
    """Each channel of each sample brought to mean zero and spread one."""
    return functional.instance_norm(
        input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps
    )


def layer_norm(
    input: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5,
    cudnn_enable: bool = True,
) -> Any:  # fmt: skip
    """The last dimensions brought to mean zero and spread one."""
    return functional.layer_norm(input, normalized_shape, weight, bias, eps)


def group_norm(
    input: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5,
    cudnn_enabled: bool = True,
) -> Any:  # fmt: skip
    """Each group of channels brought to mean zero and spread one."""
    return call("group_norm", input, num_groups, weight, bias, eps)


def _moments(input: Any, dims: tuple[int, ...], eps: float, keepdim: bool) -> tuple[Any, Any]:
    """The mean, and one over the spread."""
    mean = call("mean", input, dims, keepdim)
    spread = call("var", input, dims, correction=0, keepdim=keepdim)
    return mean, call("rsqrt", spread + eps)


def native_layer_norm(
    input: Any, normalized_shape: Any, weight: Any, bias: Any, eps: float
) -> tuple[Any, Any, Any]:
    """A layer norm, the means, and one over the spreads."""
    dims = tuple(range(-len(tuple(normalized_shape)), 0))
    moments = _moments(input, dims, eps, True)
    return (layer_norm(input, normalized_shape, weight, bias, eps), *moments)


def native_batch_norm(
    input: Any, weight: Any, bias: Any, running_mean: Any, running_var: Any, training: bool,
    momentum: float, eps: float,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """A batch norm, and while training the means and one over the spreads it used."""
    result = batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps)
    if not training:
        empty = call("zeros", (0,), dtype=input.dtype)
        return result, empty, empty
    dims = (0, *range(2, input.array.ndim))
    return (result, *_moments(input, dims, eps, False))


def native_channel_shuffle(input: Any, groups: int) -> Any:
    """Channels of several groups dealt out in turn."""
    return functional.channel_shuffle(input, groups)


def embedding(
    weight: Any, indices: Any, padding_idx: int = -1, scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Any:  # fmt: skip
    """The rows of a table that numbers name."""
    row = None if padding_idx < 0 else padding_idx
    return functional.embedding(indices, weight, row, None, 2.0, scale_grad_by_freq, sparse)


def adaptive_max_pool1d(input: Any, output_size: Any) -> tuple[Any, Any]:
    """The largest of each part, and its place."""
    return functional.adaptive_max_pool1d(input, output_size, return_indices=True)


def conv_tbc(input: Any, weight: Any, bias: Any, pad: int = 0) -> Any:
    """A convolution along time of ``(T, N, C)``; ``weight``: ``(width, in, out)``."""
    signals = call("permute", input, (1, 2, 0))
    kernels = call("permute", weight, (2, 1, 0))
    return call("permute", functional.conv1d(signals, kernels, bias, padding=pad), (2, 0, 1))


def grid_sampler(
    input: Any, grid: Any, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Any:
    """Samples of an image at places; ways of interpolation and padding by number."""
    modes, paddings = ("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection")
    return functional.grid_sample(
        input, grid, modes[interpolation_mode], paddings[padding_mode], align_corners
    )


def affine_grid_generator(theta: Any, size: Any, align_corners: bool) -> Any:
    """Where pixels of an image lie after an affine map."""
    return functional.affine_grid(theta, tuple(size), align_corners)


def embedding_renorm_(input: Any, indices: Any, max_norm: float, norm_type: float) -> Any:
    """Scale rows of a table down to a largest norm, in place."""
    from gradviz.nn.composed.looking_up import renormalise

    renormalise(input, Tensor.wrap(np.asarray(indices.array)), max_norm, norm_type)
    return input


grid_sampler_2d = grid_sampler_3d = grid_sampler
globals().update({name: getattr(functional, name) for name in SAME})
globals().update({name: _loss(name, order) for name, order in LOSSES.items()})
globals().update(
    {f"{name}{end}": _dropout(name, bool(end)) for name in DROPOUTS for end in ("", "_")}
)
