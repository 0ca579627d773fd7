"""Running a person's program leaves this library as it was."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from gradviz.cli.programs import run_program


def test_a_program_finds_this_library_under_pytorchs_name(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import torch\nimport torch.nn.functional as F\nx = F.relu(torch.ones(2))\n")
    before = {name: importlib.util.find_spec(name) for name in ("gradviz", "gradviz.nn.functional")}
    values, _ = run_program(program)
    assert values["x"].tolist() == [1.0, 1.0]
    assert {name: importlib.util.find_spec(name) for name in before} == before
