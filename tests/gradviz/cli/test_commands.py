"""What the commands give, on every sample."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gradviz.cli import main
from gradviz.export import EXPORTERS
from gradviz.files import load
from gradviz.graph import Evaluation, walk_back

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.gradviz"))
every_sample = pytest.mark.parametrize("name", NAMES)
Capture = pytest.CaptureFixture[str]


def sample(name: str) -> str:
    return str(SAMPLES / f"{name}.gradviz")


def printed(capsys: Capture, *arguments: str) -> str:
    """What a command that succeeds writes, with nothing on standard error."""
    assert main(arguments) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


def as_json(capsys: Capture, *arguments: str) -> Any:
    return json.loads(printed(capsys, *arguments, "--json", "-"))


# run ---------------------------------------------------------------------------------------


@every_sample
def test_run_gives_every_value_as_json(name: str, capsys: Capture) -> None:
    found = as_json(capsys, "run", sample(name))
    assert found.keys() == {"values", "printed"} and found["printed"] == ""
    graph = load(sample(name))
    evaluation = Evaluation(graph)
    assert found["values"].keys() == {node.name for node in graph.nodes.values()}
    for node in graph.nodes.values():
        value, said = evaluation.value(node.id), found["values"][node.name]
        assert value is not None
        assert said.keys() == {"shape", "dtype", "data", "grad"}
        assert said["shape"] == list(value.shape) and said["dtype"] == value.dtype.name
        np.testing.assert_array_equal(np.array(said["data"], value.array.dtype), value.array)


@every_sample
def test_run_prints_a_line_for_every_node(name: str, capsys: Capture) -> None:
    lines = printed(capsys, "run", sample(name)).splitlines()
    assert lines[0].split() == ["name", "shape", "dtype", "value", "grad"]
    assert [line.split()[0] for line in lines[1:]] == [
        load(sample(name)).node(i).name for i in load(sample(name)).order()
    ]


def test_run_of_the_bowl(capsys: Capture) -> None:
    values = as_json(capsys, "run", sample("bowl"))["values"]
    tensor = {"shape": [], "dtype": "float32"}
    assert values["theta1"] == {**tensor, "data": 1.5, "grad": 3.0}
    assert values["J"] == {**tensor, "data": 6.25, "grad": 1.0}


PROGRAM = """\
import math
import torch
import torch.nn.functional as F

x = torch.tensor([1.0, -2.0], requires_grad=True)
odd = torch.tensor(float("nan"))
J = F.relu(x).sum()
J.backward()
print("a line")
pair, flag, nothing, far = (x, [1, "two"]), True, None, -math.inf
_hidden, function = 1, print
endless = []
endless.append(endless)
whole = torch.tensor([1, 2])
"""


def program(tmp_path: Path, text: str = PROGRAM) -> str:
    path = tmp_path / "program.py"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_run_of_a_program(tmp_path: Path, capsys: Capture) -> None:
    found = as_json(capsys, "run", program(tmp_path))
    x = {"shape": [2], "dtype": "float32", "data": [1.0, -2.0], "grad": [1.0, 0.0]}
    assert found["printed"] == "a line\n"
    assert found["values"] == {
        "x": x,
        "odd": {"shape": [], "dtype": "float32", "data": "nan", "grad": None},
        "J": {"shape": [], "dtype": "float32", "data": 1.0, "grad": None},
        "pair": [x, [1, "two"]],
        "flag": True,
        "nothing": None,
        "far": "-inf",
        "whole": {"shape": [2], "dtype": "int64", "data": [1, 2], "grad": None},
    }


def test_run_of_a_program_prints_what_it_prints_and_a_table(
    tmp_path: Path, capsys: Capture
) -> None:
    lines = printed(capsys, "run", program(tmp_path)).splitlines()
    assert lines[0] == "a line"
    assert ["pair", "list", "[[1.000,", "−2.000],", "[1,", "two]]"] in [s.split() for s in lines]


def test_a_program_finds_the_modules_beside_it_and_its_own_name(
    tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "beside_the_program.py").write_text("value = 7", encoding="utf-8")
    path = program(tmp_path, "import sys\nfrom beside_the_program import value\nname = sys.argv")
    assert as_json(capsys, "run", path)["values"] == {"value": 7, "name": [path]}


def test_an_operation_with_several_outputs_gives_them_all(tmp_path: Path, capsys: Capture) -> None:
    path = program(
        tmp_path, "x = tensor([1.0, 3.0], requires_grad=True)\nv, i = max(x, dim=0)\nJ = v * 1"
    )
    target = str(tmp_path / "several.gradviz")
    printed(capsys, "convert", path, "-o", target)
    values = as_json(capsys, "run", target)["values"]
    (several,) = [value for value in values.values() if isinstance(value, list)]
    assert [part["data"] for part in several] == [3.0, 1]


def test_json_goes_to_a_file_where_one_is_named(tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "values.json"
    assert printed(capsys, "run", sample("bowl"), "--json", str(target)) == ""
    assert json.loads(target.read_text(encoding="utf-8"))["values"]["J"]["data"] == 6.25


# steps -------------------------------------------------------------------------------------


@every_sample
def test_steps_add_up_to_the_gradients_of_run(name: str, capsys: Capture) -> None:
    steps = as_json(capsys, "steps", sample(name))
    values = as_json(capsys, "run", sample(name))["values"]
    assert [step["step"] for step in steps] == list(range(len(steps)))
    assert steps[0]["op"] == "seed"
    sums: dict[str, Any] = {steps[0]["node"]: steps[0]["upstream"]}
    for step in steps:
        assert step.keys() == {"step", "node", "op", "upstream", "contributions"}
        np.testing.assert_equal(step["upstream"], sums[step["node"]])
        for sent in step["contributions"]:
            assert sent.keys() == {"to", "value", "accumulated"}
            before = np.array(sums.get(sent["to"], 0.0), np.float32)
            total = before + np.array(sent["value"], np.float32)
            accumulated = np.array(sent["accumulated"], np.float32)
            np.testing.assert_allclose(accumulated, total, rtol=1e-6)
            sums[sent["to"]] = sent["accumulated"]
    found = {node: value["grad"] for node, value in values.items() if value["grad"] is not None}
    np.testing.assert_equal(sums, found)


def test_steps_of_a_fan_out_as_lines(capsys: Capture) -> None:
    assert printed(capsys, "steps", sample("fan_out")).splitlines() == [
        "  0  seed   J = 1.000",
        "  1  add    J ← 1.000   sends squared 1.000, triple 1.000",
        "  2  mul    triple ← 1.000   sends x 3.000 (term 1 of 2, sum 3.000)",
        "  3  pow    squared ← 1.000   sends x 4.000 (term 2 of 2, sum 7.000)",
        "  4  leaf   x.grad = 7.000",
    ]


def test_steps_from_a_node_that_is_named(capsys: Capture) -> None:
    steps = as_json(capsys, "steps", sample("fan_out"), "--of", "squared")
    assert [step["node"] for step in steps] == ["squared", "squared", "x"]


# descend -----------------------------------------------------------------------------------


def test_the_bowl_shrinks_by_a_fifth_each_step(capsys: Capture) -> None:
    found = as_json(capsys, "descend", sample("bowl"), "--runner", "SGD lr=0.1", "--steps", "40")
    (runner,) = found["runners"]
    assert runner.keys() == {"name", "loss", "theta1", "theta2"}
    shrunk = 0.8 ** np.arange(41)
    np.testing.assert_allclose(runner["theta1"], 1.5 * shrunk, atol=1e-6)
    np.testing.assert_allclose(runner["theta2"], -2.0 * shrunk, atol=1e-6)
    np.testing.assert_allclose(runner["loss"], 6.25 * shrunk**2, atol=1e-5)


def test_a_descent_that_a_nan_stops_says_so(capsys: Capture) -> None:
    lines = printed(capsys, "descend", sample("masked_nan"), "--steps", "2").splitlines()
    assert all("diverged at step 1" in line for line in lines)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "masked_nan"])
def test_a_descent_starts_where_the_sample_stands(name: str, capsys: Capture) -> None:
    found = as_json(capsys, "descend", sample(name), "--steps", "2")
    values = as_json(capsys, "run", sample(name))["values"]
    output = load(sample(name)).settings.output
    assert output is not None and len(found["runners"]) == 3
    for runner in found["runners"]:
        loss = values[load(sample(name)).node(output).name]["data"]
        # Where each step sees a batch, the document's loss is the one of all data.
        assert runner.get("full_loss", runner["loss"])[0] == pytest.approx(loss)
        for parameter in runner.keys() - {"name", "loss", "full_loss"}:
            assert len(runner[parameter]) == len(runner["loss"]) == 3
            np.testing.assert_allclose(runner[parameter][0], values[parameter]["data"])


def test_no_steps_is_the_start_alone(capsys: Capture) -> None:
    found = as_json(capsys, "descend", sample("bowl"), "--runner", "Adam", "--steps", "0")
    assert found["runners"][0]["loss"] == [6.25]


def test_a_descent_as_a_table(capsys: Capture) -> None:
    text = printed(
        capsys, "descend", sample("bowl"), "--runner", "SGD lr=0.1", "--runner", "Adam lr=0.2",
        "--steps", "3", "--csv", "-",
    )  # fmt: skip
    head, *rows = csv.reader(io.StringIO(text))
    assert head == ["runner", "step", "loss", "theta1", "theta2"]
    assert [row[:2] for row in rows] == [
        [name, str(step)] for name in ("SGD lr=0.1", "Adam lr=0.2") for step in range(4)
    ]
    assert [float(cell) for cell in rows[0][2:]] == [6.25, 1.5, -2.0]


def test_a_descent_in_words(capsys: Capture) -> None:
    lines = printed(capsys, "descend", sample("bowl"), "--runner", "SGD lr=2").splitlines()
    assert len(lines) == 1 and lines[0].startswith("SGD lr=2: diverged at step ")
    assert printed(capsys, "descend", sample("bowl"), "--runner", "SGD lr=0.5", "--steps", "1") == (
        "SGD lr=0.5: 1 step, loss 6.250 → 0.000, theta1 0.000, theta2 0.000\n"
    )


def test_a_descent_as_a_picture(tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "paths.svg"
    assert printed(capsys, "descend", sample("bowl"), "--plot", str(target)) == ""
    root = ElementTree.parse(target).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(root.findall(".//{http://www.w3.org/2000/svg}path")) > 3


# convert -----------------------------------------------------------------------------------


@every_sample
def test_there_and_back_gives_the_same_values(name: str, tmp_path: Path, capsys: Capture) -> None:
    source, back = str(tmp_path / "there.py"), str(tmp_path / "back.gradviz")
    printed(capsys, "convert", sample(name), "-o", source)
    printed(capsys, "convert", source, "-o", back)
    before = as_json(capsys, "run", sample(name))["values"]
    as_program = as_json(capsys, "run", source)["values"]
    as_graph = as_json(capsys, "run", back)["values"]
    for node, value in as_program.items():
        assert value["data"] == before[node]["data"], node
        if value["grad"] is not None:
            assert value["grad"] == before[node]["grad"], node
    shared = as_graph.keys() & before.keys()
    assert as_program.keys() <= shared
    assert {node: as_graph[node] for node in shared} == {node: before[node] for node in shared}


# render, tour ------------------------------------------------------------------------------

STARTS = {
    ".svg": b"<?xml", ".png": b"\x89PNG\r\n", ".gif": b"GIF8", ".mp4": b"\0\0\0",
    ".pdf": b"%PDF", ".tex": b"\\documentclass", ".dot": b"digraph", ".mmd": b"",
}  # fmt: skip


def test_every_form_of_picture_is_tried() -> None:
    assert STARTS.keys() == EXPORTERS.keys()


@pytest.mark.parametrize("form", STARTS)
def test_render_writes_the_form_that_the_name_asks_for(
    form: str, tmp_path: Path, capsys: Capture
) -> None:
    target = tmp_path / f"picture{form}"
    assert printed(capsys, "render", sample("fan_out"), "-o", str(target)) == ""
    assert target.read_bytes().startswith(STARTS[form]) and target.stat().st_size > 100


def test_render_shows_a_step_of_the_pass(tmp_path: Path, capsys: Capture) -> None:
    found: set[bytes] = set()
    for step in (0, 3, 5):
        target = tmp_path / f"{step}.svg"
        printed(capsys, "render", sample("fan_out"), "-o", str(target), "--step", str(step))
        found.add(target.read_bytes())
    assert len(found) == 3


def test_render_draws_every_step_where_the_name_has_a_place_for_it(
    tmp_path: Path, capsys: Capture
) -> None:
    assert printed(capsys, "render", sample("fan_out"), "-o", str(tmp_path / "p{step}.svg")) == ""
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"p{number}.svg" for number in range(6)]
    boxes = [re.findall(rb'viewBox="([^"]*)"', path.read_bytes()) for path in tmp_path.iterdir()]
    assert all(box == boxes[0] for box in boxes)


def test_an_animation_has_a_picture_for_every_step(tmp_path: Path, capsys: Capture) -> None:
    film = tmp_path / "pass.gif"
    assert printed(capsys, "render", sample("bowl"), "-o", str(film), "--seconds", "0.5") == ""
    graph = load(sample("bowl"))
    with Image.open(film) as opened:
        assert (
            getattr(opened, "n_frames", 1)
            == len(walk_back(Evaluation(graph), graph.output() or "")) + 1
        )
        assert opened.info["duration"] == 500
    silent = tmp_path / "silent.gif"
    printed(capsys, "render", sample("bowl"), "-o", str(silent), "--no-sentence")
    with Image.open(film) as with_words, Image.open(silent) as without:
        assert without.height < with_words.height


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        ("p{step}.dot", (), "are .svg, .png or .pdf"),
        ("p{step}.svg", ("--step", "2"), "leave out which one"),
        ("p.gif", ("--step", "2"), "shows every step"),
        ("p.gif", ("--seconds", "0"), "from 0.1 to 60"),
    ],
)
def test_what_no_animation_can_show_is_said(
    name: str, more: tuple[str, ...], said: str, tmp_path: Path, capsys: Capture
) -> None:
    assert main(["render", sample("bowl"), "-o", str(tmp_path / name), *more]) == 1
    assert said in capsys.readouterr().err
    assert not any(tmp_path.iterdir())


def test_a_step_that_a_form_cannot_show_is_said(tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "picture.dot"
    assert main(["render", sample("fan_out"), "-o", str(target), "--step", "3"]) != 0
    assert "shows no steps" in capsys.readouterr().err
    assert not target.exists()


@pytest.mark.parametrize("form", [".svg", ".png"])
def test_render_has_no_step_beyond_the_last(form: str, tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / f"picture{form}"
    assert main(["render", sample("fan_out"), "-o", str(target), "--step", "99"]) == 1
    assert "99" in capsys.readouterr().err
    assert not target.exists()


def test_render_knows_both_themes(tmp_path: Path, capsys: Capture) -> None:
    found: dict[str, bytes] = {}
    for theme in ("light", "dark"):
        target = tmp_path / f"{theme}.svg"
        printed(capsys, "render", sample("bowl"), "-o", str(target), "--theme", theme)
        found[theme] = target.read_bytes()
    assert found["light"] != found["dark"]


def test_the_tour_takes_its_pictures(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "gradviz", "tour", "-o", str(tmp_path / "tour")]
    bare = {k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "DISPLAY")}
    done = subprocess.run(line, capture_output=True, text=True, env=bare, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    pictures = [Path(name) for name in done.stdout.splitlines()]
    assert {path.stem for path in pictures} == {
        f"{scene}-{theme}"
        for scene in ("welcome", "build", "backward", "descend")
        for theme in ("light", "dark")
    } | {"fan-out", "broadcast", "detach", "accumulation", "nan"}
    for path in pictures:
        assert path.parent == tmp_path / "tour"
        assert path.read_bytes().startswith(STARTS[".png"]) and path.stat().st_size > 10_000


# samples, doctor ---------------------------------------------------------------------------


def test_samples_are_listed_with_their_titles(capsys: Capture) -> None:
    lines = printed(capsys, "samples").splitlines()
    assert [line.split()[0] for line in lines] == NAMES
    assert lines[NAMES.index("fan_out")].endswith("One leaf, used twice")


def test_samples_are_copied_and_changed_ones_are_kept(tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "new" / "folder"
    for _ in range(2):
        said = printed(capsys, "samples", "--copy", str(folder))
        assert said == f"copied {len(NAMES)} samples to {folder}\n"
    assert sorted(path.stem for path in folder.iterdir()) == NAMES
    (folder / "bowl.gradviz").write_text("mine", encoding="utf-8")
    (folder / "saddle.gradviz").unlink()
    assert main(["samples", "--copy", str(folder)]) == 2
    assert "bowl.gradviz is there already and differs" in capsys.readouterr().err
    assert (folder / "bowl.gradviz").read_text(encoding="utf-8") == "mine"
    assert not (folder / "saddle.gradviz").exists()


def test_the_doctor_names_what_it_looked_at(capsys: Capture) -> None:
    out = printed(capsys, "doctor")
    for name in ("gradviz 0.", "numpy ", "PySide6-Essentials ", f"{len(NAMES)} samples", "display"):
        assert name in out
    assert {line.split()[0] for line in out.splitlines()} <= {"ok", "-"}


def test_the_doctor_says_what_is_missing(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradviz.cli.doctor.NEEDED", ("numpy", "no-such-library"))
    assert main(["doctor"]) == 2
    assert "wrong no-such-library is missing: run `" in capsys.readouterr().out
