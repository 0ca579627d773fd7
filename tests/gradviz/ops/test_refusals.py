"""What operations refuse and in which words, as recorded from PyTorch 2.13."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import pytest

import gradviz as gv

ONES = gv.ones(3)
MASK = ONES > 0

REFUSED: list[tuple[str, Any, type[Exception], str]] = [
    ("arange to nowhere", lambda: gv.arange(0, gv.inf), RuntimeError,
     "unsupported range: 0 -> inf"),
    ("eye of less than nothing", lambda: gv.eye(2, -3), RuntimeError,
     "m must be greater or equal to 0, got -3"),
    ("full beyond the type", lambda: gv.full((2,), 300, dtype=gv.uint8), RuntimeError,
     "value cannot be converted to type uint8_t without overflow"),
    ("masked_fill beyond the type", lambda: gv.masked_fill(ONES.long(), MASK, gv.inf),
     RuntimeError, "value cannot be converted to type int64_t without overflow"),
    ("fill_ beyond the type", lambda: gv.ones(2).fill_(1e300), RuntimeError,
     "value cannot be converted to type float without overflow"),
    ("cross of two types", lambda: gv.linalg.cross(ONES, ONES.double()), RuntimeError,
     "expected scalar type Float but found Double"),
    ("lerp of two types", lambda: gv.lerp(ONES, ONES.double(), 0.5), RuntimeError,
     "expected dtype float for `end` but got dtype double"),
    ("put of another type", lambda: gv.put(ONES, gv.tensor([0]), gv.tensor([1])), RuntimeError,
     "put_(): self and source expected to have the same dtype, but got self.dtype = Float and "
     "source.dtype = Long"),
    ("layer_norm with a wider bias",
     lambda: gv.nn.functional.layer_norm(ONES, (3,), ONES, ONES.double()), RuntimeError,
     "expected scalar type Float but found Double"),
    ("layer_norm with a narrower weight",
     lambda: gv.nn.functional.layer_norm(ONES.double(), (3,), ONES), RuntimeError,
     "mixed dtype (CPU): all inputs must share same datatype."),
    ("masked_scatter by numbers", lambda: gv.masked_scatter(ONES, ONES, ONES), RuntimeError,
     "masked_scatter_ only supports boolean masks, but got mask with dtype Float"),
    ("aminmax of nothing", lambda: gv.aminmax(gv.ones(5, 0)), RuntimeError,
     "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity."),
    ("aminmax along nothing", lambda: gv.aminmax(gv.ones(5, 0), dim=1), IndexError,
     "aminmax: Expected reduction dim 1 to have non-zero size."),
    ("mean as whole numbers", lambda: gv.mean(ONES, dtype=gv.int64), RuntimeError,
     "mean(): could not infer output dtype. Optional dtype must be either a floating point or "
     "complex dtype. Got: Long"),
    ("roll by nothing", lambda: gv.roll(ONES, ()), RuntimeError, "`shifts` required"),
    ("roll without dimensions", lambda: gv.roll(gv.tensor(1.0), 0, 0), IndexError,
     "Dimension specified as 0 but tensor has no dimensions"),
    ("rot90 in no plane", lambda: gv.rot90(gv.ones(2, 2), 1, (1, -1)), RuntimeError,
     "expected rotation dims to be different, but got dim0 = 1 and dim1 = -1"),
    ("hstack of nothing", lambda: gv.hstack([]), RuntimeError,
     "hstack expects a non-empty TensorList"),
    ("narrow from many", lambda: gv.narrow(ONES, 0, gv.tensor([1]), 1), RuntimeError,
     "start must be an 0-dim integral Tensor."),
    ("narrow_copy along nothing", lambda: gv.narrow_copy(ONES, 0, 0, -1), RuntimeError,
     "start (0) + length (-1) exceeds dimension size (3)."),
    ("linspace from many", lambda: gv.linspace(ONES, 2, 3), RuntimeError,
     "linspace only supports 0-dimensional start and end tensors, but got start with 1 "
     "dimension(s)."),
    ("scatter of another rank",
     lambda: gv.ones(2, 2).scatter(0, gv.tensor([[9, 0]]), gv.ones(1, 2, 1)), RuntimeError,
     "Index tensor must have the same number of dimensions as src tensor"),
    ("isclose within less than nothing", lambda: gv.isclose(ONES, ONES, rtol=-0.4), RuntimeError,
     "rtol must be greater than or equal to zero, but got -0.4"),
    ("isclose of two types", lambda: gv.isclose(ONES, ONES.double()), RuntimeError,
     "Float did not match Double"),
    ("multinomial without end",
     lambda: gv.multinomial(gv.tensor([1.0, gv.inf]), 2, True), RuntimeError,
     "invalid multinomial distribution (encountering probability entry = infinity or NaN)"),
    ("reversed quotient of numbers", lambda: attrgetter("__rdiv__")(gv.Tensor)(2, ONES),
     AttributeError,
     "'int' object has no attribute 'reciprocal'"),
    ("reversed sum of numbers", lambda: gv.Tensor.__radd__(2, 3), TypeError,
     "descriptor '__radd__' for 'Tensor' objects doesn't apply to a 'int' object"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "kind", "message"), [r[1:] for r in REFUSED],
                         ids=[r[0] for r in REFUSED])  # fmt: skip
def test_what_is_refused(call: Any, kind: type[Exception], message: str):
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value) == message
    assert type(caught.value) is kind


def test_infinities_and_negative_bytes_are_held_where_the_type_can():
    assert gv.masked_fill(ONES, MASK, -gv.inf).tolist() == [-gv.inf] * 3
    assert gv.ones(1, dtype=gv.uint8).fill_(-1).tolist() == [255]
