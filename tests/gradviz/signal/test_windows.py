"""Windows against NumPy's, symmetric and periodic, with their refusals."""

from __future__ import annotations

import numpy as np
import pytest

import gradviz as gv


@pytest.mark.parametrize("name", ["bartlett", "blackman", "hamming", "hann"])
@pytest.mark.parametrize("size", [0, 1, 2, 7])
def test_symmetric_windows(name, size):
    expected = getattr(np, "hanning" if name == "hann" else name)(size)
    window = getattr(gv.signal.windows, name)(size, dtype=gv.float64)
    assert np.allclose(window.array, expected)


def test_kaiser():
    found = gv.signal.windows.kaiser(9, beta=5.0, dtype=gv.float64)
    assert np.allclose(found.array, np.kaiser(9, 5.0))


@pytest.mark.parametrize("name", ["bartlett", "blackman", "hamming", "hann", "kaiser"])
def test_a_periodic_window_is_a_longer_one_without_its_end(name):
    periodic = getattr(gv, f"{name}_window")(6)
    longer = getattr(gv, f"{name}_window")(7, periodic=False)
    assert np.allclose(periodic.array, longer.array[:-1], atol=1e-6)
    assert periodic.dtype is gv.float32


def test_refusals():
    with pytest.raises(ValueError, match="non-negative window length, got M=-1"):
        gv.signal.windows.hann(-1)
    with pytest.raises(ValueError, match="Tau must be positive"):
        gv.signal.windows.exponential(4, tau=-1)
