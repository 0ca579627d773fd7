"""The figures of a race: what they show at a step, and that nothing leaves its frame."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from gradviz.bundled import bundled
from gradviz.descent import DescentError, Runner, parse_runner, prepare_descent
from gradviz.export import FIGURES, figure_svg
from gradviz.export.plot import Frame, clipped, shown
from gradviz.export.race_figures import film, moments
from gradviz.files import load
from gradviz.numbers import short
from gradviz.program import graph_from_source

FRAME = Frame(0.0, 0.0, 10.0, 10.0, (0.0, 1.0), (0.0, 1.0))


def race(name, *runners, steps=12):
    descent = prepare_descent(load(bundled("samples") / f"{name}.gradviz"))
    specs = [parse_runner(r) for r in runners] or list(descent.settings.runners)
    found = [Runner(descent.objective, s, descent.objective.start()) for s in specs]
    for runner in found:
        runner.advance(steps)
    return descent, found


def words(svg):
    return [e.text for e in ElementTree.fromstring(svg).iter() if e.tag.endswith("text")]


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_well_formed_in_both_themes(name):
    descent, runners = race("mlp_xor")
    for theme in ("light", "dark"):
        ElementTree.fromstring(figure_svg(name, shown(descent, runners, theme)))


def test_a_figure_at_a_step_ends_there():
    given = shown(*race("bowl", "SGD lr=0.1"))
    early, late = (figure_svg("race", replace(given, step=k)) for k in (2, 12))
    assert "step 2 of 12" in words(early) and "step 12 of 12" in words(late)
    assert early.count("<circle") < late.count("<circle")
    path = given.runners[0].trajectory
    assert f"loss {short(path.losses[2])}" in words(early)


def test_a_runner_keeps_the_colour_it_was_given():
    descent, (runner,) = race("bowl", "SGD lr=0.1")
    runner.spec = replace(runner.spec, colour=4)
    given = shown(descent, [runner])
    assert given.colour(0) == given.colours["plot"][4]
    assert given.colours["plot"][4] in figure_svg("curves", given)


def test_nothing_is_drawn_outside_its_frame():
    given = shown(*race("bowl", "SGD lr=1.2", steps=40))
    for name in ("race", "contour", "curves"):
        svg = figure_svg(name, given)
        root = ElementTree.fromstring(svg)
        width, height = float(root.get("width", "")), float(root.get("height", ""))
        for element in root.iter():
            numbers = re.findall(r"-?\d+\.?\d*", element.get("d", ""))
            for x, y in zip(numbers[::2], numbers[1::2], strict=True):
                assert 0 <= float(x) <= width and 0 <= float(y) <= height, name


@pytest.mark.parametrize(
    ("points", "drawn"),
    [
        ([(1, 1), (5, 5), (9, 1)], "M1.00 1.00 L5.00 5.00 L9.00 1.00"),
        ([(5, 5), (15, 5)], "M5.00 5.00 L10.00 5.00"),
        ([(-5, 5), (15, 5)], "M0.00 5.00 L10.00 5.00"),
        ([(5, 5), (5, 20), (8, 20), (8, 5)], "M5.00 5.00 L5.00 10.00 M8.00 10.00 L8.00 5.00"),
        ([(-5, -5), (-5, 20)], ""),
        ([(3, 3)], ""),
    ],
)
def test_a_line_is_cut_at_the_edges(points, drawn):
    assert clipped(np.array(points, float), FRAME) == drawn


def test_batches_lie_faintly_behind_the_loss_of_all_data():
    svg = figure_svg("curves", shown(*race("least_squares", steps=20)))
    assert svg.count('stroke-opacity="0.35"') == 3


def test_a_film_shows_all_steps_or_evenly_so_many():
    given = shown(*race("bowl", "SGD lr=0.1", steps=12))
    assert moments(given) == list(range(13))
    assert moments(given, 5) == [0, 3, 6, 9, 12]
    assert len(list(film(given))) == 13
    assert len(list(film(given, progress=lambda done, _: done < 4))) == 4


def test_what_there_is_not_is_refused():
    descent, runners = race("bowl", "SGD lr=0.1")
    with pytest.raises(DescentError, match="no model"):
        figure_svg("boundary", shown(descent, runners))
    alone = prepare_descent(graph_from_source("x = tensor(2.0, requires_grad=True)\nJ = x ** 2"))
    runner = Runner(alone.objective, parse_runner("SGD lr=0.1"), alone.objective.start())
    runner.advance(3)
    with pytest.raises(DescentError, match="needs two parameters"):
        figure_svg("contour", shown(alone, [runner]))
    ElementTree.fromstring(figure_svg("curves", shown(alone, [runner])))
