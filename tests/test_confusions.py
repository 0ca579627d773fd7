"""The page of confusions: its pictures are the tour's, its samples and commands are there."""

import re
from pathlib import Path

import pytest

from gradviz.cli import main
from gradviz_ui.tour import STORIES

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "confusions.md").read_text(encoding="utf-8")


def test_every_story_of_the_tour_has_its_picture_and_sample_on_the_page():
    pictures = re.findall(r"\(pictures/([\w-]+)\.png\)", PAGE)
    assert pictures == [scene.name for scene in STORIES]
    samples = re.findall(r"^`samples/(\w+)\.gradviz`", PAGE, re.M)
    assert samples == [scene.sample for scene in STORIES]
    for name in pictures:
        assert (ROOT / "docs" / "pictures" / f"{name}.png").stat().st_size > 10_000


@pytest.mark.parametrize("line", re.findall(r"`gradviz (steps [^`]+)`", PAGE))
def test_every_command_on_the_page_runs(line, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main(line.split()) == 0
    assert capsys.readouterr().out


def test_what_the_page_says_of_the_cure_is_so():
    from gradviz.graph import Evaluation, walk_back
    from gradviz.program import graph_from_source

    graph = graph_from_source(
        "x = tensor([0.0, 1.0, 4.0], requires_grad=True)\n"
        "J = sum(where(x > 0, sqrt(where(x > 0, x, 1)), 0 * x))\n"
    )
    walk = walk_back(Evaluation(graph), graph.output() or "")
    x = graph.named("x")
    assert x is not None
    assert walk.gradients[x.id].tolist() == [0.0, 0.5, 0.25]
