"""Products with more to them: linear layers, sums with products, traces, inner products."""

from __future__ import annotations

import numpy as np

from gradviz.ops.counts import linear_count
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.linalg import are_matrices, matmul, product, stack_is_copied
from gradviz.ops.scaled_sums import rows_product
from gradviz.ops.shape import expanded_shape, sole
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, example

FAMILY = "Linear algebra"
_MATRIX = [[1.5, -0.5, 2.0], [0.25, 3.0, -1.0]]
_TALL = [[0.5, 1.0], [-2.0, 0.25], [1.5, -1.0]]
_WEIGHT = [[0.5, -1.0, 2.0], [1.0, 0.25, -0.5], [-2.0, 1.5, 0.75], [0.1, 0.2, 0.3]]
_VECTOR = [0.5, -1.5, 2.0]
_STACK = [[[1.0, -2.0, 0.5], [0.25, 1.5, -1.0]], [[-0.5, 2.0, 1.0], [3.0, -1.0, 0.75]]]


def _linear(input: Array, weight: Array, bias: Array | None) -> Array:
    left, right = np.asarray(input), np.asarray(weight)
    if are_matrices(left, right) and left.shape[1] == right.shape[1]:
        if bias is None:
            return product(left, right.T)
        if bias.dtype is left.dtype and bias.shape == right.shape[:1]:
            result = rows_product(left, right, bias)
            if result is None:
                result = product(left, right.T)
                np.add(result, bias, out=result)
            return result
    if not left.ndim or not right.ndim:
        raise RuntimeError(
            "both arguments to linear need to be at least 1D, but they are "
            f"{left.ndim}D and {right.ndim}D"
        )
    if right.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {right.ndim}D")
    result = matmul.forward(left, right.T)
    return result if bias is None else with_bias(result, np.asarray(bias))


def with_bias(product: Array, bias: Array) -> Array:
    """A product with a bias added, which must be of its type and stretch to its shape."""
    if bias.dtype != product.dtype:
        kinds = [of_numpy(a.dtype).legacy_name for a in (bias, product)]
        raise RuntimeError(
            f"self and mat2 must have the same dtype, but got {kinds[0]} and {kinds[1]}"
        )
    expanded_shape(bias, product.shape)
    return np.asarray(product + bias)


linear = Op(
    name="linear", family=FAMILY, category="linalg", symbol="xWᵀ+b",
    count=linear_count,
    doc="A linear layer: the input times the transposed weights, plus a bias.",
    ports=(
        Port(
            name="input", doc="Inputs, in the last dimension.",
            grad="matmul(g, weight) if len(weight_shape) == 2 else unsqueeze(g, -1) * weight",
        ),
        Port(
            name="weight", doc="A row of weights for each output.",
            grad=(
                "matmul(t(g), input) if len(input_shape) == len(weight_shape) == 2 else "
                "unsqueeze(g, -1) * input if len(weight_shape) == 1 else "
                "outer(g, input) if len(input_shape) == 1 else "
                "matmul(t(flatten(g, 0, -2)), flatten(input, 0, -2))"
            ),
        ),
        Port(name="bias", doc="A number added to each output.", grad="g", optional=True),
    ),
    forward=_linear, promotion="none", torch="torch.nn.functional.linear",
    meaning={
        "input": "each input reaches all outputs, weighed by its column of {weight}",
        "weight": "each weight counts as much as the input it is multiplied with",
        "bias": "the bias is added, so each unit of it moves {out} by one unit",
    },
    examples=(
        example(_MATRIX, _WEIGHT, [0.5, -0.5, 1.0, 2.0]), example(_MATRIX, _WEIGHT, None),
        example(_VECTOR, _WEIGHT, [0.5, -0.5, 1.0, 2.0]), example(_STACK, _WEIGHT, None),
    ),
    search=("dense layer", "fully connected layer", "affine map"), backward_name="AddmmBackward0",
    function=False, method=False,
    saving=Saving(copies={"weight": ("input",)}, when=stack_is_copied),
)  # fmt: skip

_BETA = Attr(name="beta", kind="number", default=1, keyword_only=True, doc="Factor on the input.")
_ALPHA = Attr(
    name="alpha", kind="number", default=1, keyword_only=True, doc="Factor on the product."
)


def _scaled(value: Array, factor: float) -> Array:
    return value if factor == 1 else np.multiply(value, value.dtype.type(factor))


def _added(input: Array, product: Array, beta: float, alpha: float) -> Array:
    array = np.asarray(input)
    expanded_shape(array, product.shape)
    scaled = _scaled(product, alpha)
    return np.asarray(scaled if beta == 0 else _scaled(array, beta) + scaled).astype(product.dtype)


def _sum_with(name: str, what: str, left: str, right: str, first: str, second: str) -> Op:
    ranks = {"mm": (2, 2), "mv": (2, 1), "bmm": (3, 3)}[what]

    def run(
        input: Array, first_factor: Array, second_factor: Array, beta: float, alpha: float
    ) -> Array:
        factors = np.asarray(first_factor), np.asarray(second_factor)
        for number, (factor, rank) in enumerate(zip(factors, ranks, strict=True), 1):
            if factor.ndim != rank:
                raise RuntimeError(
                    f"{name}: factor {number} must have {rank} dimensions, but has {factor.ndim}"
                )
        return _added(input, matmul.forward(*factors), beta, alpha)

    return Op(
        name=name, family=FAMILY, category="linalg", symbol="b+A@B",
        doc="A tensor plus the product of two others, each with a factor.",
        ports=(
            Port(name="input", doc="What the product is added to.", grad="g * beta"),
            Port(name=left, doc="The left factor.", grad=f"{first} * alpha"),
            Port(name=right, doc="The right factor.", grad=f"{second} * alpha"),
        ),
        attrs=(_BETA, _ALPHA), forward=run, promotion="none",
        meaning={
            "input": "{input} is added {beta} times, so that is its weight",
            left: f"each element of {{{left}}} is weighed by what it is multiplied with",
            right: f"each element of {{{right}}} is weighed by what it is multiplied with",
        },
        examples=(_EXAMPLES[what],), search=("sum with product",), in_place=True,
    )  # fmt: skip


_EXAMPLES = {
    "mm": example([[1.0, -1.0]], _MATRIX, _TALL, beta=0.5, alpha=2.0),
    "mv": example([1.0, -1.0], _MATRIX, _VECTOR, beta=0.5, alpha=2.0),
    "bmm": example([[1.0, -1.0]], [_MATRIX], [_TALL], beta=0.5, alpha=2.0),
}
addmm = _sum_with("addmm", "mm", "mat1", "mat2", "mm(g, t(mat2))", "mm(t(mat1), g)")
addmv = _sum_with("addmv", "mv", "mat", "vec", "outer(g, vec)", "mv(t(mat), g)")
baddbmm = _sum_with(
    "baddbmm", "bmm", "batch1", "batch2", "bmm(g, transpose(batch2, 1, 2))",
    "bmm(transpose(batch1, 1, 2), g)",
)  # fmt: skip


def _trace(input: Array) -> Array:
    array = np.asarray(input)
    if array.ndim != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {array.ndim}")
    if array.dtype == np.bool_:
        raise NotImplementedError("\"trace\" not implemented for 'Bool'")
    whole = array.dtype.kind in "iu"
    return np.asarray(np.trace(array, dtype=np.int64 if whole else array.dtype))


trace = Op(
    name="trace", family=FAMILY, category="linalg", symbol="tr",
    doc="The sum of the elements on the diagonal of a matrix.",
    ports=sole("mul(expand(g, input_shape), eye(input_shape[0], input_shape[1]))"),
    forward=_trace, promotion="none",
    meaning={"input": "only the diagonal of {input} is summed, each element of it once"},
    examples=(example(_MATRIX), example([[1.0, 2.0], [3.0, 4.0]])), search=("sum of diagonal",),
)  # fmt: skip


def _inner(input: Array, other: Array) -> Array:
    left, right = np.asarray(input), np.asarray(other)
    if not left.ndim or not right.ndim:
        return np.asarray(left * right)
    if left.dtype != right.dtype:
        raise RuntimeError("both inputs should have same dtype")
    if left.shape[-1] != right.shape[-1]:
        raise RuntimeError(
            "inner() the last dimension must match on both input tensors but got shapes "
            f"{list(left.shape)} and {list(right.shape)}"
        )
    return np.asarray(np.inner(left, right))


inner = Op(
    name="inner", family=FAMILY, category="linalg", symbol="⟨·,·⟩",
    doc="The sums of products over the last dimension of two tensors.",
    ports=(
        Port(
            name="input", doc="The first tensor.",
            grad=(
                "g * other if () in (input_shape, other_shape) else reshape(mm("
                "reshape(g, (count(input_shape[:-1]), count(other_shape[:-1]))), "
                "reshape(other, (count(other_shape[:-1]), other_shape[-1]))), input_shape)"
            ),
        ),
        Port(
            name="other", doc="The second tensor.",
            grad=(
                "g * input if () in (input_shape, other_shape) else reshape(mm("
                "t(reshape(g, (count(input_shape[:-1]), count(other_shape[:-1])))), "
                "reshape(input, (count(input_shape[:-1]), input_shape[-1]))), other_shape)"
            ),
        ),
    ),
    forward=_inner, promotion="none",
    meaning={
        "input": "each element of {input} is weighed by the elements of {other} it meets",
        "other": "each element of {other} is weighed by the elements of {input} it meets",
    },
    examples=(example(_VECTOR, _VECTOR), example(_MATRIX, _STACK)), search=("scalar products",),
    backward_name="ViewBackward0",
)  # fmt: skip
