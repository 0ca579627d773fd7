"""The page of absent names: each of them is absent, and each group says why."""

import importlib
import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

import gradviz

PAGE = Path(__file__).resolve().parents[1] / "docs" / "absent.md"
LINES = [
    (match["place"], re.findall(r"`([^`]+)`", match["names"]))
    for match in re.finditer(
        r"^- `(?P<place>torch[\w.]*)`: (?P<names>.*)$", PAGE.read_text(encoding="utf-8"), re.M
    )
]


def place_here(place: str) -> Any:
    target: Any = gradviz
    for part in place.split(".")[1:]:
        if not hasattr(target, part):
            target = importlib.import_module(f"{target.__name__}.{part}")
        else:
            target = getattr(target, part)
    return target


def test_the_page_lists_names() -> None:
    assert sum(len(names) for _, names in LINES) > 300
    assert {"torch", "torch.Tensor"} <= {place for place, _ in LINES}


@pytest.mark.parametrize("place", sorted({place for place, _ in LINES}))
def test_absent_names_are_absent(place: str) -> None:
    target = place_here(place)
    listed = [name for where, names in LINES if where == place for name in names]
    assert [name for name in listed if hasattr(target, name)] == []
    assert len(listed) == len(set(listed))


def test_the_page_is_whole() -> None:
    """Where PyTorch of the page's version is installed: nothing is absent but what is listed."""
    torch = pytest.importorskip("torch")
    if torch.__version__.partition("+")[0] not in PAGE.read_text(encoding="utf-8"):
        pytest.skip("another version of PyTorch")
    scripts = PAGE.parents[1] / "scripts" / "compare_surface.py"
    spec = importlib.util.spec_from_file_location("compare_surface", scripts)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.page() == PAGE.read_text(encoding="utf-8")
