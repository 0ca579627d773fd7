"""The colours that stand for numbers: zero the ground, the sign a hue, the largest the fullest."""

import numpy as np
import pytest

from gradviz_ui.heat import levels, picture_of, scale_of
from gradviz_ui.theme import qcolor, theme_named


def test_zero_is_the_middle_of_the_scale_and_infinities_its_ends():
    found = levels(np.array([[0.0, 2.0, -2.0, np.inf, -np.inf, np.nan]]))[0]
    assert list(found) == [0, 128, -128, 128, -128, 0]


def test_nothing_but_zeros_and_nothing_finite_have_places_too():
    assert not levels(np.zeros((2, 2))).any()
    assert list(levels(np.array([[np.inf, -np.inf]]))[0]) == [128, -128]


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("role", ["val", "grad"])
def test_the_scale_runs_from_grey_over_the_ground_to_the_roles_colour(name, role):
    theme = theme_named(name)
    image = picture_of(np.array([[-3.0, 0.0, 3.0, np.nan]]), theme, role)
    shown = [image.pixelColor(x, 0).name() for x in range(4)]
    wanted = (theme.mute, theme.field, getattr(theme, role), theme.error)
    assert shown == [qcolor(colour).name() for colour in wanted]
    assert len(scale_of(name, role)) == 257
