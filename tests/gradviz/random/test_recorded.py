"""Random numbers against those that PyTorch 2.13 gave for the same calls and the same seed.

``recorded.json`` holds, for each call after ``manual_seed(20)``, what it gave and the next whole
number drawn, so that a call that draws too much or too little is noticed.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

import gradviz
from gradviz.tensor.generator import default_generator
from gradviz.tensor.random import dropout_mask, fork_rng

RECORDED = json.loads((Path(__file__).parent / "recorded.json").read_text())


@pytest.mark.parametrize("call", RECORDED)
def test_the_numbers_are_pytorchs(call):
    gradviz.manual_seed(20)
    found = eval(call, {"m": gradviz})
    expected = RECORDED[call]
    assert found.dtype.name == expected["dtype"]
    # The C library's logarithms may differ in the last bit; the rest is exact.
    close = 4e-16 if found.dtype.name == "float64" else 0
    np.testing.assert_allclose(found.array.astype("f8"), expected["data"], rtol=close, atol=0)
    assert gradviz.randint(1000, ()).item() == expected["next"]


def test_many_numbers_and_their_order():
    gradviz.manual_seed(20)
    numbers = gradviz.randn(70000).array
    assert float(numbers[12345]) == 1.107015609741211
    assert float(numbers[69999]) == -0.11798389256000519
    assert numbers.astype("f8").sum() == pytest.approx(-126.97299664539241, rel=1e-12)
    order = gradviz.randperm(70000).tolist()
    assert order[:3] + order[-3:] == [15286, 22872, 60677, 23966, 24048, 60165]


@pytest.mark.parametrize(
    ("seed", "first", "kept"),
    [
        (2**33 + 5, 0.8302518725395203, 2**33 + 5),
        (-1, 0.9937993884086609, 2**64 - 1),
    ],
)
def test_of_a_seed_the_low_half_counts_and_all_of_it_is_told(seed, first, kept):
    assert gradviz.manual_seed(seed) is default_generator
    assert gradviz.rand(1).item() == first
    assert gradviz.initial_seed() == kept


@pytest.mark.parametrize("seed", [2**64, -(2**63) - 1])
def test_a_seed_too_large_is_refused(seed):
    with pytest.raises(ValueError, match="Overflow when unpacking long long"):
        gradviz.manual_seed(seed)


def test_the_state_is_pytorchs_to_the_byte():
    gradviz.manual_seed(9)
    gradviz.randn(3)
    gradviz.rand(5)
    state = gradviz.get_rng_state()
    assert state.shape == (5056,)
    digest = hashlib.sha256(state.array.tobytes()).hexdigest()
    assert digest == "7d8ae416ae2fa729da8aeac8c2caac581be26907f9eafd083bf09d3acac5399a"
    following = [0.3459281623363495, -1.158254623413086]
    for _ in range(2):
        gradviz.set_rng_state(state)
        assert gradviz.randn(2).tolist() == following
        assert gradviz.rand(1).item() == 0.3467782139778137


def test_a_state_that_is_none_is_refused():
    with pytest.raises(TypeError, match=r"must be a torch\.ByteTensor"):
        gradviz.set_rng_state(gradviz.zeros(5056))
    with pytest.raises(RuntimeError, match="found the input RNG state size to be 3"):
        gradviz.set_rng_state(gradviz.zeros(3, dtype=gradviz.uint8))


def test_generators_keep_out_of_each_others_way():
    first, second = gradviz.Generator().manual_seed(3), gradviz.Generator().manual_seed(3)
    gradviz.manual_seed(1)
    expected = gradviz.rand(4).tolist()
    gradviz.manual_seed(1)
    drawn = gradviz.rand(5, generator=first).tolist()
    assert gradviz.rand(4).tolist() == expected
    assert gradviz.rand(5, generator=second).tolist() == drawn
    copy = first.clone_state()
    assert gradviz.randn(3, generator=copy).tolist() == gradviz.randn(3, generator=first).tolist()
    assert first.initial_seed() == 3
    assert str(first.device) == "cpu"
    assert gradviz.Generator().initial_seed() == 67280421310721


def test_a_seed_nobody_chose_is_another_each_time():
    generator = gradviz.Generator()
    assert generator.seed() != generator.seed()
    gradviz.manual_seed(gradviz.seed())


def test_what_is_drawn_within_a_fork_is_not_missed_after_it():
    gradviz.manual_seed(5)
    expected = gradviz.randn(3).tolist()
    gradviz.manual_seed(5)
    with fork_rng():
        gradviz.manual_seed(8)
        gradviz.rand(100)
    assert gradviz.randn(3).tolist() == expected


def test_the_mask_of_a_dropout():
    gradviz.manual_seed(20)
    mask = dropout_mask((10,), np.dtype("f4"), 0.3)
    kept = [1, 1, 0, 0, 1, 0, 1, 0, 1, 1]
    assert mask.tolist() == [1.4285714626312256 * k for k in kept]


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        ("m.randint(5, 5, (2,))", RuntimeError, "'from' to be less than 'to', but got from=5 >="),
        ("m.randint(0, 300, (2,), dtype=m.uint8)", RuntimeError, "to - 1 is out of bounds for uns"),
        ("m.rand(2, dtype=m.int64)", NotImplementedError, "not implemented for 'Long'"),
        ("m.rand(-1)", RuntimeError, "negative dimension -1"),
        ("m.rand(2.5)", TypeError, "must be tuple of ints, not float"),
        ("m.zeros(2).normal_(0, -1)", RuntimeError, "expects std >= 0.0, but found std -1"),
        ("m.zeros(2).uniform_(2, 1)", RuntimeError, r"found from=2 > to=1"),
        ("m.zeros(2).bernoulli_(2.0)", RuntimeError, "p to be in .0, 1., but got p=2"),
        ("m.bernoulli(m.tensor([2.0]))", RuntimeError, "Expected p_in >= 0"),
        ("m.zeros(2).exponential_(-1)", RuntimeError, "lambda > 0.0, but found lambda=-1"),
        ("m.zeros(2).geometric_(0)", RuntimeError, "but got p=0"),
        ("m.zeros(2).cauchy_(0, -1)", RuntimeError, "but found sigma=-1"),
        ("m.zeros(2).log_normal_(0, 0)", RuntimeError, "but found std=0"),
        ("m.ones(2, requires_grad=True).uniform_()", RuntimeError, "leaf Variable"),
        ("m.multinomial(m.tensor([0.0, 0.0]), 1)", RuntimeError, "sum of probabilities <= 0"),
        ("m.multinomial(m.tensor([1.0, -1.0]), 1)", RuntimeError, "element < 0"),
        ("m.multinomial(m.tensor([1.0]), 3)", RuntimeError, "without replacement"),
        ("m.multinomial(m.tensor([1]), 1)", RuntimeError, "got: Long"),
        ("m.normal(m.zeros(2), -m.ones(2))", RuntimeError, "all elements of std >= 0.0"),
        ("m.rand(2, device='cuda')", AssertionError, "not compiled with CUDA"),
        ("m.Generator('cuda')", AssertionError, "not compiled with CUDA"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_pytorchs_words(call, kind, message):
    with pytest.raises(kind, match=message):
        eval(call, {"m": gradviz})


def test_a_tensor_filled_at_random_keeps_nothing_of_what_it_was_made_from():
    x = gradviz.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3.0
    y.uniform_()
    (y * 2.0 + x).sum().backward()
    assert x.grad.tolist() == [1.0, 1.0]
