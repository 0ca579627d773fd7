from typing import Any

import pytest

import gradviz as gv


def pairwise_distance(*_: Any) -> Any:
    raise AssertionError("PyTorch's own function must not run")


def linalg_det(*_: Any) -> Any:
    raise AssertionError("PyTorch's own function must not run")


def no_such_function(*_: Any) -> Any:
    raise AssertionError("PyTorch's own function must not run")


def asked(func: Any, *args: Any, **kwargs: Any) -> Any:
    func.__module__ = "torch"
    kind: Any = gv.Tensor
    return kind.__torch_function__(func, (kind,), args, kwargs)


def test_our_function_of_the_same_name_runs() -> None:
    found = asked(pairwise_distance, gv.tensor([[3.0, 4.0]]), gv.zeros(1, 2), eps=0.0)
    assert found.tolist() == [5.0]
    assert asked(linalg_det, gv.tensor([[2.0, 0.0], [0.0, 3.0]])).item() == pytest.approx(6.0)


def test_what_is_not_here_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="no implementation of PyTorch's 'no_such_function'"):
        asked(no_such_function, gv.ones(1))


def test_pytorch_itself_takes_our_tensors() -> None:
    torch = pytest.importorskip("torch")
    x = gv.tensor([[3.0, 4.0]], requires_grad=True)
    assert isinstance(torch.pairwise_distance(x, gv.zeros(1, 2)), gv.Tensor)
    torch.nn.functional.relu(x).sum().backward()
    assert x.grad.tolist() == [[1.0, 1.0]]
    assert isinstance(torch.linalg.det(gv.ones(2, 2)), gv.Tensor)
    with pytest.raises(TypeError):
        torch.fft.fft(x)
