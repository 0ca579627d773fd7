"""The reference of operations is the one that the table gives."""

import runpy
from pathlib import Path

from gradviz.ops.table import OPS

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_the_page_is_as_the_script_writes_it() -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "make_reference.py"))["page"]()
    assert made == PAGE, "docs/operations.md is out of date: run `make docs`"


def test_every_operation_is_on_the_page() -> None:
    headings = {line.removeprefix("### ") for line in PAGE.splitlines() if line.startswith("### ")}
    assert headings == set(OPS)
