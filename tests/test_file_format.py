"""The page on the file names every field there is."""

import re
from pathlib import Path

import msgspec
import numpy as np
import pytest

from gradviz.descent import (
    PLANES,
    Axis,
    Batching,
    DescentSettings,
    Minima,
    PlaneSpec,
    RunnerSpec,
    SavedPoint,
    Segment,
    place_of,
    to_plain,
)
from gradviz.descent.settings import VIEWS, Span
from gradviz.files.schema import (
    BookmarkEntry,
    Document,
    FrameEntry,
    GroupEntry,
    NodeEntry,
    NoteEntry,
    PortEntry,
    WireEntry,
)

PAGE = Path(__file__).parents[1].joinpath("docs", "file-format.md").read_text("utf-8")
WORDS = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", PAGE))))


@pytest.mark.parametrize(
    "kind",
    [
        Document,
        NodeEntry,
        WireEntry,
        GroupEntry,
        PortEntry,
        FrameEntry,
        NoteEntry,
        BookmarkEntry,
    ],
)
def test_every_field_of_the_file_is_named(kind):
    assert {f.encode_name for f in msgspec.structs.fields(kind)} <= WORDS


def keys(plain):
    """All names of fields in plain data."""
    if isinstance(plain, dict):
        return set(plain).union(*(keys(v) for v in plain.values()))
    return set().union(*(keys(v) for v in plain)) if isinstance(plain, list) else set()


def test_every_field_of_a_descent_is_named():
    place = place_of({"id": np.zeros(60)})
    spec = RunnerSpec(
        "SGD", {"lr": 0.1}, "StepLR", {"step_size": 3}, "name", False,
        (Segment(4, RunnerSpec()),), 2,
    )  # fmt: skip
    span = Span("lr", 1.0, 3.0, 3, log=True, whole=True)
    full = DescentSettings(
        (Axis("id"),), (spec,), 9, ((0.0, 1.0), (0.0, 1.0)), Minima(({"id": 1.0},), 0.0), "source",
        "evaluations", Batching(("id",), 4, 1),
        PlaneSpec("between", 3, "around", "to", 1, place), (SavedPoint("around", place),),
        span, (span, span), 300, "sweep",
    )  # fmt: skip
    written = keys(to_plain(full)) - {"lr", "step_size"}
    assert written <= WORDS, written - WORDS
    assert {*PLANES, *VIEWS} <= WORDS
