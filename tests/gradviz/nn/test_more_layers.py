"""Decoders, projected and packed recurrences, lazy layers and an adaptive softmax.

The numbers were recorded with PyTorch 2.13 after ``manual_seed(3)``.
"""

from collections.abc import Callable
from typing import Any

import pytest

import gradviz as gv
from gradviz import nn
from gradviz.nn.utils import rnn

X = gv.linspace(-1, 3, 24).reshape(3, 2, 4).sin()
Y = gv.linspace(-2, 3, 32).reshape(4, 2, 4).cos()
MASK = nn.Transformer.generate_square_subsequent_mask(3)
RECORDED: list[tuple[str, Callable[[], Any], list[float]]] = [
    (
        "decoder layer",
        lambda: nn.TransformerDecoderLayer(4, 2, 8, dropout=0.0)(X, Y),
        [0.6392, -1.4792, -0.30477, 1.1448, 0.14715, -1.6427],
    ),
    (
        "decoder",
        lambda: nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, 8, dropout=0.0), 2)(
            X, Y, tgt_mask=MASK
        ),
        [-0.81793, 0.11253, -0.88616, 1.5915, 0.21398, -1.1822],
    ),
    (
        "transformer",
        lambda: nn.Transformer(4, 2, 1, 2, 8)(X, Y),
        [0.21931, -0.73605, 1.5383, -1.0216, -0.7434, 0.43917],
    ),
    (
        "attention with biases",
        lambda: nn.MultiheadAttention(4, 2, add_bias_kv=True, add_zero_attn=True)(X, Y, Y)[0],
        [0.24387, -0.12984, -0.079998, 0.13797, 0.11151, -0.07969],
    ),
    (
        "projected lstm",
        lambda: nn.LSTM(4, 3, 2, proj_size=2, bidirectional=True)(X)[0],
        [0.017641, -0.021038, -0.048877, 0.038819, 0.013266, -0.02037],
    ),
    (
        "packed lstm",
        lambda: nn.LSTM(4, 3)(rnn.pack_padded_sequence(X, [2, 3], enforce_sorted=False))[0].data,
        [-0.00063198, 0.047663, -0.063023, 0.25652, 0.14058, 0.13424],
    ),
    (
        "lazy linear",
        lambda: nn.LazyLinear(3)(X),
        [0.7047, -0.028364, -0.91858, -0.26164, 0.031567, -0.4621],
    ),
    (
        "lazy norm",
        lambda: nn.LazyBatchNorm1d()(X),
        [-1.6327, -1.4766, -1.288, -1.0724, -1.6754, -1.2875],
    ),
    (
        "adaptive softmax",
        lambda: (
            nn.AdaptiveLogSoftmaxWithLoss(4, 10, [2, 5], div_value=2.0)(
                Y[:, 0], gv.tensor([1, 9, 3, 6])
            ).output
        ),
        [-1.4152, -3.8434, -1.8058, -2.7902],
    ),
    (
        "bag",
        lambda: nn.EmbeddingBag(5, 3, padding_idx=-1)(gv.tensor([[0, 2], [1, 4]])),
        [0.57039, 0.59297, -0.6731, -0.61372, 0.046182, -1.3683],
    ),
    (
        "random leak",
        lambda: nn.RReLU()(X),
        [-0.11116, -0.13583, -0.17359, -0.074302, -0.084618, -0.03274],
    ),
    (
        "fractional pool",
        lambda: nn.FractionalMaxPool2d(2, output_ratio=(0.7, 0.6))(X.transpose(0, 1)[None]),
        [0.5356, 0.79137, 0.97765, 0.84745, 0.95236, 0.99928],
    ),
]


@pytest.mark.parametrize(("name", "make", "expected"), RECORDED, ids=[r[0] for r in RECORDED])
def test_results_for_a_seed(name: str, make: Callable[[], Any], expected: list[float]) -> None:
    gv.manual_seed(3)
    found = make().reshape(-1).tolist()
    assert found[: len(expected)] == pytest.approx(expected, rel=1e-3, abs=1e-5)


def test_packed_sequences_keep_their_order() -> None:
    packed = rnn.pack_padded_sequence(X, gv.tensor([2, 3]), enforce_sorted=False)
    assert packed.batch_sizes.tolist() == [2, 2, 1]
    assert packed.sorted_indices.tolist() == [1, 0]
    padded, lengths = rnn.pad_packed_sequence(packed, padding_value=7.0, total_length=4)
    assert lengths.tolist() == [2, 3]
    assert padded.shape == (4, 2, 4)
    assert padded[:2, 0].tolist() == X[:2, 0].tolist()
    assert padded[2, 0].tolist() == [7] * 4
    with pytest.raises(RuntimeError, match="must be sorted in decreasing order"):
        rnn.pack_padded_sequence(X, [2, 3])
    with pytest.raises(RuntimeError, match="greater than 0"):
        rnn.pack_padded_sequence(X, [2, 0])


def test_padding_of_sequences() -> None:
    rows = [gv.tensor([1.0, 2.0]), gv.tensor([3.0])]
    assert rnn.pad_sequence(rows).tolist() == [[1, 3], [2, 0]]
    assert rnn.pad_sequence(rows, True, -1.0, "left").tolist() == [[1, 2], [-1, 3]]
    found = rnn.unpack_sequence(rnn.pack_sequence(rows))
    assert [r.tolist() for r in found] == [[1, 2], [3]]


def test_a_layer_runs_packed_sequences_each_for_itself() -> None:
    gv.manual_seed(3)
    layer = nn.GRU(4, 3, 2, bidirectional=True)
    packed = rnn.pack_padded_sequence(X, [2, 3], enforce_sorted=False)
    states, last = layer(packed)
    whole, end = layer(X[:2, :1])
    padded, _ = rnn.pad_packed_sequence(states)
    assert padded[:2, 0].reshape(-1).tolist() == pytest.approx(whole.reshape(-1).tolist())
    assert last[:, :1].reshape(-1).tolist() == pytest.approx(end.reshape(-1).tolist())


def test_lazy_layers_become_what_they_stand_for() -> None:
    layer = nn.LazyConv1d(3, 2, bias=False)
    assert repr(layer) == "LazyConv1d(0, 3, kernel_size=(2,), stride=(1,), bias=False)"
    with pytest.raises(RuntimeError, match="shape of an uninitialized parameter"):
        _ = layer.weight.shape
    weight = layer.weight
    layer(X)
    assert type(layer) is nn.Conv1d
    assert layer.in_channels == 2
    assert layer.weight is weight
    assert weight.shape == (3, 2, 2)


@pytest.mark.parametrize("proj_size", [3, -1])
def test_projections_that_cannot_be(proj_size: int) -> None:
    with pytest.raises(ValueError, match="proj_size"):
        nn.LSTM(4, 3, proj_size=proj_size)


def test_adaptive_softmax_refuses_what_it_cannot_place() -> None:
    layer = nn.AdaptiveLogSoftmaxWithLoss(4, 10, [2, 5], div_value=2.0)
    assert layer.log_prob(Y[:, 0]).exp().sum(1).tolist() == pytest.approx([1] * 4)
    with pytest.raises(RuntimeError, match=r"should be in \[0, 9\], but values in range \[1, 10\]"):
        layer(Y[:, 0], gv.tensor([1, 10, 3, 6]))
    with pytest.raises(ValueError, match="unique, positive integers"):
        nn.AdaptiveLogSoftmaxWithLoss(4, 10, [5, 2])


def test_functions_at_the_top_of_the_package() -> None:
    assert gv.kl_div(X, X.abs(), 2).shape == ()
    assert gv.hinge_embedding_loss(X, X.sign()).shape == X.shape
    with pytest.raises(TypeError, match="must be 0, 1 or 2"):
        gv.kl_div(X, X.abs(), "sum")
    gv.manual_seed(3)
    dropped, kept = gv.native_dropout(X, 0.5, True)
    assert (dropped == X * 2 * kept).all().item()
    normal, mean, spread = gv.native_layer_norm(X, (4,), None, None, 1e-5)
    assert ((X - mean) * spread - normal).abs().max().item() < 1e-6
    assert gv.embedding(X[:, 0], gv.tensor([2])).tolist() == X[2:, 0].tolist()
    assert gv.adaptive_max_pool1d(X, 2)[1][0].tolist() == [[1, 3], [1, 3]]
