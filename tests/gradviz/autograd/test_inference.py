import threading
from typing import Any

import pytest

import gradviz as gv


@pytest.fixture
def x() -> Any:
    return gv.ones(2, requires_grad=True)


def test_nothing_made_in_the_mode_is_recorded(x: Any) -> None:
    with gv.inference_mode():
        made = x * 2
        assert gv.is_inference_mode_enabled()
        assert not gv.is_grad_enabled()
    assert made.is_inference()
    assert gv.is_inference(made)
    assert not made.requires_grad
    assert not gv.is_inference_mode_enabled()
    assert gv.is_grad_enabled()
    assert not (x * 2).is_inference()


def test_views_are_what_they_view_is(x: Any) -> None:
    with gv.inference_mode():
        seen = x.view(2, 1)
        made = gv.ones(2)
    assert not seen.is_inference()
    assert made.view(2, 1).is_inference()
    assert made.detach().is_inference()
    assert not made.clone().is_inference()


def test_an_inference_tensor_cannot_be_saved_for_backward(x: Any) -> None:
    with gv.inference_mode():
        made = gv.ones(2)
    with pytest.raises(RuntimeError) as found:
        gv.mul(x, made)
    assert str(found.value).startswith("Inference tensors cannot be saved for backward. Please do")
    (x + made).sum().backward()
    (x * made.clone()).sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]


def test_an_inference_tensor_is_written_to_in_the_mode_only() -> None:
    with gv.inference_mode():
        made = gv.ones(2)
        made.add_(1)
    assert made.tolist() == [2.0, 2.0]
    with pytest.raises(RuntimeError, match="Inplace update to inference tensor outside"):
        made.add_(1)
    with pytest.raises(RuntimeError, match="Setting requires_grad=True on inference tensor"):
        made.requires_grad_()
    with pytest.raises(RuntimeError, match="do not track version counter"):
        assert made._version


def test_versions_count_writes() -> None:
    made = gv.ones(2)
    assert made._version == 0
    made.add_(1).mul_(2)
    assert made.view(2, 1)._version == made._version == 2


def test_functions_can_run_in_the_mode_or_out_of_it(x: Any) -> None:
    @gv.inference_mode
    def bare(x: Any) -> Any:
        return x * 2

    @gv.inference_mode()
    def called(x: Any) -> Any:
        return x * 2

    assert bare(x).is_inference()
    assert called(x).is_inference()
    with gv.inference_mode(), gv.inference_mode(False):
        assert (x * 2).requires_grad


def test_other_threads_are_not_in_the_mode() -> None:
    found: list[bool] = []
    with gv.inference_mode():
        thread = threading.Thread(target=lambda: found.append(gv.ones(1).is_inference()))
        thread.start()
        thread.join()
    assert found == [False]
