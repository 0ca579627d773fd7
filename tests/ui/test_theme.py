import re
from itertools import combinations
from typing import Any, get_args

import msgspec
import numpy as np
import pytest
from PySide6.QtGui import QColor, QFontInfo, QPalette

from gradviz.graph.scenery import COLOURS
from gradviz_ui import theme
from gradviz_ui.stylesheet import stylesheet

NAMES = get_args(theme.ThemeName)
# Machado, Oliveira and Fernandes 2009, severity 1: how linear RGB reaches a dichromat.
VISION: dict[str, Any] = {
    "full": np.eye(3),
    "deuteranope": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "protanope": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "tritanope": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


@pytest.fixture(autouse=True)
def light_again(qapp):
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


def linear(colour):
    found = QColor(colour)
    parts = np.array([found.redF(), found.greenF(), found.blueF()])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    weights = [0.2126, 0.7152, 0.0722]
    dark, light = sorted((linear(one) @ weights, linear(other) @ weights))
    return (light + 0.05) / (dark + 0.05)


def oklab(rgb):
    cones = np.cbrt(
        np.clip(
            np.array(
                [
                    [0.4122215, 0.5363325, 0.0514460],
                    [0.2119035, 0.6806995, 0.1073970],
                    [0.0883025, 0.2817188, 0.6299787],
                ]
            )
            @ rgb,
            0,
            None,
        )
    )
    return (
        np.array(
            [
                [0.2104543, 0.7936178, -0.0040720],
                [1.9779985, -2.4285922, 0.4505937],
                [0.0259040, 0.7827718, -0.8086758],
            ]
        )
        @ cones
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_colour_is_one(name):
    found = theme.theme_named(name)
    every = [*theme.colours(found).items(), *found.categories.items(), *found.tints.items()]
    every += [("plot", c) for c in found.plot] + [("ramp", c) for c in found.ramp]
    for field, colour in every:
        if field != "name":
            assert re.fullmatch(r"#[0-9A-F]{6}", colour), field


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("words", "ground"),
    [
        ("ink", "panel"),
        ("mute", "panel"),
        ("mute", "bg"),
        ("val", "card"),
        ("val", "chip"),
        ("grad", "card"),
        ("grad", "gchip"),
        ("error", "echip"),
        ("warn", "achip"),
        ("parameter", "pchip"),
        ("on_fill", "sel"),
    ],
)
def test_text_can_be_read(name, words, ground):
    found = theme.theme_named(name)
    assert contrast(getattr(found, words), getattr(found, ground)) >= 4.5


@pytest.mark.parametrize("name", NAMES)
def test_a_white_glyph_can_be_read_in_every_category(name):
    for category, ground in theme.theme_named(name).categories.items():
        assert contrast("#FFFFFF", ground) >= 4.5, category


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("eyes", VISION)
def test_runners_stay_apart_for_all_eyes(name, eyes):
    colours = theme.theme_named(name).plot
    seen = [oklab(np.clip(np.array(VISION[eyes]) @ linear(c), 0, 1)) for c in colours]
    distances = {
        pair: float(np.linalg.norm(seen[pair[0]] - seen[pair[1]]))
        for pair in combinations(range(len(seen)), 2)
    }
    closest = min(distances, key=distances.__getitem__)
    assert distances[closest] > 0.06, closest


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("eyes", VISION)
def test_no_tint_is_like_another_or_like_a_colour_with_a_meaning(name, eyes):
    found = theme.theme_named(name)
    meanings = {role: getattr(found, role) for role in ("val", "grad", "act", "parameter", "error")}
    seen = {
        key: oklab(np.clip(np.array(VISION[eyes]) @ linear(c), 0, 1))
        for key, c in (*found.tints.items(), *meanings.items())
    }
    pairs = [pair for pair in combinations(seen, 2) if not set(pair) <= meanings.keys()]
    distances = {(a, b): float(np.linalg.norm(seen[a] - seen[b])) for a, b in pairs}
    closest = min(distances, key=distances.__getitem__)
    assert distances[closest] > 0.06, closest


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("eyes", VISION)
def test_colours_with_a_meaning_stay_apart_for_all_eyes(name, eyes):
    found = theme.theme_named(name)
    roles = ("val", "grad", "act", "parameter", "error", "ok", "warn")
    seen = {
        role: oklab(np.clip(np.array(VISION[eyes]) @ linear(getattr(found, role)), 0, 1))
        for role in roles
    }
    # Amber as words is the same amber, dark enough to be read.
    pairs = [pair for pair in combinations(seen, 2) if set(pair) != {"act", "warn"}]
    distances = {(a, b): float(np.linalg.norm(seen[a] - seen[b])) for a, b in pairs}
    closest = min(distances, key=distances.__getitem__)
    assert distances[closest] > 0.05, closest


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("words", "ground"),
    [(w, g) for w in ("ok", "error", "warn", "parameter") for g in ("panel", "card")],
)
def test_words_with_a_meaning_can_be_read_on_any_ground(name, words, ground):
    found = theme.theme_named(name)
    assert contrast(getattr(found, words), getattr(found, ground)) >= 4.4


@pytest.mark.parametrize("name", NAMES)
def test_text_can_be_read_on_every_tint(name):
    theme.source().set_theme(name)
    found = theme.current()
    for tint in found.tints:
        ground = theme.tinted(found.card, tint, 0.14).name()
        assert all(contrast(c, ground) >= 4.5 for c in (found.ink, found.val)), tint
    assert found.tints.keys() == set(COLOURS)


@pytest.mark.parametrize("name", NAMES)
def test_runners_stand_out_from_the_ground(name):
    found = theme.theme_named(name)
    assert all(contrast(colour, found.panel) >= 2.9 for colour in found.plot)


def test_both_themes_name_the_same_categories():
    light, dark = (theme.theme_named(name) for name in NAMES)
    assert light.categories.keys() == dark.categories.keys()
    assert len(light.plot) == len(dark.plot)


def test_a_theme_cannot_be_changed():
    with pytest.raises(AttributeError):
        theme.current().val = "#000000"  # type: ignore[misc]
    with pytest.raises(TypeError):
        theme.current().categories["leaf"] = "#000000"  # type: ignore[index]


def test_a_theme_file_that_lacks_a_colour_is_refused():
    with pytest.raises(msgspec.ValidationError, match="missing required field"):
        msgspec.json.decode(b'{"name": "light"}', type=theme.Theme)


def test_switching_announces_and_dresses_the_application(qapp, qtbot):
    with qtbot.waitSignal(theme.source().changed) as heard:
        theme.source().set_theme("dark")
    assert heard.args[0] is theme.current() is theme.theme_named("dark")
    assert theme.current().dark
    window = qapp.palette().color(QPalette.ColorRole.Window)
    assert window == QColor(theme.current().panel)
    assert theme.current().card in qapp.styleSheet()


def test_setting_the_same_theme_announces_nothing(qtbot):
    with qtbot.assertNotEmitted(theme.source().changed):
        theme.source().set_theme("light")


def test_toggle_goes_there_and_back():
    theme.source().toggle()
    assert theme.current().name == "dark"
    theme.source().toggle()
    assert theme.current().name == "light"


def test_an_unknown_theme_is_named():
    with pytest.raises(ValueError, match="no theme is called 'sepia'"):
        theme.source().set_theme("sepia")  # type: ignore[arg-type]


def test_the_style_sheet_has_a_colour_for_every_place():
    found = theme.theme_named("dark")
    sheet = stylesheet(found.name, theme.colours(found))
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    with pytest.raises(KeyError):
        stylesheet("dark", {})


def test_the_ramp_runs_from_its_first_colour_to_its_last():
    found = theme.current()
    assert theme.ramp_colour(0.0) == QColor(found.ramp[0])
    assert theme.ramp_colour(1.0) == QColor(found.ramp[-1])
    assert theme.ramp_colour(-3.0) == theme.ramp_colour(0.0)
    assert theme.ramp_colour(9.0) == theme.ramp_colour(1.0)
    lightness = [theme.ramp_colour(k / 20).lightnessF() for k in range(21)]
    assert lightness == sorted(lightness)


def test_qcolor_gives_each_caller_its_own():
    theme.qcolor("#0B63B0").setAlpha(0)
    assert theme.qcolor("#0B63B0").alpha() == 255
    assert theme.qcolor("#0B63B0", 0.5).alpha() == 128
    with pytest.raises(ValueError, match="not a colour"):
        theme.qcolor("bluish-ish")


def test_bundled_fonts_are_used():
    assert QFontInfo(theme.ui_font(13)).family() == "Inter"
    assert QFontInfo(theme.value_font(12)).family() == "JetBrains Mono"
    assert QFontInfo(theme.value_font(12)).fixedPitch()
    assert theme.ui_font(13).pixelSize() == 13
