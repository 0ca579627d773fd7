"""NumPy's warnings within a backward pass and after it; what a hook sees of its caller."""

from __future__ import annotations

import threading
from contextvars import ContextVar

import numpy as np
import pytest

import gradviz as gv
from gradviz.autograd.mode import silence

WORD = ContextVar("WORD", default="nobody's")


def test_silence_ends_with_its_block_and_may_be_nested() -> None:
    before = np.geterr()
    with silence():
        with silence():
            assert set(np.geterr().values()) == {"ignore"}
        assert set(np.geterr().values()) == {"ignore"}
    assert np.geterr() == before


def test_a_thread_of_its_own_is_silent_too() -> None:
    found: list[set[object]] = []

    def work() -> None:
        with silence():
            found.append(set(np.geterr().values()))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [{"ignore"}]


@pytest.mark.filterwarnings("error")
def test_hooks_are_called_among_the_callers_variables() -> None:
    x = gv.tensor([0.0, 1.0], requires_grad=True)
    seen: list[str] = []
    x.register_hook(lambda g: seen.append(WORD.get()))
    token = WORD.set("the caller's")
    try:
        (1 / x).sum().backward()
    finally:
        WORD.reset(token)
    assert seen == ["the caller's"]
    assert x.grad.tolist() == [-np.inf, -1.0]


def test_a_failing_pass_leaves_numpy_as_it_was() -> None:
    x = gv.tensor([1.0], requires_grad=True)
    before = np.geterr()

    def refuse(gradient: object) -> None:
        raise ValueError("no")

    x.register_hook(refuse)
    with pytest.raises(ValueError, match="no"):
        (x * 2).backward()
    assert np.geterr() == before
    assert gv.is_grad_enabled()
