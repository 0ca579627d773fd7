"""Which names the package and tensors answer to: PyTorch's, and no word made for searching."""

from __future__ import annotations

import pytest

import gradviz as gv
from gradviz.ops import OPS


@pytest.mark.parametrize("name", ["multiply", "true_divide", "absolute", "clip", "swapaxes"])
def test_other_names_of_pytorch_may_be_called(name: str) -> None:
    assert callable(getattr(gv, name))
    assert callable(getattr(gv.Tensor, name))


def test_search_words_may_not_be_called() -> None:
    words = {w for op in OPS.values() for w in op.search if w.isidentifier()} - set(OPS)
    assert "times" in words
    assert [w for w in words if hasattr(gv, w) or hasattr(gv.Tensor, w)] == []
