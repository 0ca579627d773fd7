"""The guide tells the truth: its commands print what it shows, its formulas and keys exist."""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradviz.cli import main
from gradviz.graph import Evaluation
from gradviz.graph.document import Graph
from gradviz.program import parse
from gradviz_ui.actions import ACTIONS

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def runs(block: str) -> Iterator[tuple[str, str]]:
    """Each command of a block, and what it prints."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, output = part.partition("\n")
        yield line, output


@pytest.mark.parametrize("block", blocks("console"))
def test_commands_print_what_is_shown(
    block: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.symlink(ROOT / "samples", "samples")
    Path("training.py").write_text("import torch\nfor step in range(3):\n    pass\n")
    for line, output in runs(block):
        name, *arguments = shlex.split(line)
        assert name == "gradviz"
        main(arguments)
        said = capsys.readouterr()
        assert said.out + said.err == output, line


def test_there_are_commands_to_try() -> None:
    lines = [line for block in blocks("console") for line, _ in runs(block)]
    assert len(lines) >= 7


@pytest.mark.parametrize("text", blocks("formula"))
def test_formulas_are_formulas(text: str) -> None:
    graph = Graph()
    graph.apply(parse(text))
    results = Evaluation(graph).results
    failed = [graph.node(i).name for i, r in results.items() if r.error is not None]
    assert graph.nodes and not failed


def test_the_python_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (text,) = blocks("python")
    exec(compile(text, "guide.md", "exec"), {})
    assert capsys.readouterr().out.splitlines()[0] == "0 SumBackward0"


def test_keys_do_what_is_said() -> None:
    rows = re.findall(r"^\| (\S+) \| (.+?) \|$", GUIDE, re.MULTILINE)[1:]
    keys = {action.text: action.keys for action in ACTIONS}
    assert len(rows) > 20
    assert [row for row in rows if row[0] not in keys.get(row[1], ())] == []


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)]+)\)", GUIDE):
        assert (ROOT / "docs" / target).exists(), target
    headings = {line.lstrip("# ").lower().replace(" ", "-") for line in GUIDE.splitlines()
                if line.startswith("## ")}  # fmt: skip
    assert set(re.findall(r"\]\(#([^)]+)\)", GUIDE)) <= headings
