"""Convolution, pooling, padding and interpolation: values worked out by hand, ties, refusals.

That gradients fit is tested for every operation at once; here is what examples do not show.
"""

import numpy as np
import pytest

import gradviz as gv
from gradviz.nn import functional as F


def numbers(*shape):
    count = int(np.prod(shape))
    return gv.linspace(-1, 1, count, dtype=gv.float64).reshape(shape)


def test_a_kernel_is_slid_not_turned_round():
    image = gv.arange(16.0).reshape(1, 1, 4, 4)
    kernel = gv.tensor([[[[1.0, 0.0], [0.0, -1.0]]]])
    assert F.conv2d(image, kernel).reshape(-1).tolist() == [-5.0] * 9


def test_convolution_is_the_sum_it_says():
    x, w = numbers(2, 4, 7), numbers(6, 2, 3)
    found = F.conv1d(x, w, stride=2, padding=1, dilation=2, groups=2).numpy()
    wide = np.pad(x.numpy(), ((0, 0), (0, 0), (1, 1)))
    for sample in range(2):
        for out in range(6):
            for place in range(found.shape[2]):
                start = 2 * (out // 3)
                taken = wide[sample, start : start + 2, 2 * place : 2 * place + 5 : 2]
                want = (taken * w.numpy()[out]).sum()
                assert found[sample, out, place] == pytest.approx(want)


def test_same_padding_keeps_the_size_and_adds_the_odd_zero_after():
    x = gv.ones(1, 1, 5)
    assert F.conv1d(x, gv.ones(1, 1, 4), padding="same").tolist() == [[[3, 4, 4, 3, 2]]]
    assert F.conv1d(x, gv.ones(1, 1, 4), padding="valid").tolist() == [[[4, 4]]]


def test_a_transposed_convolution_is_the_gradient_of_a_convolution():
    x, w = numbers(1, 2, 6, 5).requires_grad_(), numbers(3, 2, 3, 2)
    out = F.conv2d(x, w, stride=2, padding=1)
    g = numbers(*out.shape)
    (back,) = gv.autograd.grad(out, x, g)
    again = F.conv_transpose2d(g, w, stride=2, padding=1, output_padding=(1, 1))
    np.testing.assert_allclose(again.numpy(), back.numpy())


def test_only_a_transposed_convolution_takes_a_bias_of_another_type():
    x, w = gv.arange(6.0).reshape(1, 2, 3), gv.ones(2, 1, 2)
    bias = gv.tensor([0.5], dtype=gv.float64, requires_grad=True)
    out = F.conv_transpose1d(x, w, bias)
    out.sum().backward()
    assert (out.dtype, bias.grad.dtype, bias.grad.tolist()) == (gv.float32, gv.float64, [4.0])
    assert out.tolist() == [[[3.5, 8.5, 12.5, 7.5]]]
    with pytest.raises(RuntimeError, match=r"bias type \(double\) should be the same"):
        F.conv1d(x, gv.ones(1, 2, 2), bias)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: F.conv2d(gv.zeros(1, 3, 5, 5), gv.zeros(2, 4, 3, 3)),
            "Given groups=1, weight of size [2, 4, 3, 3], expected input[1, 3, 5, 5] to have 4 "
            "channels, but got 3 channels instead",
        ),
        (
            lambda: F.conv2d(gv.zeros(1, 3, 2, 2), gv.zeros(2, 3, 3, 3)),
            "Calculated padded input size per channel: (2 x 2). Kernel size: (3 x 3). Kernel size "
            "can't be greater than actual input size",
        ),
        (
            lambda: F.conv_transpose2d(
                gv.zeros(1, 3, 5, 5), gv.zeros(3, 4, 3, 3), output_padding=2
            ),
            "output padding must be smaller than either stride or dilation, but got "
            "output_padding_height: 2 output_padding_width: 2 stride_height: 1 stride_width: 1 "
            "dilation_height: 1 dilation_width: 1",
        ),
        (
            lambda: F.max_pool2d(gv.zeros(1, 1, 2, 2), 3),
            "Given input size: (1x2x2). Calculated output size: (1x0x0). Output size is too small",
        ),
        (
            lambda: F.avg_pool2d(gv.zeros(1, 5, 5), 3, padding=2),
            "pad should be at most half of effective kernel size, but got pad=2, kernel_size=3 and "
            "dilation=1",
        ),
        (
            lambda: F.pad(gv.zeros(3, 2, 2), (4, 0), "circular"),
            "Padding value causes wrapping around more than once.",
        ),
        (
            lambda: F.layer_norm(gv.zeros(2, 3), (4,)),
            "Given normalized_shape=[4], expected input with shape [*, 4], but got input of "
            "size[2, 3]",
        ),
        (
            lambda: F.pixel_shuffle(gv.zeros(1, 3, 2, 2), 2),
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square "
            "of upscale_factor, but input.size(-3)=3 is not divisible by 4",
        ),
    ],
)
def test_refusals_are_pytorchs(call, message):
    with pytest.raises(RuntimeError) as problem:
        call()
    assert str(problem.value) == message


def test_of_equals_the_first_gets_the_gradient():
    x = gv.ones(1, 1, 2, 2).requires_grad_()
    F.max_pool2d(x, 2).sum().backward()
    assert x.grad.tolist() == [[[[1, 0], [0, 0]]]]


def test_the_largest_is_found_among_minus_infinity_and_nan():
    low = gv.tensor([[-float("inf"), -float("inf")]])
    values, places = F.max_pool1d(low, 3, 1, 1, return_indices=True)
    assert values.tolist() == [[-float("inf"), -float("inf")]]
    assert places.tolist() == [[0, 0]]
    holed = gv.tensor([[1.0, float("nan"), 2.0]])
    assert np.isnan(F.max_pool1d(holed, 3).numpy()).all()


def test_averages_count_zeros_around_unless_told():
    x = gv.ones(1, 4)
    assert F.avg_pool1d(x, 2, 2, 1).tolist() == [[0.5, 1, 0.5]]
    assert F.avg_pool1d(x, 2, 2, 1, False, False).tolist() == [[1, 1, 1]]


def test_an_infinite_value_stays_in_its_own_window():
    x = gv.tensor([[1.0, 1.0, float("inf"), 1.0]])
    assert F.avg_pool1d(x, 2).tolist() == [[1, float("inf")]]
    assert F.adaptive_avg_pool1d(x, 2).tolist() == [[1, float("inf")]]


def test_unpooling_undoes_pooling_where_the_largest_were():
    x = numbers(1, 2, 4, 6)
    values, places = F.max_pool2d(x, 2, return_indices=True)
    back = F.max_unpool2d(values, places, 2)
    kept = back != 0
    assert (back[kept] == x[kept]).all()
    assert int(kept.sum()) == values.numel()


def test_norm_of_windows():
    x = gv.tensor([[[3.0, 4.0, 6.0, 8.0]]])
    np.testing.assert_allclose(F.lp_pool1d(x, 2, 2).numpy(), [[[5.0, 10.0]]], rtol=1e-6)


@pytest.mark.parametrize(
    ("mode", "found"),
    [
        ("reflect", [3, 2, 1, 2, 3, 2]),
        ("replicate", [1, 1, 1, 2, 3, 3]),
        ("circular", [2, 3, 1, 2, 3, 1]),
        ("constant", [0, 0, 1, 2, 3, 0]),
    ],
)
def test_what_is_added_around(mode, found):
    assert F.pad(gv.tensor([[1.0, 2.0, 3.0]]), (2, 1), mode).tolist() == [found]


def test_interpolation_between_elements():
    x = gv.tensor([[[0.0, 1.0, 2.0]]])
    assert F.interpolate(x, size=5, mode="linear", align_corners=True).tolist() == [
        [[0, 0.5, 1, 1.5, 2]]
    ]
    assert F.interpolate(x, scale_factor=2).tolist() == [[[0, 0, 1, 1, 2, 2]]]
    with pytest.raises(ValueError, match="only one of size or scale_factor"):
        F.interpolate(x, size=2, scale_factor=2)


def test_fold_adds_what_unfold_took_apart():
    x = gv.ones(1, 1, 3, 3)
    back = F.fold(F.unfold(x, 2), (3, 3), 2)
    assert back.reshape(3, 3).tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]


def test_second_gradients_of_padding_negative_amounts():
    x = numbers(1, 2, 4, 4).requires_grad_()
    assert gv.autograd.gradgradcheck(lambda t: F.pad(t, (-1, 2, 1, -2), "circular") ** 2, (x,))


def test_adaptive_maxima_are_the_first_of_equals() -> None:
    image = gv.tensor([[[1.0, 3.0, 3.0], [3.0, 0.0, 2.0], [2.0, 2.0, 5.0]]])
    values, places = gv.nn.functional.adaptive_max_pool2d(image, (2, 2), return_indices=True)
    assert values.tolist() == [[[3, 3], [3, 5]]]
    assert places.tolist() == [[[1, 1], [3, 8]]]
    with pytest.raises(RuntimeError, match="Output size is too small"):
        gv.nn.functional.avg_pool1d(gv.ones(1, 1, 6), 10**9)


def test_rounding_to_more_digits_than_there_are() -> None:
    assert gv.round(gv.tensor([1.5]), decimals=10**9).isnan().all().item()


@pytest.mark.parametrize(
    "call",
    [
        lambda x: F.unfold(x, 1), lambda x: F.unfold(x, (2, 1)), lambda x: F.pixel_shuffle(x, 1),
        lambda x: F.pixel_unshuffle(x, 2), lambda x: F.channel_shuffle(x, 1),
    ],
)  # fmt: skip
def test_results_that_lie_as_their_input_does_have_memory_of_their_own(call):
    x = gv.ones(1, 4, 2, 2)
    call(x).mul_(2)
    assert x.sum().item() == 16.0
