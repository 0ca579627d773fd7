"""`gradviz descend`: axes, start, sweep and budget, and what is said of wrong ones."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from gradviz.bundled import bundled
from gradviz.cli.main import main
from gradviz.descent import PlaneSpec, SavedPoint, from_plain, place_of, to_plain
from gradviz.files import load, save
from gradviz.graph import compose


def descend(capsys, name, *arguments):
    code = main(["descend", str(bundled("samples") / f"{name}.gradviz"), *arguments])
    return code, capsys.readouterr()


def told(capsys, name, *arguments):
    code, text = descend(capsys, name, *arguments, "--json", "-")
    assert code == 0, text.err
    return json.loads(text.out)["runners"]


def test_it_starts_where_it_is_told(capsys):
    (runner,) = told(capsys, "bowl", "--runner", "Newton", "--start", "theta1=0.5, theta2=2",
                     "--steps", "1")  # fmt: skip
    assert runner["theta1"] == [0.5, 0.0]
    assert runner["theta2"] == [2.0, 0.0]
    (one,) = told(capsys, "two_spirals", "--runner", "SGD lr=0.1", "--start", "W1[0,1]=3",
                  "--steps", "0")  # fmt: skip
    assert one["W1"][0][0][1] == 3.0


def test_a_sweep_is_a_runner_for_each_value(capsys):
    runners = told(capsys, "bowl", "--runner", "SGD", "--sweep", "lr=0.01:1:3", "--steps", "5")
    assert [r["name"] for r in runners] == ["SGD lr=0.01", "SGD lr=0.1", "SGD lr=1"]
    runners = told(capsys, "bowl", "--runner", "Adam", "--sweep", "beta1=0.5,0.9", "--steps", "1")
    assert [r["name"] for r in runners] == ["Adam betas=(0.5, 0.999)", "Adam betas=(0.9, 0.999)"]


def test_a_budget_of_gradients(capsys):
    plain, searching = told(
        capsys, "rosenbrock", "--runner", "SGD lr=0.001", "--runner", "Backtracking",
        "--steps", "30", "--evaluations",
    )  # fmt: skip
    assert len(plain["loss"]) == 31
    assert len(searching["loss"]) < 12


def test_a_plot_on_other_axes(capsys, tmp_path):
    target = tmp_path / "spirals.svg"
    code, text = descend(capsys, "two_spirals", "--runner", "SGD lr=0.1", "--steps", "3",
                         "--axes", "W1[0,2],b1[1]", "--plot", str(target))  # fmt: skip
    assert code == 0, text.err
    assert "W1[0, 2]" in target.read_text("utf-8") and "b1[1]" in target.read_text("utf-8")


@pytest.mark.parametrize("axes", ["random:3", "pca", "pca:2", "hessian"])
def test_a_plot_in_a_plane(capsys, tmp_path, axes):
    target = tmp_path / "xor.svg"
    code, text = descend(capsys, "mlp_xor", "--steps", "9", "--axes", axes, "--plot", str(target))
    assert code == 0, text.err
    name = {"r": "random 1", "p": "component 1", "h": "curvature"}[axes[0]]
    assert name in target.read_text("utf-8")


def test_what_a_plane_shows_of_each_path_is_said_and_written(capsys):
    arguments = ("mlp_xor", "--steps", "40", "--axes", "pca:3")
    code, text = descend(capsys, *arguments)
    assert code == 0, text.err
    assert "Adam lr=0.1: component 1 shows 9" in text.out
    code, text = descend(capsys, *arguments, "--json", "-")
    plane = json.loads(text.out)["plane"]
    first = plane["runners"][2]
    assert plane["names"] == ["component 1", "component 2"]
    assert sum(first["explained"]) > 0.95
    assert len(first["places"]) == 41
    assert first["places"][-1] == pytest.approx([0.0, 0.0], abs=1e-6)
    assert first["shown"][-1] == pytest.approx(
        json.loads(text.out)["runners"][2]["loss"][-1], rel=1e-4
    )


def test_a_saved_point_and_a_budget_of_the_document(capsys, tmp_path):
    graph = load(bundled("samples") / "bowl.gradviz")
    point = SavedPoint("home", place_of({i: np.full((), 0.5, np.float32) for i in ("n1", "n2")}))
    settings = replace(
        from_plain(graph.settings.descent), points=(point,), budget="evaluations", steps=10,
        plane=PlaneSpec("between", to="home"),
    )  # fmt: skip
    graph.apply(compose.set_descent(graph, to_plain(settings)))
    save(graph, tmp_path / "bowl.gradviz")
    file = str(tmp_path / "bowl.gradviz")
    assert main(["descend", file, "--runner", "Backtracking", "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["plane"]["names"] == ["to home", "random"]
    assert len(found["runners"][0]["loss"]) < 10, "line searches spend gradients too"
    assert main(["descend", file, "--axes", "theta2,theta1", "--json", "-"]) == 0
    assert "plane" not in json.loads(capsys.readouterr().out)
    assert main(["descend", file, "--axes", "to:work"]) == 2
    assert "no point is saved as 'work'; there are home" in capsys.readouterr().err


@pytest.mark.parametrize(("ending", "magic"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_a_plot_as_pixels_or_a_page(capsys, tmp_path, ending, magic):
    pytest.importorskip("PySide6")
    target = tmp_path / f"bowl.{ending}"
    code, text = descend(capsys, "bowl", "--plot", str(target))
    assert code == 0, text.err
    assert target.read_bytes().startswith(magic)
    assert target.stat().st_size > 8000
    code, text = descend(capsys, "bowl", "--plot", str(tmp_path / "no" / f"bowl.{ending}"))
    assert code == 2
    assert "cannot write" in text.err


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["--axes", "theta1"], 2, "two different names are needed; there are theta1, theta2"),
        (["--axes", "theta1,z"], 2, "there is no 'z'; there are theta1, theta2"),
        (["--axes", "random:x"], 2, "after the colon comes a seed, as random:3"),
        (["--axes", "pca:0"], 2, "a runner's number, as pca:1"),
        (["--axes", "pca:9", "--steps", "2"], 1, "there is no runner 9"),
        (["--axes", "to:home"], 2, "no point is saved as 'home'; the document has none"),
        (["--axes", "pca", "--steps", "1"], 1, "a path of two steps at least"),
        (["--start", "z=1"], 2, "there is no 'z'"),
        (["--start", "theta1=far"], 2, "theta1 must be a number, not 'far'"),
        (["--sweep", "lr"], 2, "as lr=0.001:1:20"),
        (["--sweep", "lr=1:2"], 2, "as lr=0.001:1:20"),
        (["--sweep", "speed=1,2"], 2, "has no setting 'speed'"),
        (["--sweep", "lr=0,0.1"], 2, "with lr=0 it never moves"),
        (["--sweep", "lr=nan,1"], 2, "lr must be a number, not 'nan'"),
        (["--runner", "Adam betas=0.9,1"], 2, "Invalid beta parameter at index 1"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(capsys, arguments, code, reason):
    found, text = descend(capsys, "bowl", *arguments)
    assert found == code
    assert reason in text.err
    assert len(text.err.strip().splitlines()) == 1


def test_a_runner_that_does_not_apply_says_so(capsys):
    code, text = descend(capsys, "saddle", "--runner", "GaussNewton")
    assert code == 1
    assert "needs a sum or mean of squares" in text.err


def test_batches_of_the_data_and_their_seed(capsys):
    given = ("--runner", "SGD lr=0.1", "--steps", "5", "--batch")
    (one,) = told(capsys, "linear_regression", *given, "x,y:8", "--seed", "3")
    assert one["loss"] != one["full_loss"] and len(one["full_loss"]) == 6
    assert told(capsys, "linear_regression", *given, "8", "--seed", "3") == [one]
    (other,) = told(capsys, "linear_regression", *given, "8", "--seed", "4")
    assert other["loss"] != one["loss"] and other["full_loss"][0] == one["full_loss"][0]
    (all_of_it,) = told(capsys, "linear_regression", *given, "none")
    assert "full_loss" not in all_of_it


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--batch", "q:8"), 2, "there is no 'q'; there are x, y"),
        (("--batch", "x"), 2, "as x,y:16"),
        (("--seed", "3"), 2, "nothing is drawn by chance"),
        (("--batch", "8", "--seed", "-1"), 2, "a seed is a whole number"),
        (("--batch", "x:8"), 1, "with 8 rows 'J' fails"),
    ],
)
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_wrong_batches_are_named(capsys, arguments, code, words):
    found, text = descend(capsys, "linear_regression", *arguments)
    assert found == code and words in text.err


@pytest.mark.parametrize("figure", ["race", "contour", "surface", "curves", "boundary"])
def test_each_figure_of_a_race(capsys, tmp_path, figure):
    target = tmp_path / "figure.svg"
    code, text = descend(capsys, "mlp_xor", "--steps", "5", "--figure", figure, "--plot",
                         str(target))  # fmt: skip
    assert code == 0, text.err
    ElementTree.parse(target)


def test_a_figure_of_what_there_is_not_is_refused(capsys, tmp_path):
    code, text = descend(capsys, "bowl", "--figure", "boundary", "--plot", str(tmp_path / "b.svg"))
    assert code == 1 and "no model that tells points of a plane apart" in text.err
    code, text = descend(capsys, "bowl", "--figure", "boundary", "--animate",
                         str(tmp_path / "b.gif"))  # fmt: skip
    assert code == 1 and not (tmp_path / "b.gif").exists()


@pytest.mark.parametrize("ending", ["gif", "mp4"])
def test_a_race_is_shown_step_by_step(capsys, tmp_path, ending):
    pytest.importorskip("PySide6")
    imageio = pytest.importorskip("imageio.v2")
    pytest.importorskip("imageio_ffmpeg")
    target = tmp_path / f"bowl.{ending}"
    code, text = descend(capsys, "bowl", "--steps", "6", "--animate", str(target))
    assert code == 0, text.err
    with imageio.get_reader(target) as frames:
        pictures = [frame[..., :3] for frame in frames]
    assert len(pictures) >= 7
    assert (pictures[0] != pictures[6]).any()


def test_a_film_of_another_form_is_refused(capsys, tmp_path):
    code, text = descend(capsys, "bowl", "--animate", str(tmp_path / "bowl.avi"))
    assert code == 2 and "should end with .gif, .mp4" in text.err
