"""Every fault of the input or the usage: its exit code, and one line that says what and where."""

import base64
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gradviz.cli import main
from gradviz.cli.main import COMMANDS
from gradviz.files import save
from gradviz.program import graph_from_source

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
BOWL = str(SAMPLES / "bowl.gradviz")
READERS = ("run", "steps", "descend")


def one_line(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> str:
    """The one line on standard error of a command that fails."""
    assert main(arguments) == code
    said = capsys.readouterr().err
    assert said.startswith("gradviz: ") and said.endswith("\n") and said.count("\n") == 1, said
    return said


Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    assert f"usage: gradviz {name}" in capsys.readouterr().out


def test_the_version_is_said(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith("gradviz 0.")


USAGE = {
    "a command is missing": (),
    "did you mean `gradviz steps`": ("stpes", "x"),
    "`gradviz --help` lists": ("nosuchthing",),
    "unrecognized arguments: --bogus": ("--bogus",),
    "see `gradviz run --help`": ("run",),
    "not allowed with argument --json": ("descend", BOWL, "--json", "-", "--csv", "-"),
    "--steps -3": ("descend", BOWL, "--steps", "-3"),
    "invalid int value": ("descend", BOWL, "--steps", "many"),
    "there is no optimizer 'Foo'": ("descend", BOWL, "--runner", "Foo"),
    "SGD has no setting 'speed'": ("descend", BOWL, "--runner", "SGD speed=1"),
    "should end with .svg": ("descend", BOWL, "--plot", "paths.bmp"),
    "should end with one of .svg, .png": ("render", BOWL, "-o", "graph.bmp"),
    "--step -1": ("render", BOWL, "-o", "graph.svg", "--step", "-1"),
    "invalid choice: 'pink'": ("render", BOWL, "-o", "graph.svg", "--theme", "pink"),
    "should end with .py or .gradviz": ("convert", BOWL, "-o", "bowl.txt"),
    "cannot write /proc/none/x.json: No such": ("run", BOWL, "--json", "/proc/none/x.json"),
    "cannot write /proc/none/x.py: No such": ("convert", BOWL, "-o", "/proc/none/x.py"),
    "cannot write /proc/none/x.gradviz: No": ("convert", BOWL, "-o", "/proc/none/x.gradviz"),
    "cannot copy to /proc/none": ("samples", "--copy", "/proc/none"),
    "cannot write /proc/none/x.dot: No such": ("render", BOWL, "-o", "/proc/none/x.dot"),
    "cannot write to /proc/none": ("tour", "-o", "/proc/none"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is where nobody can write")
@pytest.mark.parametrize("message", USAGE)
def test_wrong_usage_is_2(message: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = USAGE[message] or ("--",)
    expected = "unrecognized arguments: --" if not USAGE[message] else message
    assert expected in one_line(capsys, *arguments, code=2)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_without_a_display_the_tour_is_named(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert "`gradviz tour -o DIR`" in one_line(capsys, code=2)
    assert "`gradviz tour -o DIR`" in one_line(capsys, BOWL, code=2)
    assert "`gradviz tour -o DIR`" in one_line(capsys, BOWL, BOWL, code=2)


def test_what_the_app_cannot_open_is_said_before_it_starts(capsys: Capture) -> None:
    assert "did you mean `gradviz run`?" in one_line(capsys, "rnu", BOWL, code=2)
    assert "no option --json; see `gradviz --help`" in one_line(capsys, BOWL, "--json", code=2)
    assert "a.gradviz: there is no such file" in one_line(capsys, "a.gradviz", "b.py", code=1)


FILES: dict[str, tuple[str, bytes]] = {
    "empty.gradviz": ("", b""),
    "truncated.gradviz": ("", (SAMPLES / "bowl.gradviz").read_bytes()[:200]),
    "foreign.gradviz": ("", b'{"cells": [], "nbformat": 4}'),
    "picture.gradviz": ("", base64.b64decode("iVBORw0KGgoAAAANSUhEUg==")),
    "hostile.gradviz": ("", b"[" * 100_000),
    "future.gradviz": ("", b'{"format": 99}'),
    "broken.py": (":1", b"J = (1 +\n"),
    "latin.py": ("UTF-8", "x = 1  # caf\xe9\n".encode("latin-1")),
    "nul.py": ("", b"x = 1\0\n"),
    "notes.txt": ("should end with .gradviz or .py", b"x"),
}


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_none_is_1(command: str, name: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / name
    expected, content = FILES[name]
    path.write_bytes(content)
    line = one_line(capsys, command, str(path), code=1)
    assert str(path) in line and expected in line


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize("name", ["missing.gradviz", "missing.py", "folder.gradviz", "folder.py"])
def test_no_file_at_all_is_1(command: str, name: str, tmp_path: Path, capsys: Capture) -> None:
    if name.startswith("folder"):
        (tmp_path / name).mkdir()
    assert str(tmp_path / name) in one_line(capsys, command, str(tmp_path / name), code=1)


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "program.py"
    path.write_text(text, encoding="utf-8")
    return str(path)


FAULTY = {
    "ValueError: no": "x = 1\nraise ValueError('no')",
    "RuntimeError: one line": "raise RuntimeError('one\\nline')",
    "exit(3)": "import sys\nsys.exit(3)",
    "exit('bye')": "raise SystemExit('bye')",
    "gives a program no input": "while True:\n    input('number? ')",
    "RecursionError": "def f():\n    f()\nf()",
    "GradViz has no torch.distributed": "import torch.distributed",
    "The size of tensor a (2) must match": "import torch\ntorch.ones(2) + torch.ones(3)",
    "AssertionError": "assert 1 == 2",
    "it is torch.sin, after `import torch`": "x = sin(1.0)",
}


@pytest.mark.parametrize("message", FAULTY)
def test_a_program_that_fails_is_1(message: str, tmp_path: Path, capsys: Capture) -> None:
    path = written(tmp_path, FAULTY[message])
    line = one_line(capsys, "run", path, code=1)
    assert message in line and f"{path}:" in line


def test_what_a_program_printed_before_it_failed_is_shown(tmp_path: Path, capsys: Capture) -> None:
    assert main(["run", written(tmp_path, "print('so far')\n1 / 0")]) == 1
    said = capsys.readouterr()
    assert said.out == "so far\n"
    assert "program.py:2: ZeroDivisionError" in said.err


def test_a_long_number_is_no_json(tmp_path: Path, capsys: Capture) -> None:
    path = written(tmp_path, "x = 10 ** 5000")
    assert "cannot be written as JSON" in one_line(capsys, "run", path, "--json", "-", code=1)
    assert main(["run", path]) == 0


@pytest.mark.parametrize("command", ["steps", "descend", "convert", "render"])
def test_python_beyond_a_formula_is_for_run(command: str, tmp_path: Path, capsys: Capture) -> None:
    path = written(tmp_path, "import torch\nfor i in range(3):\n    x = i\n")
    output = ("-o", str(tmp_path / "out.svg")) if command == "render" else ()
    output = ("-o", str(tmp_path / "out.gradviz")) if command == "convert" else output
    line = one_line(capsys, command, path, *output, code=1)
    assert f"{path}:2:1" in line and f"`gradviz run {path}` can run it" in line
    assert main(["run", path]) == 0


def test_a_misspelt_formula_is_not_called_python(tmp_path: Path, capsys: Capture) -> None:
    line = one_line(capsys, "steps", written(tmp_path, "J = sinn(1.0)"), code=1)
    assert "did you mean 'sin'" in line and "gradviz run" not in line


def test_the_app_opens_no_program(tmp_path: Path, capsys: Capture) -> None:
    path = written(tmp_path, "J = 1.0")
    assert f"`gradviz convert {path} -o program.gradviz`" in one_line(capsys, path, code=2)


def test_an_unknown_node_is_1_and_the_names_are_said(capsys: Capture) -> None:
    line = one_line(capsys, "steps", BOWL, "--of", "zz", code=1)
    assert "'zz'" in line and "theta1, theta2, pow1, pow2, J" in line


@pytest.mark.parametrize("command", READERS)
def test_a_node_that_fails_is_named(command: str, tmp_path: Path, capsys: Capture) -> None:
    graph = graph_from_source(
        "a = tensor([1.0, 2.0], requires_grad=True)\nb = tensor([1.0, 2.0, 3.0])\n"
        "c = a + b\nJ = sum(c)"
    )
    save(graph, tmp_path / "failing.gradviz")
    line = one_line(capsys, command, str(tmp_path / "failing.gradviz"), code=1)
    assert "c: The size of tensor a (2) must match" in line


def test_nothing_to_go_back_from_is_said(tmp_path: Path, capsys: Capture) -> None:
    vector = written(tmp_path, "x = tensor([1.0, 2.0], requires_grad=True)\ny = x * 2")
    assert "shape (2)" in one_line(capsys, "steps", vector, code=1)
    constant = written(tmp_path, "x = tensor(1.0)\ny = x * 2")
    assert "requires a gradient" in one_line(capsys, "steps", constant, code=1)
    assert "requires a gradient" in one_line(capsys, "descend", constant, code=1)
    empty = written(tmp_path, "")
    assert "empty" in one_line(capsys, "steps", empty, code=1)


def test_a_contour_needs_two_parameters(tmp_path: Path, capsys: Capture) -> None:
    path = written(tmp_path, "x = tensor(1.0, requires_grad=True)\nJ = x ** 2")
    plot = str(tmp_path / "x.svg")
    assert "two parameters" in one_line(capsys, "descend", path, "--plot", plot, code=1)


def test_a_parameter_does_not_hide_the_losses(tmp_path: Path, capsys: Capture) -> None:
    path = written(tmp_path, "loss = tensor(1.0, requires_grad=True)\nJ = loss ** 2")
    assert "rename it" in one_line(capsys, "descend", path, "--json", "-", code=1)


def test_a_node_without_an_input_cannot_be_a_program(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "half.gradviz"
    path.write_text(
        '{"format": 1, "nodes": [{"id": "n1", "op": "exp", "name": "y"}], "wires": []}',
        encoding="utf-8",
    )
    assert "needs a wire" in one_line(capsys, "run", str(path), code=1)
    line = one_line(capsys, "convert", str(path), "-o", str(tmp_path / "half.py"), code=1)
    assert "cannot be a program" in line


# in a process of its own -------------------------------------------------------------------


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "gradviz", *arguments]


def test_the_exit_code_is_the_process_s() -> None:
    done = subprocess.run(command("run", "none.gradviz"), capture_output=True, text=True)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("gradviz: none.gradviz: ")


@pytest.mark.skipif(os.name != "posix", reason="pipes and signals as POSIX has them")
def test_a_closed_pipe_is_quiet() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command("run", BOWL), stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_said() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(command("run", BOWL), stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr == "gradviz: cannot write to standard output: No space left on device\n"


@pytest.mark.skipif(os.name != "posix", reason="pipes and signals as POSIX has them")
def test_an_interrupt_is_quiet_and_130(tmp_path: Path) -> None:
    mark = tmp_path / "started"
    text = f"open({str(mark)!r}, 'w').close()\nimport time\nwhile True:\n    time.sleep(0.05)\n"
    # Tests that run in a shell's background are deaf to interrupts, and so would the process be.
    process = subprocess.Popen(
        command("run", written(tmp_path, text)), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    try:
        while not mark.exists() and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (130, b"", b"")


def test_a_terminal_that_knows_only_ascii_gets_what_it_can_show() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command("steps", BOWL), capture_output=True, text=True, env=environment)
    assert done.returncode == 0 and done.stderr == "" and "theta2.grad = ?4.000" in done.stdout
