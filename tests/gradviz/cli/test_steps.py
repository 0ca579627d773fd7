"""What `gradviz steps` shows beside the steps: seeds, stops, words, paths and Jacobians."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradviz.cli import main
from gradviz.cli.views import VIEWS

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.gradviz"))
Capture = pytest.CaptureFixture[str]


def printed(capsys: Capture, sample: str, *arguments: str) -> str:
    """What a command that succeeds writes, with nothing on standard error."""
    assert main(("steps", str(SAMPLES / f"{sample}.gradviz"), *arguments)) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


def as_json(capsys: Capture, sample: str, *arguments: str) -> Any:
    return json.loads(printed(capsys, sample, *arguments, "--json", "-"))


def refused(capsys: Capture, sample: str, *arguments: str) -> str:
    """The one line that a command at whose input something is wrong writes."""
    assert main(("steps", str(SAMPLES / f"{sample}.gradviz"), *arguments)) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1
    return said.err


def test_a_stop_ends_the_steps_and_says_why(capsys: Capture) -> None:
    lines = printed(capsys, "fan_out", "--stop", "accumulation").splitlines()
    assert lines[-2].startswith("  3  pow") and len(lines) == 5
    assert lines[-1] == "stopped at x: term 2 of 2 was added, the sum is 7.000"
    found = as_json(capsys, "fan_out", "--stop", "|grad x| > 5", "--stop", "nan")
    assert [step["node"] for step in found] == ["J", "J", "triple", "squared"]
    assert found[-1]["stopped"] == "stopped at x: |grad| = 7.000 > 5"


def test_a_stop_that_never_comes_is_said(capsys: Capture) -> None:
    lines = printed(capsys, "fan_out", "--stop", "|grad| > 100", "--stop", "nan").splitlines()
    assert lines[-1] == "not stopped: |grad| > 100 or nan never comes in this pass"
    assert len(lines) == 6
    assert "stopped" not in as_json(capsys, "fan_out", "--stop", "nan")[-1]


def test_a_seed_chooses_what_is_differentiated(capsys: Capture) -> None:
    whole = as_json(capsys, "softmax_row", "--of", "shares", "--seed", "ones")
    np.testing.assert_allclose(whole[-1]["upstream"], np.zeros(3), atol=1e-7)
    first = as_json(capsys, "softmax_row", "--of", "shares", "--seed", "one-hot 0")
    row = as_json(capsys, "softmax_row")
    assert first[-1]["upstream"] == row[-1]["upstream"]
    typed = as_json(capsys, "softmax_row", "--of", "shares", "--seed", "[1, 0, 0]")
    assert typed == first


@pytest.mark.parametrize("name", NAMES)
def test_words_and_ledgers_go_with_the_steps(name: str, capsys: Capture) -> None:
    plain, told = as_json(capsys, name), as_json(capsys, name, "--explain")
    assert [step["step"] for step in told] == [step["step"] for step in plain]
    for before, after in zip(plain, told, strict=True):
        sent = [c["value"] for c in before["contributions"]]
        assert [row["contribution"] for row in after["ledger"]] == sent
        assert after["text"] and not any("textcolor" in f for f in after["formulas"])
    assert printed(capsys, name, "--explain").count("\n") > len(plain)


@pytest.mark.parametrize("name", NAMES)
def test_the_forward_pass_is_told(name: str, capsys: Capture) -> None:
    found = as_json(capsys, name, "--forward")
    assert [step["step"] for step in found] == list(range(len(found)))
    known: dict[str, Any] = {}
    for step in found:
        assert all(known[read["from"]] == read["value"] for read in step["inputs"])
        known[step["node"]] = step["values"][0]
        assert step["problem"] is None and step["text"]
    assert printed(capsys, name, "--forward").splitlines()[0].startswith("  0  Given: ")


def test_paths_to_a_node(capsys: Capture) -> None:
    assert printed(capsys, "fan_out", "--paths", "x").splitlines() == [
        "x → triple → J:  1.000 × 3.000 = 3.000",
        "x → squared → J:  1.000 × 4.000 = 4.000",
        "2 paths lead from J back to x; their products add up to 3.000 + 4.000 = 7.000.",
    ]
    found = as_json(capsys, "attention", "--paths", "projected")
    assert found["count"] == 3 == len(found["paths"])
    total = sum(np.asarray(path["value"]) for path in found["paths"])
    np.testing.assert_allclose(total, found["gradient"], atol=1e-6)
    assert all(path["nodes"][0] == "projected" for path in found["paths"])


def test_the_jacobian_of_a_node(capsys: Capture) -> None:
    lines = printed(capsys, "softmax_row", "--jacobian", "shares").splitlines()
    assert lines[0].startswith("∂shares/∂scores has 3 × 3 entries, from (3) to (3); dense:")
    assert lines[1].split() == ["0.2108", "−0.07470", "−0.1361"]
    assert printed(capsys, "fan_out", "--jacobian", "squared").splitlines()[0] == (
        "∂squared/∂x is a single number, 4.000"
    )
    found = as_json(capsys, "broadcast", "--jacobian", "table")
    assert [j["input"] for j in found] == ["column", "row"]
    for one in found:
        assert one["structure"] == "selection"
        np.testing.assert_array_equal(np.asarray(one["upstream"]) @ one["matrix"], one["sent"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--stop", "|grad|"), "--stop: '|grad|' compares with nothing"),
        (("--seed", "[1, 2]"), "--seed: the seed has shape (2) but 'J' has ( )"),
        (("--paths", "zz"), "there is no node called 'zz'"),
        (("--of", "squared", "--paths", "J"), "the pass from 'squared' does not reach 'J'"),
        (("--jacobian", "x"), "'x' has no input that a gradient flows back to"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_line(
    arguments: tuple[str, ...], words: str, capsys: Capture
) -> None:
    assert words in refused(capsys, "fan_out", *arguments)


def test_only_one_view_at_a_time(capsys: Capture) -> None:
    views = [v.option if not v.metavar else f"{v.option}=x" for v in VIEWS]
    for other in views[1:]:
        assert main(("steps", str(SAMPLES / "fan_out.gradviz"), views[0], other)) == 2
        assert "not allowed with" in capsys.readouterr().err


# the whole pass ----------------------------------------------------------------------------


def test_a_pass_at_a_glance(capsys: Capture) -> None:
    lines = printed(capsys, "mlp_xor", "--glance").splitlines()
    assert lines[0].split()[:3] == ["J", "|grad|", "1.000"]
    assert "The tape keeps " in "\n".join(lines)
    assert lines[-1] == "Every number is finite."
    found = as_json(capsys, "mlp_xor", "--glance")
    assert found["magnitudes"]["J"] == 1.0
    assert [layer["layer"] for layer in found["layers"]] == [1, 2]
    assert found["origin"] is None
    assert found["saved"]["hidden"][0]["name"] == "result"


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("u", "no longer required", "detach()"), ("J", "no leaf", "retain_grad"),
        ("x", None, "filled"),
    ],
)  # fmt: skip
def test_why_a_grad_is_none(name: str, kind: str | None, said: str, capsys: Capture) -> None:
    assert said in printed(capsys, "detach", "--why", name)
    assert as_json(capsys, "detach", "--why", name)["kind"] == kind


def test_the_hessian_of_the_bowl(capsys: Capture) -> None:
    assert as_json(capsys, "bowl", "--hessian")["matrix"] == [[2, 0], [0, 2]]
    assert "eigenvalues: 2.000, 2.000" in printed(capsys, "bowl", "--hessian")


def test_forward_mode_along_a_parameter(capsys: Capture) -> None:
    found = as_json(capsys, "bowl", "--tangent", "theta1")
    assert found["tangents"]["J"] == 3.0
    assert found["passes"] == {"forward": 2, "reverse": 1}
    lines = printed(capsys, "bowl", "--tangent", "theta1")
    assert "forward mode takes 2 passes, reverse mode 1 pass" in lines


def test_a_graph_is_converted_to_that_of_its_gradients(tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "gradient.py"
    bowl = str(SAMPLES / "bowl.gradviz")
    assert main(("convert", bowl, "--gradient", "-o", str(target))) == 0
    assert capsys.readouterr().err == ""
    assert "d_J_d_theta1 = 2 * theta1" in target.read_text(encoding="utf-8")
