"""Inverses, pseudo-inverses, and systems of linear equations."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.ops.dtypes import of_numpy
from gradviz.ops.matrices import (
    FAMILY,
    SQUARE,
    SQUARES,
    TALL,
    WIDE,
    check_real,
    check_regular,
    lu_of,
    matrices,
    mT,
    squares,
)
from gradviz.ops.spec import Array, Attr, Op, Port, Saving, example

_INVERTED = {"input": "a change of {input} goes through the inverse twice, and against it"}
_INVERSE_RULE = "-matmul(matmul(transpose({0}, -2, -1), g), transpose({0}, -2, -1))"
_SINGULAR = "diagonal element {k} is zero, the inversion could not be completed"


def _inverse(input: Array, name: str = "linalg.inv") -> Array:
    array = squares(name, input)
    try:
        return np.linalg.inv(array)
    except np.linalg.LinAlgError:
        check_regular(name, _SINGULAR, array)
        raise


inverse = Op(
    name="inverse", family=FAMILY, category="linalg", symbol="A⁻¹",
    doc="The inverse of every square matrix: what the matrix is undone by.",
    ports=(Port(name="input", doc="Square matrices.", grad=_INVERSE_RULE.format("out")),),
    forward=_inverse, promotion="none", torch="torch.linalg.inv", meaning=_INVERTED,
    examples=(example(SQUARE), example(SQUARES)), search=("inverse matrix",),
    backward_name="LinalgInvExBackward0",
)  # fmt: skip


def _inv_ex(A: Array, check_errors: bool) -> tuple[Array, Array]:
    array = squares("linalg.inv_ex", A)
    info = lu_of(array)[2]
    if not info.any():
        return np.linalg.inv(array), info
    if check_errors:
        check_regular("linalg.inv_ex", _SINGULAR, array)
    regular = np.where(np.expand_dims(info == 0, (-1, -2)), array, np.eye(array.shape[-1]))
    return np.linalg.inv(regular).astype(array.dtype), info


CHECK_ERRORS = Attr(
    name="check_errors", kind="bool", default=False, keyword_only=True,
    doc="Fail where a matrix cannot be worked on, rather than say so in the info.",
)  # fmt: skip

inv_ex = Op(
    name="linalg_inv_ex", family=FAMILY, category="linalg", symbol="A⁻¹",
    doc="The inverses of square matrices, and for each 0 or the pivot that was zero.",
    ports=(Port(name="A", doc="Square matrices.", grad=_INVERSE_RULE.format("inverse_")),),
    attrs=(CHECK_ERRORS,), outputs=("inverse_", "info"), forward=_inv_ex, promotion="none",
    torch="torch.linalg.inv_ex", meaning={"A": _INVERTED["input"].replace("input", "A")},
    examples=(example(SQUARE),), function=False, method=False,
)  # fmt: skip


def is_vector(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Whether right sides of shape ``b`` are a vector for each matrix of a stack of shape ``a``."""
    return len(b) == 1 or (len(a) - 1 == len(b) and tuple(a[:-1]) == tuple(b))


def _solve(A: Array, B: Array, left: bool) -> Array:
    array, right = squares("linalg.solve", A), np.asarray(B)
    check_real("linalg.solve", right)
    if array.dtype != right.dtype:
        kinds = [of_numpy(a.dtype).legacy_name for a in (array, right)]
        raise RuntimeError(
            "linalg.solve: Expected A and B to have the same dtype, but found A of type "
            f"{kinds[0]} and B of type {kinds[1]} instead"
        )
    vector = is_vector(array.shape, right.shape)
    if vector and not left:
        raise RuntimeError(
            "linalg.solve: Vector broadcasting of the left hand side is not supported for "
            "left=False. In this case linalg.solve is equivalent to B / A.squeeze(-1)"
        )
    columns = right[..., None] if vector else right
    try:
        if left:
            found = np.linalg.solve(array, columns)
        else:
            found = mT(np.linalg.solve(mT(array), mT(columns)))
    except np.linalg.LinAlgError:
        check_regular("torch.linalg.solve", "solver failed", array)
        raise
    return found[..., 0] if vector else found


LEFT = Attr(
    name="left", kind="bool", default=True, keyword_only=True,
    doc="Solve AX = B rather than XA = B.",
)  # fmt: skip
_SOLVE_PORTS = (
    Port(name="A", doc="Square matrices.",
         grad="solve_matrix_gradient(g, {x}, A, B_shape, left)"),
    Port(name="B", doc="The right sides: matrices, or a vector for each matrix.",
         grad="solve_side_gradient(g, A, B_shape, left)"),
)  # fmt: skip
_SOLVED = {
    "A": "a change of {A} goes through the inverse, and against the solution",
    "B": "a change of {B} goes through the inverse of {A}",
}


def _solve_ports(solution: str) -> tuple[Port, ...]:
    return tuple(
        Port(name=p.name, doc=p.doc, grad=(p.grad or "").replace("{x}", solution))
        for p in _SOLVE_PORTS
    )


solve = Op(
    name="linalg_solve", family=FAMILY, category="linalg", symbol="A⁻¹B",
    doc="The solution X of the equations AX = B.", ports=_solve_ports("out"), attrs=(LEFT,),
    forward=_solve, promotion="none", torch="torch.linalg.solve", meaning=_SOLVED,
    examples=(
        example(SQUARE, TALL), example(SQUARE, [1.0, -2.0, 0.5]), example(SQUARES, [1.0, -2.0]),
        example(SQUARE, WIDE, left=False),
    ),
    search=("linear equations",), function=False, method=False,
    saving=Saving(keeps={"B": ("out",)}),
)  # fmt: skip


def _solve_ex(A: Array, B: Array, left: bool, check_errors: bool) -> tuple[Array, Array]:
    return _solve(A, B, left), lu_of(np.asarray(A))[2]


solve_ex = Op(
    name="linalg_solve_ex", family=FAMILY, category="linalg", symbol="A⁻¹B",
    doc="The solution X of the equations AX = B, and 0 for each that was found.",
    ports=_solve_ports("result"), attrs=(LEFT, CHECK_ERRORS), outputs=("result", "info"),
    forward=_solve_ex, promotion="none", torch="torch.linalg.solve_ex", meaning=_SOLVED,
    examples=(example(SQUARE, TALL),), function=False, method=False,
    saving=Saving(keeps={"B": ("result",)}),
)  # fmt: skip


def triangle(array: Array, upper: bool, unitriangular: bool) -> Array:
    """One triangle of every matrix, with ones on the diagonal where it is to be taken so."""
    if not unitriangular:
        return np.triu(array) if upper else np.tril(array)
    strict = np.triu(array, 1) if upper else np.tril(array, -1)
    return strict + np.eye(array.shape[-1], dtype=array.dtype)


def _solve_triangular(A: Array, B: Array, upper: bool, left: bool, unitriangular: bool) -> Array:
    array = triangle(squares("linalg.solve_triangular", A), upper, unitriangular)
    right = matrices("linalg.solve_triangular", B, "B").astype(array.dtype, copy=False)
    if left:
        return np.linalg.solve(array, right)
    return mT(np.linalg.solve(mT(array), mT(right)))


UPPER = Attr(name="upper", kind="bool", keyword_only=True, doc="Take the upper triangle.")
UNIT = Attr(
    name="unitriangular", kind="bool", default=False, keyword_only=True,
    doc="Take the diagonal to be ones, whatever it is.",
)  # fmt: skip

solve_triangular = Op(
    name="linalg_solve_triangular", family=FAMILY, category="linalg", symbol="L⁻¹B",
    doc="The solution X of AX = B where only one triangle of A counts.",
    ports=(
        Port(name="A", doc="Matrices, one triangle of which counts.",
             grad="triangular_gradient(g, out, A, upper, left, unitriangular)"),
        Port(name="B", doc="The right sides.",
             grad="linalg_solve_triangular(transpose(A, -2, -1), g, not upper, left, "
             "unitriangular)"),
    ),
    attrs=(UPPER, LEFT, UNIT), forward=_solve_triangular, promotion="none",
    torch="torch.linalg.solve_triangular", meaning=_SOLVED,
    examples=(
        example(SQUARE, TALL, upper=True), example(SQUARE, TALL, upper=False, unitriangular=True),
        example(SQUARE, WIDE, upper=False, left=False),
    ),
    function=False, method=False,
    saving=Saving(keeps={"B": ("out",)}),
)  # fmt: skip


def _tolerance(array: Array, largest: Array, atol: Any, rtol: Any) -> Array:
    """From which singular value on a matrix counts as having a direction."""
    low = np.asarray(0.0 if atol is None else atol)
    if rtol is None:
        default = max(array.shape[-2:]) * np.finfo(array.dtype).eps
        share = np.where(low > 0, 0.0, default)
    else:
        share = np.asarray(rtol)
    return np.maximum(low, share * largest)


def _pinv(A: Array, atol: Any, rtol: Any, hermitian: bool) -> Array:
    array = matrices("linalg.pinv", A)
    if not array.size:
        return np.zeros((*array.shape[:-2], array.shape[-1], array.shape[-2]), array.dtype)
    if hermitian:
        values, vectors = np.linalg.eigh(array)
        left, size, right = vectors, np.abs(values), mT(vectors * np.sign(values)[..., None, :])
    else:
        left, size, right = np.linalg.svd(array, full_matrices=False)
    bound = _tolerance(array, np.max(size, axis=-1), atol, rtol)
    kept = size > np.expand_dims(bound, -1)
    inverted = np.where(kept, 1 / np.where(kept, size, 1), 0)
    return np.asarray(mT(right) * inverted[..., None, :] @ mT(left)).astype(array.dtype)


def _bound(name: str, doc: str) -> Attr:
    return Attr(name=name, kind="array", default=None, optional=True, keyword_only=True, doc=doc)


pinv = Op(
    name="linalg_pinv", family=FAMILY, category="linalg", symbol="A⁺",
    doc="The pseudo-inverse: the inverse as far as there is one, for any shape.",
    ports=(Port(name="A", doc="Matrices.", grad="pinv_gradient(g, out, A)"),),
    attrs=(
        _bound("atol", "Singular values up to this count as zero."),
        _bound("rtol", "So do those up to this share of the largest."),
        Attr(name="hermitian", kind="bool", default=False, keyword_only=True,
             doc="Take the matrices to be symmetric."),
    ),
    forward=_pinv, promotion="none", torch="torch.linalg.pinv",
    meaning={"A": "a change of {A} goes through the pseudo-inverse twice, and against it"},
    examples=(example(SQUARE), example(TALL), example(WIDE)), search=("Moore–Penrose inverse",),
    function=False, method=False,
)  # fmt: skip
