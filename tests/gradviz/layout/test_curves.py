"""The way through dots: it goes through each, and no farther aside than they are."""

import numpy as np

from gradviz.layout.curves import reach, reaches, through


def points(curves):
    for a, b, c, d in curves:
        for step in range(21):
            t = step / 20
            weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            yield tuple(
                sum(w * p[axis] for w, p in zip(weights, (a, b, c, d), strict=True))
                for axis in (0, 1)
            )


def test_between_two_dots_on_one_level_it_is_level():
    level = through([(0, 0), (60, 80), (300, 80), (400, 20)])[1]
    assert all(abs(y - 80) < 1e-9 for _, y in points([level]))


def test_it_goes_through_every_dot_and_no_farther_aside():
    given = [(0, 0), (30, 80), (300, 80), (340, -20)]
    way = through(given)
    assert [curve[0] for curve in way] + [way[-1][3]] == given
    assert all(-20.01 < y < 80.01 and -0.01 < x < 340.01 for x, y in points(way))


def test_it_never_turns_back_where_dots_are_close_to_an_end():
    xs = [x for x, _ in points(through([(0, 0), (20, 200), (300, 200), (320, 0)]))]
    assert xs == sorted(xs)


def test_down_is_the_same_with_its_coordinates_exchanged():
    given = [(0, 0), (30, 80), (90, 120), (300, 80), (340, -20)]
    turned = through([(y, x) for x, y in given], down=True)
    assert [tuple((y, x) for x, y in curve) for curve in turned] == through(given)


def test_many_curves_lean_as_far_as_each_alone():
    gaps, asides = (
        xs.ravel() for xs in np.meshgrid([-90.0, 0.0, 5.0, 60.0, 300.0], [0.0, 9.0, 80.0])
    )
    pairs = zip(gaps.tolist(), asides.tolist(), strict=True)
    assert reaches(gaps, asides).tolist() == [reach(*pair) for pair in pairs]
