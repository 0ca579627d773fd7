import pytest

import gradviz as gv


def test_tensors_say_whether_they_retain_their_gradient() -> None:
    x = gv.ones(2, requires_grad=True)
    y = x * 2
    assert not y.retains_grad
    y.retain_grad()
    assert y.retains_grad
    x.retain_grad()
    assert not x.retains_grad


def test_a_hook_after_accumulation_needs_a_gradient() -> None:
    with pytest.raises(RuntimeError, match="doesn't require gradient"):
        gv.ones(2).register_post_accumulate_grad_hook(print)


def test_recording_into_grad_warns_of_the_circle_it_makes() -> None:
    x = gv.tensor(2.0, requires_grad=True)
    with pytest.warns(UserWarning, match="will create a reference cycle"):
        (x**2).backward(create_graph=True)
