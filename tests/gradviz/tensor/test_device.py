"""There is one device; others can be named and are refused as by a PyTorch without them."""

import pytest

import gradviz


def test_a_device_is_its_name():
    assert str(gradviz.device("cpu")) == "cpu"
    assert repr(gradviz.device("cpu", 0)) == "device(type='cpu', index=0)"
    assert gradviz.device("cpu") != gradviz.device("cpu:0")
    assert gradviz.device("cuda:1").index == 1
    assert gradviz.tensor(1.0).device == gradviz.device("cpu")


@pytest.mark.parametrize(
    "put",
    [
        lambda: gradviz.zeros(2, device="cuda"),
        lambda: gradviz.tensor(1.0, device="cuda:0"),
        lambda: gradviz.ones(2).to("cuda"),
        lambda: gradviz.ones(2).cuda(),
        lambda: gradviz.cuda.current_device(),
        lambda: gradviz.cuda.synchronize(),
        lambda: gradviz.cuda.get_device_name(0),
        lambda: gradviz.cuda.get_device_properties(0),
    ],
)
def test_cuda_is_refused(put):
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
        put()


def test_what_is_no_device_is_refused():
    with pytest.raises(RuntimeError, match="at start of device string: foo"):
        gradviz.device("foo")
    with pytest.raises(RuntimeError, match="not linked with support for mps devices"):
        gradviz.ones(2).to("mps")


def test_a_program_that_asks_for_cuda_is_told_that_there_is_none():
    assert not gradviz.cuda.is_available()
    assert not gradviz.cuda.is_initialized()
    assert gradviz.cuda.device_count() == 0
    gradviz.cuda.manual_seed(1)
    gradviz.cuda.manual_seed_all(1)
    gradviz.cuda.empty_cache()
