"""What `gradviz descend` says of many runners at once."""

import csv
import io
import json

import pytest

from gradviz.bundled import bundled
from gradviz.cli.main import main

HIMMELBLAU = str(bundled("samples") / "himmelblau.gradviz")
PHASE = "lr=0.001:1:5 momentum=0:0.9:3"


def run(capsys, *arguments):
    code = main(["descend", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_map_of_two_settings(capsys):
    code, out, _ = run(capsys, HIMMELBLAU, "--runner", "SGD", "--phase", PHASE, "--json", "-")
    found = json.loads(out)
    assert code == 0
    assert (found["across"]["setting"], found["up"]["setting"]) == ("lr", "momentum")
    assert len(found["outcomes"]) == len(found["final"]) == 3
    assert found["outcomes"][0][-1] == "diverged"
    assert len(found["across"]["values"]) == 5
    code, out, _ = run(capsys, HIMMELBLAU, "--runner", "SGD", "--phase", PHASE, "--csv", "-")
    lines = list(csv.DictReader(io.StringIO(out)))
    assert len(lines) == 15
    assert lines[4]["outcome"] == "diverged"
    code, out, _ = run(capsys, HIMMELBLAU, "--runner", "SGD", "--phase", PHASE)
    assert out.startswith("SGD, 15 pairs of lr and momentum: converged ")


def test_basins(capsys):
    given = (HIMMELBLAU, "--runner", "SGD lr=0.005", "--basins")
    code, out, _ = run(capsys, *given, "--json", "-")
    found = json.loads(out)
    assert code == 0
    assert found["axes"] == ["x", "y"]
    assert len(found["minima"]) == 4
    assert len(found["reached"]) == len(found["reached"][0]) == 128
    code, out, _ = run(capsys, *given)
    assert out.count("minimum ") == 4
    code, out, _ = run(capsys, *given, "--csv", "-")
    assert out.splitlines()[0] == "x,y,minimum,final"
    assert len(out.splitlines()) == 1 + 128**2


def test_critical_points(capsys):
    code, out, _ = run(capsys, HIMMELBLAU, "--critical", "--json", "-")
    found = json.loads(out)["critical"]
    assert code == 0
    assert [c["kind"] for c in found] == ["minimum"] * 4 + ["saddle"] * 4 + ["maximum"]
    code, out, _ = run(capsys, HIMMELBLAU, "--critical")
    assert out.splitlines()[-1].startswith("maximum at (−0.2708, −0.9230), loss 181.6")
    code, out, _ = run(capsys, HIMMELBLAU, "--critical", "--csv", "-")
    assert out.startswith("kind,x,y,loss,smaller eigenvalue,larger eigenvalue\nminimum,")


@pytest.mark.parametrize("option", [("--phase", PHASE), ("--basins",), ("--critical",)])
def test_each_is_drawn(capsys, tmp_path, option):
    target = tmp_path / "map.svg"
    code, _, _ = run(capsys, HIMMELBLAU, *option, "--plot", str(target))
    drawn = target.read_text("utf-8")
    assert code == 0
    assert drawn.startswith("<svg") and drawn.endswith("</svg>\n")
    assert "diverged" in drawn or "saddle: 4" in drawn


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((HIMMELBLAU, "--phase", "lr=0.1:1:5"), 2, "give two settings"),
        ((HIMMELBLAU, "--phase", "lr=1 momentum"), 2, "--phase momentum: give a setting"),
        ((HIMMELBLAU, "--phase", "lr=1,-1 momentum=0"), 1, "Invalid learning rate"),
        ((HIMMELBLAU, "--basins", "--runner", "LBFGS"), 1, "takes its steps alone"),
        ((HIMMELBLAU, "--basins", "--sweep", "lr=0.1,0.2"), 2, "--sweep shows a race"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(capsys, arguments, code, said):
    found, out, err = run(capsys, *arguments)
    assert found == code
    assert said in err and err.count("\n") == 1
    assert out == ""
