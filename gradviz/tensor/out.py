"""``out=``: a result written into a tensor that is there already.

PyTorch computes the result, gives the tensor its shape (with a warning where it held elements),
and checks that its type may hold it. Nothing is recorded: gradients may not be asked for.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from gradviz.autograd.mode import STATE, no_grad
from gradviz.ops.dtypes import dtype
from gradviz.ops.kinds import is_sequence
from gradviz.ops.table import OPS
from gradviz.tensor.inplace import check_apart
from gradviz.tensor.overlap import check_before, check_overlap, tensors_among
from gradviz.tensor.storage import resized
from gradviz.tensor.tensor import Tensor

RESIZED = (
    "An output with one or more elements was resized since it had shape {}, which does not match "
    "the required output shape {}. This behavior is deprecated, and in a future PyTorch release "
    "outputs will not be resized unless they have zero elements. You can explicitly reuse an out "
    "tensor t by resizing it, inplace, to zero elements with t.resize_(0)."
)
WITHOUT = frozenset(
    """
    adaptive_avg_pool1d allclose argwhere as_tensor atleast_1d atleast_2d atleast_3d avg_pool1d
    bartlett_window batch_norm bilinear bincount blackman_window block_diag broadcast_tensors
    broadcast_to cartesian_prod cdist celu channel_shuffle chunk clone combinations conj
    constant_pad_nd conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d
    corrcoef count_nonzero cov cumulative_trapezoid detach diag_embed diagflat diagonal
    diagonal_scatter dist dropout dsplit einsum empty_like equal fill flatten flip fliplr flipud
    from_numpy full_like gradient group_norm hamming_window hann_window histogramdd hsplit
    index_fill index_put is_inference isclose isfinite isinf isnan isreal kaiser_window layer_norm
    logdet masked_fill masked_scatter matrix_exp max_pool1d max_pool2d max_pool3d meshgrid
    moveaxis movedim narrow numel ones_like permute pinverse pixel_shuffle pixel_unshuffle
    positive prelu put rand_like randint_like randn_like ravel real relu repeat_interleave reshape
    rms_norm roll rot90 rsub scalar_tensor select select_scatter selu split split_with_sizes
    squeeze std_mean swapaxes swapdims t tensor tensor_split tile trace transpose trapezoid trapz
    tril_indices triu_indices unbind unflatten unique unique_consecutive unsqueeze vander var_mean
    vsplit linalg.diagonal linalg.matrix_exp linalg.vander special.log_softmax
    special.softmax
    """.split()  # noqa: SIM905
)
"""The functions that in PyTorch take no ``out``."""
TYPED_BY_OUT = frozenset(
    """
    arange cumprod cumsum empty eye full linspace logspace mean nanmean nansum ones prod rand
    randint randn randperm range sum zeros
    """.split()  # noqa: SIM905
)
"""What computes in the type of ``out``, unless told another."""
FILLED = TYPED_BY_OUT - {"cumprod", "cumsum", "mean", "nanmean", "nansum", "prod", "sum"} | {
    "addbmm", "bernoulli", "logsigmoid", "lu", "multinomial", "normal",
}  # fmt: skip
"""What gives ``out`` another shape without a word."""
CASTING = frozenset(
    """
    addcdiv addcmul addr cholesky cholesky_inverse cholesky_solve cumprod diff eq ge gt kron ldexp
    le lerp logical_and logical_not logical_or logical_xor logsumexp lt lu max min ne outer std var
    linalg.cond linalg.householder_product linalg.matrix_power linalg.matrix_rank linalg.pinv
    linalg.tensorinv linalg.tensorsolve bernoulli
    """.split()  # noqa: SIM905
)
"""What is cast to the type of ``out``, beside element-wise operations."""
JOINING = frozenset(["cat", "column_stack", "concat", "concatenate", "dstack", "hstack",
                     "row_stack", "stack", "vstack"])  # fmt: skip
SAME = frozenset(
    """
    abs absolute ceil clamp clip fix floor frac gelu hardshrink heaviside logsigmoid masked_select
    nan_to_num neg negative round sgn sign softplus softshrink trunc where
    """.split()  # noqa: SIM905
)
"""Element-wise operations that are not cast to the type of ``out``."""
TRUTHS = frozenset(["isneginf", "isposinf", "signbit"])
ANYWAY = frozenset(["bernoulli", "eq", "ge", "gt", "le", "logical_and", "logical_not", "logical_or",
                    "logical_xor", "lt", "ne"])  # fmt: skip
"""What is cast to whatever the type of ``out`` is."""
NOT_DERIVED = frozenset(["histc"])
C_NAMES = {
    "float32": "float", "float64": "double", "float16": "c10::Half", "int64": "long int",
    "int32": "int", "int16": "short int", "int8": "signed char", "uint8": "unsigned char",
}  # fmt: skip


def accepting_out(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """``function`` with the keyword ``out``, where PyTorch's ``name`` has it."""
    if name in WITHOUT:
        return function

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if "out" in kwargs:
            return with_out(name, function, args, kwargs)
        return function(*args, **kwargs)

    return call


def with_out(
    name: str, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    """What ``function`` gives, written into ``kwargs["out"]``, which is returned."""
    settings = {k: v for k, v in kwargs.items() if k != "out"}
    out = kwargs["out"]
    if out is None:
        return function(*args, **settings)
    targets = targets_of(name, out)
    refuse_gradients(name, [*args, *settings.values(), *targets])
    for target in targets:
        check_before(name, target)
    if name in TYPED_BY_OUT and settings.get("dtype") is None:
        settings["dtype"] = targets[0].dtype
    with no_grad():
        result = function(*args, **settings)
    results = list(result) if is_sequence(result) else [result]
    if len(results) != len(targets):
        raise TypeError(
            f"{name}(): argument 'out' must be {len(results)} tensors, got {len(targets)}"
        )
    for target, value in zip(targets, results, strict=True):
        check_type(name, target.dtype, value.dtype)
    for target, value in zip(targets, results, strict=True):
        put(name, target, value, tensors_among([*args, *settings.values()]))
    if not is_sequence(result):
        return targets[0]
    kind: Any = type(result)
    return kind(*targets) if hasattr(kind, "_fields") else tuple(targets)


def targets_of(name: str, out: Any) -> list[Tensor]:
    """The tensors given as ``out``; TypeError where there are others."""
    targets = list(out) if is_sequence(out) else [out]
    for target in targets:
        if not isinstance(target, Tensor):
            kind = type(out).__name__
            raise TypeError(f"{name}(): argument 'out' must be Tensor, not {kind}")
    return targets


def refuse_gradients(name: str, values: Sequence[Any]) -> None:
    """PyTorch's error where a gradient would be asked of what is written into ``out``."""
    op = OPS.get(name)
    constant = op is not None and not op.differentiable and op.category != "const"
    if not STATE.enabled or constant or name in NOT_DERIVED:
        return
    for value in values:
        members = value if is_sequence(value) else (value,)
        if any(isinstance(m, Tensor) and m.requires_grad for m in members):
            raise RuntimeError(
                f"{name.replace('.', '_')}(): functions with out=... arguments don't support "
                "automatic differentiation, but one of the arguments requires grad."
            )


def check_type(name: str, given: dtype, result: dtype) -> None:
    """PyTorch's error where ``out``, of the type ``given``, may not hold a ``result``."""
    if name in TRUTHS and given.name != "bool":
        raise RuntimeError(f"{name} does not support non-boolean outputs.")
    if given is result or name in ANYWAY:
        return
    op = OPS.get(name.removeprefix("special."))
    elementwise = op is not None and (op.elementwise or op.category == "elem")
    if name == "multinomial":
        raise RuntimeError(f"multinomial expects Long tensor out, got: {given.legacy_name}")
    if name in ("amax", "amin"):
        raise RuntimeError(
            f"Expected the dtype for input and out to match, but got {result.legacy_name} for "
            f"input's dtype and {given.legacy_name} for out's dtype."
        )
    if name in SAME:
        raise RuntimeError(f"Found dtype {given.legacy_name} but expected {result.legacy_name}")
    if name in JOINING and given.category < result.category:
        raise TypeError(
            f"torch.cat(): input types can't be cast to the desired output type {given.legacy_name}"
        )
    if not (elementwise or name in CASTING or name in JOINING):
        raise RuntimeError(
            f"Expected out tensor to have dtype {c_name(result)}, but got {c_name(given)} instead"
        )
    if given.category < result.category:
        raise RuntimeError(
            f"result type {result.legacy_name} can't be cast to the desired output type "
            f"{given.legacy_name}"
        )


def c_name(kind: dtype) -> str:
    """A type as C++ calls it, which PyTorch's messages do."""
    return C_NAMES.get(kind.name, kind.name)


def put(name: str, target: Tensor, value: Tensor, inputs: Sequence[Tensor]) -> None:
    """Write what ``name`` made of ``inputs`` into ``target``, given its shape first."""
    shape = value.array.shape
    if target.array.shape != shape:
        if target.array.size and name not in FILLED:
            warnings.warn(
                RESIZED.format(list(target.array.shape), list(shape)), UserWarning, stacklevel=4
            )
        if value.array.size > target.array.size:
            check_overlap(name, target, inputs)
        target.array = resized(target.array, shape)
    check_apart(target)
    check_overlap(name, target, inputs)
    target.array[...] = value.array
    target.bump_version()
