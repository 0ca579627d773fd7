"""Layers: starting values for a seed, running statistics, sequences, and what dropout leaves.

The numbers were recorded with PyTorch 2.13 after ``manual_seed(7)``.
"""

import numpy as np
import pytest

import gradviz as gv
from gradviz import nn
from gradviz.nn import functional as F

RECORDED = [
    (lambda: nn.Linear(4, 3), (2, 4), [0.166936, -0.561751], 0.488655),
    (lambda: nn.Conv2d(2, 3, 3, padding=1), (1, 2, 4, 4), [0.91337, -0.289454], 2.085449),
    (lambda: nn.ConvTranspose1d(2, 3, 3, stride=2), (1, 2, 4), [-0.494731, 0.307056], 3.8113),
    (
        lambda: nn.LSTM(3, 4, num_layers=2, bidirectional=True),
        (3, 2, 3),
        [
            1.712888,
            -1.30531,
            -1.697256,
            0.591386,
            -0.565278,
            0.33912,
            -0.675647,
            -1.435997,
            0.070133,
            1.096428,
            0.225276,
            -0.769172,
            -1.444898,
            -0.263881,
            -0.339897,
            1.670621,
        ],
        0.918825,
    ),
    (lambda: nn.GRU(3, 4), (3, 2, 3), [2.01135, -0.543586, -0.535734, -0.650261], 1.97888),
    (
        lambda: nn.RNN(3, 4, nonlinearity="relu"),
        (3, 2, 3),
        [0.166936, 0.53922, 0.406522, 0.898673],
        13.280468,
    ),
    (
        lambda: nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0),
        (3, 2, 4),
        [
            1.886086,
            0.0,
            -0.53553,
            0.0,
            0.751397,
            -1.345219,
            -0.686054,
            -0.006954,
            4.0,
            0.0,
            4.0,
            0.0,
        ],
        23.999765,
    ),
    (lambda: nn.Dropout(0.3), (5, 6), [], 9.898324),
    (lambda: nn.AlphaDropout(0.3), (5, 6), [], 21.72131),
    (lambda: nn.BatchNorm2d(2), (2, 2, 2, 2), [2.0, 0.0], 15.999478),
]


@pytest.mark.parametrize(("make", "shape", "weights", "out"), RECORDED)
def test_starting_values_and_outputs_are_pytorchs(make, shape, weights, out):
    gv.manual_seed(7)
    layer = make()
    found = [float(p.detach().sum()) for p in layer.parameters()]
    np.testing.assert_allclose(found, weights, rtol=1e-4, atol=1e-5)
    count = int(np.prod(shape))
    result = layer(gv.linspace(-1, 1, count).reshape(shape))
    first = result[0] if isinstance(result, tuple) else result
    np.testing.assert_allclose(float((first.detach() ** 2).sum()), out, rtol=1e-4)


def test_batch_norm_keeps_statistics_of_a_sample():
    layer = nn.BatchNorm1d(1)
    layer(gv.tensor([[1.0], [3.0]]))
    assert layer.running_mean.tolist() == pytest.approx([0.2])
    assert layer.running_var.tolist() == pytest.approx([1.1])
    assert layer.num_batches_tracked.item() == 1
    with pytest.raises(ValueError, match="Expected more than 1 value per channel when training"):
        layer(gv.tensor([[1.0]]))


def test_a_sequence_is_cells_one_after_the_other():
    gv.manual_seed(0)
    layer = nn.GRU(2, 3)
    cell = nn.GRUCell(2, 3)
    cell.load_state_dict({k.removesuffix("_l0"): v for k, v in layer.state_dict().items()})
    x = gv.linspace(-1, 1, 8).reshape(4, 1, 2)
    states, last = layer(x)
    state = gv.zeros(1, 3)
    for step in range(4):
        state = cell(x[step], state)
        np.testing.assert_allclose(states[step].detach().numpy(), state.detach().numpy(),
                                   rtol=1e-6)  # fmt: skip
    np.testing.assert_allclose(last[0].detach().numpy(), state.detach().numpy(), rtol=1e-6)


def test_dropout_is_at_work_while_training_only():
    layer = nn.Dropout(0.5)
    x = gv.ones(1000)
    left = layer(x)
    assert set(left.tolist()) == {0.0, 2.0}
    assert layer.eval()(x) is x
    with pytest.raises(ValueError, match="has to be between 0 and 1, but got 2"):
        nn.Dropout(2)


def test_embedding_padding_gets_no_gradient_and_frequency_divides():
    table = nn.Embedding(3, 2, padding_idx=0)
    assert table.weight[0].tolist() == [0, 0]
    table(gv.tensor([0, 1, 1])).sum().backward()
    assert table.weight.grad.tolist() == [[0, 0], [2, 2], [0, 0]]
    weight = gv.ones(3, 2).requires_grad_()
    F.embedding(gv.tensor([1, 1, 2]), weight, scale_grad_by_freq=True).sum().backward()
    assert weight.grad.tolist() == [[0, 0], [1, 1], [1, 1]]
    with pytest.raises(NotImplementedError, match="dense gradients only"):
        F.embedding(gv.tensor([1]), weight, sparse=True)


def test_attention_gives_weights_that_sum_to_one():
    gv.manual_seed(0)
    layer = nn.MultiheadAttention(4, 2)
    x = gv.linspace(-1, 1, 24).reshape(3, 2, 4)
    hidden = gv.tensor([[False, False, True], [False, False, False]])
    out, weights = layer(x, x, x, key_padding_mask=hidden)
    assert tuple(out.shape) == (3, 2, 4) and tuple(weights.shape) == (2, 3, 3)
    np.testing.assert_allclose(weights.sum(-1).detach().numpy(), 1, rtol=1e-6)
    assert weights[0, :, 2].tolist() == [0, 0, 0]


def test_the_choice_of_nn_is_listed():
    assert {"Conv2d", "LSTM", "CrossEntropyLoss", "Parameter", "init"} <= set(dir(nn))
    with pytest.raises(AttributeError, match="has no attribute 'NoSuchLayer'"):
        nn.NoSuchLayer  # noqa: B018
