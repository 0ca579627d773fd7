"""Products of vectors, matrices and stacks of matrices, with PyTorch's refusals."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from gradviz.ops.counts import matrix_count, outer_count
from gradviz.ops.dtypes import of_numpy
from gradviz.ops.spec import Array, Op, Port, Saving, Shape, example

FAMILY = "Linear algebra"
_MATRIX = [[1.5, -0.5, 2.0], [0.25, 3.0, -1.0]]
_TALL = [[0.5, 1.0], [-2.0, 0.25], [1.5, -1.0]]
_VECTOR = [0.5, -1.5, 2.0]
_STACK = [[[1.0, -2.0, 0.5], [0.25, 1.5, -1.0]], [[-0.5, 2.0, 1.0], [3.0, -1.0, 0.75]]]
_PAIR_STACK = [[[1.0, 0.5], [-1.0, 2.0], [0.25, -0.5]], [[2.0, -1.0], [0.5, 1.5], [-2.0, 1.0]]]
PRODUCT = {
    "input": "each element of {input} is weighed by the elements of {other} it meets",
    "other": "each element of {other} is weighed by the elements of {input} it meets",
}


def dtype_name(array: Array) -> str:
    """The name PyTorch's matrix products give a type in their errors: ``long int``."""
    names = {
        "float32": "float", "float64": "double", "float16": "c10::Half", "int64": "long int",
        "int32": "int", "int16": "short int", "int8": "signed char", "uint8": "unsigned char",
    }  # fmt: skip
    kind = of_numpy(array.dtype).name
    return names.get(kind, kind)


def times(first: Array, second: Array) -> str:
    """Two matrix shapes as an error names them: ``2x3 and 4x5``."""
    return " and ".join("x".join(map(str, a.shape)) for a in (first, second))


def check_types(left: Array, right: Array) -> None:
    """Refuse a product of two types, in the words of the product it would be."""
    if left.dtype == right.dtype:
        if left.dtype == np.bool_:
            raise NotImplementedError("\"addmm_impl_cpu_\" not implemented for 'Bool'")
        return
    names = [of_numpy(a.dtype).legacy_name for a in (left, right)]
    if left.ndim == 1 and right.ndim == 1:
        raise RuntimeError(
            f"dot : expected both vectors to have same dtype, but found {names[0]} and {names[1]}"
        )
    if right.ndim == 1:
        raise RuntimeError(
            "addmv input tensors must have the same dtype, but got "
            f"{names[1]}, {names[0]}, and {names[1]}"
        )
    if left.ndim > 2 and right.ndim > 2:
        raise RuntimeError(f"expected scalar type {names[0]} but found {names[1]}")
    raise RuntimeError(
        "expected m1 and m2 to have the same dtype, but got: "
        f"{dtype_name(left)} != {dtype_name(right)}"
    )


def check_dot(left: Array, right: Array) -> None:
    """Refuse a dot product of vectors that differ in length."""
    if left.size != right.size:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{left.size}] and src [{right.size}] to "
            f"have the same number of elements, but got {left.size} and {right.size} elements "
            "respectively"
        )


def check_matrix_vector(matrix: Array, vector: Array) -> None:
    """Refuse a vector whose length is not the matrix's width."""
    if matrix.shape[-1] != vector.size:
        rows = int(np.prod(matrix.shape[:-1]))
        raise RuntimeError(
            f"size mismatch, got input ({rows}), mat ({rows}x{matrix.shape[-1]}), "
            f"vec ({vector.size})"
        )


def check_matrices(left: Array, right: Array) -> None:
    """Refuse matrices of which the first's width is not the second's height."""
    if left.shape[-1] != right.shape[0]:
        folded = left.reshape(-1, left.shape[-1]) if left.size else left
        raise RuntimeError(f"mat1 and mat2 shapes cannot be multiplied ({times(folded, right)})")


def check_stacks(left: Array, right: Array) -> None:
    """Refuse stacks of matrices that do not fit or whose outer dimensions do not broadcast."""
    rank = max(left.ndim, right.ndim) - 2
    outer = [(1,) * (rank + 2 - a.ndim) + a.shape[:-2] for a in (left, right)]
    for axis, (a, b) in enumerate(zip(*outer, strict=True)):
        if 1 not in (a, b) and a != b:
            raise RuntimeError(
                f"The size of tensor a ({a}) must match the size of tensor b ({b}) at "
                f"non-singleton dimension {axis}"
            )
    if left.shape[-1] != right.shape[-2]:
        count = int(np.prod([max(a, b) if a and b else 0 for a, b in zip(*outer, strict=True)]))
        raise RuntimeError(
            "Expected size for first two dimensions of batch2 tensor to be: "
            f"[{count}, {left.shape[-1]}] but got: [{count}, {right.shape[-2]}]."
        )


def are_matrices(left: Array, right: Array) -> bool:
    """Whether these are two matrices of one floating-point type, of which little is to be asked."""
    return left.ndim == right.ndim == 2 and left.dtype is right.dtype and left.dtype.kind == "f"


LARGE = 4096
"""From how many elements on writing zeros into a product first takes longer than a call."""


def product(left: Array, right: Array) -> Array:
    """The product of two matrices that fit.

    NumPy's ``dot`` is called quickly, but fills its result with zeros before it computes.
    """
    small = left.shape[0] * right.shape[1] < LARGE
    return left.dot(right) if small else np.matmul(left, right)


def _matmul(input: Any, other: Any) -> Array:
    left, right = np.asarray(input), np.asarray(other)
    kind = left.dtype
    if left.ndim == right.ndim == 2 and kind is right.dtype and kind.kind == "f":
        rows, inner = left.shape
        height, columns = right.shape
        if inner == height:
            return left.dot(right) if rows * columns < LARGE else np.matmul(left, right)
    if not left.ndim or not right.ndim:
        raise RuntimeError(
            "both arguments to matmul need to be at least 1D, but they are "
            f"{left.ndim}D and {right.ndim}D"
        )
    check_types(left, right)
    if left.ndim == 1 and right.ndim == 1:
        check_dot(left, right)
    elif right.ndim == 1:
        check_matrix_vector(left, right)
    elif right.ndim == 2:
        check_matrices(left[None] if left.ndim == 1 else left, right)
    else:
        check_stacks(left[None] if left.ndim == 1 else left, right)
    return np.asarray(np.matmul(left, right))


_MATMUL_NAMES = {
    (1, 1): "DotBackward0", (1, 2): "SqueezeBackward4", (2, 1): "MvBackward0",
    (2, 2): "MmBackward0",
}  # fmt: skip


def _matmul_name(shapes: tuple[Shape | None, ...], _: Mapping[str, Any]) -> str:
    left, right = (len(shape or ()) for shape in shapes)
    return _MATMUL_NAMES.get((left, right), "UnsafeViewBackward0")


def merges(sizes: Shape, strides: Shape) -> bool:
    """Whether dimensions can be read as a single one without copying."""
    real = [(n, step) for n, step in zip(sizes, strides, strict=True) if n != 1]
    if any(n == 0 for n, _ in real):
        return True
    return all(a == n * b for (_, a), (n, b) in pairwise(real))


def stack_is_copied(record: Any, position: int, array: Array) -> bool:
    """Whether PyTorch's product reads a stack from a copy, brought to one batch dimension."""
    if array.ndim < 3:
        return False
    shapes: tuple[Shape, ...] = record.shapes[:2]
    left, right = (shape[:-2] for shape in shapes)
    single = [
        len(left) == len(right) == 1 != other[0] and own == (1,) and record.parents[i] is not None
        for i, (own, other) in enumerate(((left, right), (right, left)))
    ]
    if any(single) and single.index(True) == position:
        return False
    if any(single) or not left or not right:
        # The other one is a matrix: this one's rows become those of a single matrix.
        rows = array.swapaxes(-1, -2) if position else array
        return not merges(rows.shape[:-1], rows.strides[:-1])
    batch = np.broadcast_shapes(left, right)
    stretched = np.broadcast_to(array, batch + array.shape[-2:])
    return not merges(batch, stretched.strides[:-2])


matmul = Op(
    name="matmul", family=FAMILY, category="linalg", symbol="@",
    count=matrix_count,
    doc="The product of vectors, matrices, or stacks of matrices.",
    ports=(
        Port(
            name="input", doc="The left factor.",
            grad=(
                "matmul(g, t(other)) if len(input_shape) == len(other_shape) == 2 else "
                "unsqueeze(g, -1) * other if len(other_shape) == 1 else "
                "matmul(g, transpose(other, -2, -1)) if len(input_shape) > 1 else "
                "squeeze_dim(matmul(unsqueeze(g, -2), transpose(other, -2, -1)), -2)"
            ),
        ),
        Port(
            name="other", doc="The right factor.",
            grad=(
                "matmul(t(input), g) if len(input_shape) == len(other_shape) == 2 else "
                "unsqueeze(g, -1) * input if len(other_shape) == 1 else "
                "unsqueeze(input, -1) * unsqueeze(g, -2) if len(input_shape) == 1 else "
                "matmul(t(flatten(input, 0, -2)), flatten(g, 0, -2)) if len(other_shape) == 2 else "
                "matmul(transpose(input, -2, -1), g)"
            ),
        ),
    ),
    forward=_matmul, promotion="none", source="{input} @ {other}", meaning=PRODUCT,
    backward_name=_matmul_name,
    examples=(
        example(_MATRIX, _TALL), example(_VECTOR, _VECTOR), example(_MATRIX, _VECTOR),
        example(_VECTOR, _TALL), example(_STACK, _TALL), example(_STACK, _PAIR_STACK),
        example(_STACK, _VECTOR), example(_VECTOR, _PAIR_STACK), example(_MATRIX, _PAIR_STACK),
    ),
    search=("matrix product", "matrix multiplication", "dot product"),
    saving=Saving(
        copies={"input": ("other",), "other": ("input",)}, when=stack_is_copied,
    ),
)  # fmt: skip


def _mm(input: Array, mat2: Array) -> Array:
    for name, array in (("self", input), ("mat2", mat2)):
        if np.ndim(array) != 2:
            raise RuntimeError(f"{name} must be a matrix")
    if np.shape(input)[1] == 2 == np.shape(mat2)[0] and not mat2.flags.c_contiguous:
        # Two terms with a transposed matrix: rounded apart and then added, as PyTorch does it.
        return input[:, :1] * mat2[:1] + input[:, 1:] * mat2[1:]
    return _matmul(input, mat2)


mm = Op(
    name="mm", family=FAMILY, category="linalg", symbol="@",
    count=matrix_count,
    doc="The product of two matrices.",
    ports=(
        Port(name="input", doc="The left matrix.", grad="mm(g, t(mat2))"),
        Port(name="mat2", doc="The right matrix.", grad="mm(t(input), g)"),
    ),
    forward=_mm, promotion="none",
    meaning={
        "input": "row by row, {input} is weighed by the rows of {mat2}",
        "mat2": "column by column, {mat2} is weighed by the columns of {input}",
    },
    examples=(example(_MATRIX, _TALL),), search=("matrix product",),
)  # fmt: skip


def _mv(input: Array, vec: Array) -> Array:
    if np.ndim(input) != 2 or np.ndim(vec) != 1:
        raise RuntimeError(
            f"vector + matrix @ vector expected, got 1, {np.ndim(input)}, {np.ndim(vec)}"
        )
    return _matmul(input, vec)


mv = Op(
    name="mv", family=FAMILY, category="linalg", symbol="@",
    count=matrix_count,
    doc="The product of a matrix and a vector.",
    ports=(
        Port(name="input", doc="The matrix.", grad="outer(g, vec)"),
        Port(name="vec", doc="The vector.", grad="mv(t(input), g)"),
    ),
    forward=_mv, promotion="none",
    meaning={
        "input": "each column of {input} is weighed by one element of {vec}",
        "vec": "each element of {vec} is weighed by one column of {input}",
    },
    examples=(example(_MATRIX, _VECTOR),), search=("matrix vector product",),
)  # fmt: skip


def _dot(input: Array, tensor: Array) -> Array:
    if np.ndim(input) != 1 or np.ndim(tensor) != 1:
        raise RuntimeError(
            f"1D tensors expected, but got {np.ndim(input)}D and {np.ndim(tensor)}D tensors"
        )
    return _matmul(input, tensor)


dot = Op(
    name="dot", family=FAMILY, category="linalg", symbol="·",
    doc="The sum of the products of the elements of two vectors.",
    ports=(
        Port(name="input", doc="The first vector.", grad="g * tensor"),
        Port(name="tensor", doc="The second vector.", grad="g * input"),
    ),
    forward=_dot, promotion="none",
    meaning={
        "input": "each element of {input} counts as much as its partner in {tensor}",
        "tensor": "each element of {tensor} counts as much as its partner in {input}",
    },
    examples=(example(_VECTOR, [1.0, 2.0, -0.5]),), search=("inner product", "scalar product"),
)  # fmt: skip


def _bmm(input: Array, mat2: Array) -> Array:
    for number, array in enumerate((input, mat2), 1):
        if np.ndim(array) != 3:
            raise RuntimeError(f"batch{number} must be a 3D tensor")
    if input.shape[0] != mat2.shape[0] or input.shape[2] != mat2.shape[1]:
        raise RuntimeError(
            "Expected size for first two dimensions of batch2 tensor to be: "
            f"{[input.shape[0], input.shape[2]]} but got: {list(mat2.shape[:2])}."
        )
    return _matmul(input, mat2)


bmm = Op(
    name="bmm", family=FAMILY, category="linalg", symbol="@",
    count=matrix_count,
    doc="The products of the matrices in two stacks, pair by pair.",
    ports=(
        Port(name="input", doc="The left stack.", grad="bmm(g, transpose(mat2, 1, 2))"),
        Port(name="mat2", doc="The right stack.", grad="bmm(transpose(input, 1, 2), g)"),
    ),
    forward=_bmm, promotion="none",
    meaning={
        "input": "in each matrix of the stack, {input} is weighed by the rows of {mat2}",
        "mat2": "in each matrix of the stack, {mat2} is weighed by the columns of {input}",
    },
    examples=(example(_STACK, _PAIR_STACK),), search=("batch matrix product",),
)  # fmt: skip


def _outer(input: Array, vec2: Array) -> Array:
    for name, array in (("self", input), ("vec2", vec2)):
        if np.ndim(array) != 1:
            raise RuntimeError(f"outer: Expected 1-D argument {name}, but got {np.ndim(array)}-D")
    return np.multiply.outer(input, vec2)


outer = Op(
    name="outer", family=FAMILY, category="linalg", symbol="⊗",
    count=outer_count,
    doc="Every element of one vector times every element of another.",
    ports=(
        Port(name="input", doc="The vector down the rows.", grad="sum(g * vec2, (1,))"),
        Port(name="vec2", doc="The vector along the columns.", grad="sum(t(g) * input, (1,))"),
    ),
    forward=_outer,
    meaning={
        "input": "each element of {input} makes a row: {vec2} weighed by it",
        "vec2": "each element of {vec2} makes a column: {input} weighed by it",
    },
    examples=(example(_VECTOR, [1.0, -0.5]),), aliases=("ger",), search=("tensor product",),
    backward_name="MulBackward0",
)  # fmt: skip
