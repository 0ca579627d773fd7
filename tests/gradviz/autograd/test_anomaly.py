from collections.abc import Iterator
from typing import Any

import pytest

import gradviz as gv
from gradviz.autograd import anomaly, detect_anomaly, set_detect_anomaly


@pytest.fixture(autouse=True)
def off_again() -> Iterator[None]:
    yield
    set_detect_anomaly(False)


@pytest.fixture
def roots() -> Any:
    return gv.tensor([4.0, -1.0, -2.0], requires_grad=True)


def complaint(make: Any) -> str:
    with pytest.warns(UserWarning, match="Anomaly Detection has been enabled"):
        watch = detect_anomaly()
    with watch, pytest.raises(RuntimeError) as found:
        make().backward()
    return str(found.value)


def test_nan_is_reported_in_pytorchs_words_with_shapes_and_values(roots: Any) -> None:
    message = complaint(lambda: roots.sqrt().sum())
    assert message == (
        "Function 'SqrtBackward0' returned nan values in its 0th output. sqrt, of inputs of shape "
        "[3] and result of shape [3], sends 'input' a gradient of shape [3] with nan at [1], nan "
        "at [2]."
    )
    assert roots.grad is None


def test_inf_is_reported_too() -> None:
    x = gv.zeros(5, requires_grad=True)
    message = complaint(lambda: x.log().sum())
    assert message.startswith("Function 'LogBackward0' returned inf values in its 0th output.")
    assert message.endswith("inf at [0], inf at [1], inf at [2] and 2 more.")


def test_the_output_is_counted_among_tensors() -> None:
    x = gv.tensor([0.0], requires_grad=True)
    y = gv.tensor([0.0], requires_grad=True)
    assert "in its 1th output" in complaint(lambda: gv.xlogy(x, y).sum())


def test_a_recorded_pass_is_watched_too(roots: Any) -> None:
    set_detect_anomaly(True)
    with pytest.raises(RuntimeError, match="SqrtBackward0"):
        gv.autograd.grad(roots.sqrt().sum(), roots, create_graph=True)


def test_what_is_not_asked_for_passes(roots: Any) -> None:
    with set_detect_anomaly(True, check_nan=False):
        roots.sqrt().sum().backward()
    zero = gv.zeros(1, requires_grad=True)
    with set_detect_anomaly(True, check_inf=False):
        zero.log().sum().backward()
    assert zero.grad.tolist() == [float("inf")]


def test_the_state_comes_back_after_a_block() -> None:
    assert not anomaly.is_anomaly_enabled()
    with set_detect_anomaly(True):
        assert anomaly.is_anomaly_enabled()
        assert anomaly.is_anomaly_check_nan_enabled()
    assert not anomaly.is_anomaly_enabled()
