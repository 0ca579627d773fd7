"""Determinants: by how much matrices stretch volumes; exponentials of matrices."""

from __future__ import annotations

import numpy as np

from gradviz.ops.matrices import FAMILY, SQUARE, SQUARES, each, squares
from gradviz.ops.matrix_exponential import matrix_exponential
from gradviz.ops.shape import sole
from gradviz.ops.spec import Array, Op, Port, Saving, example


def _det(input: Array) -> Array:
    return np.asarray(np.linalg.det(squares("linalg.det", input)))


det = Op(
    name="det", family=FAMILY, category="linalg", symbol="det",
    doc="The determinant of every square matrix: by how much it stretches a volume.",
    ports=sole("det_gradient(g, out, input)"), forward=_det, promotion="none",
    torch="torch.linalg.det",
    meaning={"input": "an element counts as much as the determinant of what is left without its "
             "row and column"},
    examples=(example(SQUARE), example(SQUARES)), search=("determinant",),
    backward_name="LinalgDetBackward0",
)  # fmt: skip


def _slogdet(input: Array) -> tuple[Array, Array]:
    sign, size = np.linalg.slogdet(squares("linalg.slogdet", input))
    return np.asarray(sign), np.asarray(size)


slogdet = Op(
    name="slogdet", family=FAMILY, category="linalg", symbol="ln|det|",
    doc="The sign of every determinant, and the logarithm of its size.",
    ports=(Port(
        name="input", doc="Square matrices.",
        grad="None if gs[1] is None else "
        "unsqueeze(unsqueeze(gs[1], -1), -1) * transpose(inverse(input), -2, -1)",
    ),),
    outputs=("sign", "logabsdet"), forward=_slogdet, promotion="none",
    torch="torch.linalg.slogdet",
    meaning={"input": "an element counts as much as its partner in the inverse, transposed"},
    examples=(example(SQUARE), example(SQUARES)), search=("log determinant",),
    backward_name="LinalgSlogdetBackward0",
    saving=Saving(keeps={"input": ("sign",)}),
)  # fmt: skip


def _matrix_exp(input: Array) -> Array:
    array = squares("linalg.matrix_exp", input)
    result = np.array(array)
    if array.size:
        for place, matrix in each(array):
            result[place] = matrix_exponential(matrix)
    return result


matrix_exp = Op(
    name="matrix_exp", family=FAMILY, category="linalg", symbol="eᴬ",
    doc="The exponential of every square matrix: the sum of its powers over factorials.",
    ports=sole("matrix_exp_gradient(g, input)"), forward=_matrix_exp, promotion="none",
    torch="torch.linalg.matrix_exp",
    meaning={"input": "a change of {input} counts once for each place it has in each power"},
    examples=(example(SQUARE), example(SQUARES)), search=("matrix exponential",),
    backward_name="LinalgMatrixExpBackward0",
)  # fmt: skip
