"""Tensors on other memory, the older constructors, limits of types, sizes, questions of kind."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import gradviz

gv: Any = gradviz


def test_asarray_shares_what_it_can() -> None:
    array = np.ones(2, np.float32)
    shared = gv.asarray(array)
    array[0] = 5
    assert shared.tolist() == [5.0, 1.0]
    assert gv.asarray(shared) is shared
    assert gv.asarray(shared, copy=True) is not shared
    assert gv.asarray([1, 2], dtype=gv.float64).dtype is gv.float64
    assert gv.asarray([1.0], requires_grad=True).requires_grad
    assert gv.asarray(bytearray(b"ab"), dtype=gv.uint8).tolist() == [97, 98]
    with pytest.raises(ValueError, match="can't alias arbitrary sequence into a tensor"):
        gv.asarray([1], copy=False)
    with pytest.raises(ValueError, match="can't alias tensor with dtype 'Double' into dtype 'Flo"):
        gv.asarray(np.ones(2), dtype=gv.float32, copy=False)


@pytest.mark.parametrize(
    ("data", "settings", "message"),
    [
        (b"", {}, r"both buffer length \(0\) and count \(-1\) must not be 0"),
        (b"abcd", {"count": 0}, r"both buffer length \(4\) and count \(0\) must not be 0"),
        (b"abcd", {"offset": 4}, r"offset \(4 bytes\) must be non-negative and no greater than"),
        (b"abcd", {"count": 9}, r"requested buffer length \(9 \* 1 bytes\) after offset"),
        (b"abcde", {"dtype": "float32"}, "must be a multiple of element size"),
        ([1], {}, "object does not implement Python buffer protocol."),
    ],
)
def test_buffers_are_checked(data: Any, settings: Any, message: str) -> None:
    kind = getattr(gv, settings.pop("dtype", "uint8"))
    with pytest.raises(ValueError, match=message):
        gv.frombuffer(bytearray(data) if isinstance(data, bytes) else data, dtype=kind, **settings)


def test_a_buffer_is_shared() -> None:
    data = bytearray(b"abcd")
    found = gv.frombuffer(data, dtype=gv.uint8, count=2, offset=1)
    found.zero_()
    assert data == b"a\0\0d"


def test_new_tensors_take_after_the_old() -> None:
    x = gv.ones(2, dtype=gv.float64)
    assert x.new_tensor([1, 2]).dtype is gv.float64
    assert x.new_tensor([1, 2], dtype=gv.int32).dtype is gv.int32
    assert x.new_empty((2, 3)).shape == (2, 3)
    assert x.new_empty_strided((2, 3), (1, 2)).stride() == (1, 2)
    assert x.new([1, 2]).dtype is gv.float64
    assert x.new(2).shape == (2,)


def test_the_older_constructors() -> None:
    assert gv.Tensor([1, 2]).dtype is gv.float32
    assert gv.Tensor(2, 3).shape == (2, 3)
    assert gv.Tensor().shape == (0,)
    assert gv.LongTensor([1, 2]).tolist() == [1, 2]
    assert gv.IntTensor(np.ones(2)).dtype is gv.int32
    assert gv.FloatTensor(gv.Size([2])).shape == (2,)
    assert isinstance(gv.ones(1), gv.FloatTensor)
    assert not isinstance(gv.ones(1), gv.LongTensor)
    with pytest.raises(TypeError, match=r"new\(\): data must be a sequence \(got float\)"):
        gv.Tensor(5.0)
    (gv.Tensor([3.0]).requires_grad_() * 2).backward()


def test_limits_of_types() -> None:
    assert repr(gv.finfo(gv.float32)) == (
        "finfo(resolution=1e-06, min=-3.40282e+38, max=3.40282e+38, eps=1.19209e-07, "
        "smallest_normal=1.17549e-38, tiny=1.17549e-38, dtype=float32)"
    )
    assert repr(gv.iinfo(gv.int32)) == "iinfo(min=-2.14748e+09, max=2.14748e+09, dtype=int32)"
    assert (gv.iinfo(gv.uint8).max, gv.iinfo(gv.int64).bits) == (255, 64)
    assert gv.finfo().eps == gv.finfo(gv.float32).eps == 2.0**-23
    for wrong in (lambda: gv.iinfo(gv.float32), lambda: gv.finfo(gv.int32), lambda: gv.iinfo("x"),
                  lambda: gv.iinfo(gv.bool)):  # fmt: skip
        with pytest.raises(TypeError):
            wrong()


def test_a_size_stays_a_size() -> None:
    size = gv.Size([1, 2])
    for found in (size + size, 3 * size, size * 2, 2 * size, size[1:], copy.deepcopy(size),
                  pickle.loads(pickle.dumps(size)), gv.ones(2, 3).shape[:1]):  # fmt: skip
        assert type(found) is gv.Size
    assert list(size * 2) == [1, 2, 1, 2]
    assert size[1] == 2
    assert gv.Size([gv.tensor(2)]).numel() == 2
    with pytest.raises(TypeError, match=r"takes an iterable of 'int' \(item 0 is 'str'\)"):
        gv.Size(["a"])
    with pytest.raises(TypeError, match="'int' object is not iterable"):
        gv.Size(2)


def test_questions_of_kind_have_the_answers_of_a_plain_tensor() -> None:
    x = gv.ones(2, 3)
    assert (x.is_cpu, x.is_cuda, x.is_sparse, x.is_complex(), x.is_pinned()) == (
        True, False, False, False, False,
    )  # fmt: skip
    assert (repr(x.layout), x.get_device(), x.name) == ("torch.strided", -1, None)
    assert x.cpu() is x
    assert x.resolve_conj() is x
    assert x.adjoint().shape == (3, 2)
    assert gv.is_floating_point(x)
    assert gv.tensor([2.0]).is_nonzero()
    assert gv.ones(3, requires_grad=True).unbind()[2].output_nr == 2
    assert gv.typename(x) == "torch.FloatTensor"
    with pytest.raises(RuntimeError, match="imag is not implemented"):
        _ = x.imag


def test_shapes_together_and_places_apart() -> None:
    assert gv.broadcast_shapes((2, 1), 3) == (2, 3)
    with pytest.raises(RuntimeError, match="Attempting to broadcast a dimension of length 3 at -1"):
        gv.broadcast_shapes((2,), (3,))
    rows, columns = gv.unravel_index(gv.tensor([3, 5]), (2, 3))
    assert (rows.tolist(), columns.tolist()) == ([1, 1], [0, 2])
    assert gv.nonzero_static(gv.tensor([1, 0, 1]), size=3).tolist() == [[0], [2], [-1]]
    assert gv.can_cast(gv.int32, gv.float32)
    assert not gv.can_cast(gv.float32, gv.int32)
