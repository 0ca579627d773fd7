"""Samples between pixels, bags of embeddings, alignments and random pools.

The numbers were recorded with PyTorch 2.13.
"""

import pytest

import gradviz as gv
from gradviz.nn import functional as F

IMAGE = gv.linspace(-1, 3, 12).reshape(1, 1, 3, 4).sin()
GRID = gv.tensor([[[[-0.5, 0.3], [0.9, -1.4], [0.1, 1.2]]]])


@pytest.mark.parametrize("aligned", [True, False])
@pytest.mark.parametrize("padding", ["zeros", "border", "reflection"])
@pytest.mark.parametrize("mode", ["bilinear", "nearest", "bicubic"])
def test_samples_and_their_gradients(mode: str, padding: str, aligned: bool) -> None:
    torch = pytest.importorskip("torch")
    found = []
    for library in (gv, torch):
        x = library.tensor(IMAGE.tolist(), requires_grad=True)
        places = library.tensor(GRID.tolist(), requires_grad=True)
        out = library.nn.functional.grid_sample(x, places, mode, padding, aligned)
        (out * library.tensor([1.0, 2.0, 3.0])).sum().backward()
        found.append([t.reshape(-1).tolist() for t in (out, x.grad, places.grad)])
    for mine, theirs in zip(*found, strict=True):
        assert mine == pytest.approx(theirs, abs=2e-5)


def test_affine_grid() -> None:
    theta = gv.tensor([[[1.0, 0.5, 0.1], [0.0, 2.0, 0.3]]], requires_grad=True)
    grid = F.affine_grid(theta, (1, 1, 2, 2), align_corners=False)
    assert grid.reshape(-1).tolist() == pytest.approx(
        [-0.65, -0.7, 0.35, -0.7, -0.15, 1.3, 0.85, 1.3]
    )
    grid.sum().backward()
    assert theta.grad.reshape(-1).tolist() == [0, 0, 4, 0, 0, 4]
    with pytest.warns(UserWarning, match="align_corners=False since 1.3.0"):
        F.affine_grid(theta, (1, 1, 2, 2))


TABLE = gv.linspace(-2, 2, 15).reshape(5, 3)
NUMBERS, STARTS = gv.tensor([0, 2, 1, 1, 4]), gv.tensor([0, 2, 2])


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize("padding", [None, 1])
def test_bags(mode: str, padding: int | None) -> None:
    torch = pytest.importorskip("torch")
    found = []
    for library in (gv, torch):
        table = library.tensor(TABLE.tolist(), requires_grad=True)
        numbers, starts = library.tensor(NUMBERS.tolist()), library.tensor(STARTS.tolist())
        bag = library.nn.functional.embedding_bag
        out = bag(numbers, table, starts, mode=mode, padding_idx=padding)
        (out**2).sum().backward()
        found.append([t.reshape(-1).tolist() for t in (out, table.grad)])
    for mine, theirs in zip(*found, strict=True):
        assert mine == pytest.approx(theirs, abs=1e-5)


def test_bags_weigh_their_samples_and_check_their_starts() -> None:
    shares = gv.tensor([1.0, 2.0, 3.0, 4.0, 5.0], requires_grad=True)
    out = F.embedding_bag(NUMBERS, TABLE, STARTS, mode="sum", per_sample_weights=shares)
    assert out[:2].tolist() == [
        pytest.approx([-2.571428, -1.714286, -0.857143], abs=1e-5),
        [0, 0, 0],
    ]
    out.sum().backward()
    assert shares.grad.tolist() == pytest.approx([-5.142857, 0, -2.571429, -2.571429, 5.142857])
    with pytest.raises(RuntimeError, match=r"offsets\[0\] has to be 0"):
        F.embedding_bag(NUMBERS, TABLE, gv.tensor([1, 2]))
    with pytest.raises(ValueError, match="mode has to be one of sum, mean or max"):
        F.embedding_bag(NUMBERS, TABLE, STARTS, mode="median")


LOGS = F.log_softmax(gv.linspace(-1, 1.5, 60).reshape(6, 2, 5).sin(), -1)


def test_alignments() -> None:
    padded, lengths = gv.tensor([[1, 2, 2], [3, 1, 0]]), ((6, 5), (3, 2))
    assert F.ctc_loss(LOGS, padded, *lengths).item() == pytest.approx(2.2372, abs=1e-4)
    row = gv.tensor([1, 2, 2, 3, 1])
    single = F.ctc_loss(LOGS, row, *lengths, reduction="none")
    assert single.tolist() == pytest.approx([6.5103, 4.6084], abs=1e-4)
    short = F.ctc_loss(LOGS, row, (3, 5), (3, 2), reduction="none")
    assert short.tolist() == [float("inf"), pytest.approx(4.6084, abs=1e-4)]
    x = LOGS.clone().requires_grad_()
    F.ctc_loss(x, row, (3, 5), (3, 2), reduction="sum", zero_infinity=True).backward()
    assert x.grad[:, 0].abs().sum().item() == 0
    assert x.grad[0, 1].tolist() == pytest.approx(
        [-0.2323, 0.19333, 0.19956, -0.37395, 0.21336], abs=1e-5
    )


def test_alignments_that_cannot_be() -> None:
    with pytest.raises(RuntimeError, match="value at most 6, but got value 7"):
        F.ctc_loss(LOGS, gv.tensor([1, 2]), (7, 5), (1, 1))
    with pytest.raises(RuntimeError, match="blank must be in label range"):
        F.ctc_loss(LOGS, gv.tensor([1, 2]), (6, 5), (1, 1), blank=5)
    with pytest.raises(RuntimeError, match="targets must be classes from 0 to 4, but got 9"):
        F.ctc_loss(LOGS, gv.tensor([1, 9]), (6, 5), (1, 1))


def test_random_leaks_and_pools() -> None:
    gv.manual_seed(3)
    x = gv.tensor([-1.0, 2.0, -3.0])
    drawn = F.rrelu(x, training=True)
    assert drawn.tolist() == pytest.approx([-0.132106, 2.0, -0.554213], abs=1e-6)
    assert F.rrelu(x).tolist() == pytest.approx([-0.2291667, 2.0, -0.6875])
    samples = gv.tensor([[[0.1, 0.9]]])
    pooled, places = F.fractional_max_pool2d(
        IMAGE, 2, (2, 2), return_indices=True, _random_samples=samples
    )
    assert places.tolist() == [[[[5, 7], [8, 7]]]]
    assert pooled[0, 0, 0].tolist() == pytest.approx([0.7299, 0.9997], abs=1e-4)


def test_random_choices() -> None:
    gv.manual_seed(0)
    logits = gv.tensor([[0.5, 1.0, -1.0]], requires_grad=True)
    hard = F.gumbel_softmax(logits, hard=True)
    assert hard.tolist()[0] == pytest.approx([0, 1, 0])
    hard[0, 0].backward()
    assert logits.grad.abs().sum().item() > 0
