"""A layout in which frames stay round what is in them, and notes stay by what they stand beside.

What is in a frame is laid out by itself first, and the frame then counts as one box.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gradviz.layout.aligning import Placed
from gradviz.layout.keeping import place_near, shift
from gradviz.layout.model import Box, LayoutError, Link
from gradviz.layout.placing import Direction

MARGIN, TITLE = 24.0, 22.0
"""Between a frame and what is in it, and above that for its title."""
LEAST = 120.0
"""The least width of a frame."""
OUTSIDE = "\0outside"
"""The key of a point that stands for all that is not in a frame."""
BESIDE = 16.0
"""Between a note and what it would else lie on."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A card, a note or a frame where it lies now; ``parent``: the frame that it lies in."""

    key: str
    kind: Literal["card", "note", "frame"]
    at: Placed
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Gaps:
    """Between two layers, and between two boxes of a layer."""

    along: float = 64.0
    across: float = 28.0


class _Circular(Exception):
    """Frames that links lead out of and into again, so that neither they nor the rest is first."""

    def __init__(self, frames: set[str]) -> None:
        super().__init__()
        self.frames = frames


def arrange(
    things: Sequence[Thing],
    links: Sequence[Link],
    direction: Direction = "right",
    gaps: Gaps | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> dict[str, Placed]:
    """Where everything goes: most of it stays if it is tidy, else its top left corner does.

    A frame that links lead out of and into again cannot be one box: what is in it is laid out
    with the rest, and the frame is put round it afterwards. Notes and empty frames that lie in no
    frame keep their places beside the nearest card. Raises as :func:`gradviz.layout.place` does.
    """
    kept = gaps or Gaps()
    open_frames: set[str] = set()
    filled = {thing.parent for thing in things}
    free = {t.key for t in things if t.parent is None and is_free(t, filled)}
    laid = [t for t in things if t.key not in free]
    if not laid:
        return {}
    while True:
        work = _Work(inside_open(laid, open_frames), links, direction, kept, cancelled)
        try:
            found, _ = work.level(None)
            break
        except _Circular as circular:
            open_frames |= circular.frames
    by = shift({t.key: t.at[:2] for t in laid}, {k: p[:2] for k, p in found.items()})
    moved = {k: replaced(p, by) for k, p in found.items()}
    for frame in sorted((t for t in laid if t.key in open_frames), key=lambda t: -depth(t, laid)):
        moved[frame.key] = around(moved[t.key] for t in laid if t.parent == frame.key)
    return moved | beside([t for t in things if t.key in free], laid, moved)


def is_free(thing: Thing, filled: set[str | None]) -> bool:
    """Whether it takes no part in the layout: a note, or a frame with nothing in it."""
    return thing.kind == "note" or (thing.kind == "frame" and thing.key not in filled)


def replaced(box: Placed, by: tuple[float, float]) -> Placed:
    """A box somewhere else."""
    return box._replace(x=box.x + by[0], y=box.y + by[1])


def inside_open(things: Iterable[Thing], open_frames: set[str]) -> list[Thing]:
    """The things without frames that are no boxes, those in them lying in the next frame out."""
    known = {thing.key: thing for thing in things}

    def outer(parent: str | None) -> str | None:
        while parent in open_frames:
            parent = known[parent].parent
        return parent

    left = (t for key, t in known.items() if key not in open_frames)
    return [replace(t, parent=outer(t.parent)) for t in left]


def depth(thing: Thing, things: Sequence[Thing]) -> int:
    """In how many frames something lies."""
    known = {t.key: t for t in things}
    count = 0
    while thing.parent is not None:
        thing, count = known[thing.parent], count + 1
    return count


def around(boxes: Iterable[Placed]) -> Placed:
    """The frame round some boxes."""
    placed = list(boxes)
    left, top = min(b.x for b in placed) - MARGIN, min(b.y for b in placed) - MARGIN - TITLE
    right = max(b.x + b.width for b in placed) + MARGIN
    bottom = max(b.y + b.height for b in placed) + MARGIN
    return Placed(left, top, max(right - left, LEAST), bottom - top)


@dataclass(slots=True)
class _Work:
    """One layout: everything at its level, the inmost first."""

    things: list[Thing]
    links: Sequence[Link]
    direction: Direction
    gaps: Gaps
    cancelled: Callable[[], bool] | None

    def level(self, parent: str | None) -> tuple[dict[str, Placed], tuple[float, float]]:
        """Where all in a frame goes, seen from the corner of that; and how large it all is."""
        children = [t for t in self.things if t.parent == parent]
        filled = {t.parent for t in self.things}
        # A frame with nothing in it is a box like any other.
        inner = {t.key: self.level(t.key) for t in children if t.key in filled}
        sizes = {t.key: (t.at.width, t.at.height) for t in children}
        for key, (_, (width, height)) in inner.items():
            sizes[key] = max(width + 2 * MARGIN, LEAST), height + 2 * MARGIN + TITLE
        among = self._links_among(inner, sizes)
        boxes = [Box(key, *size) for key, size in sizes.items()]
        if parent is not None:
            outward = self._outward(inner, sizes, among)
            among, boxes = (
                [*among, *outward],
                [*boxes, Box(OUTSIDE, 1.0, 1.0)] if outward else boxes,
            )
        try:
            corners = place_near(
                boxes, among, {t.key: t.at[:2] for t in children}, direction=self.direction,
                gap_along=self.gaps.along, gap_across=self.gaps.across, cancelled=self.cancelled,
            )  # fmt: skip
        except LayoutError:
            if not inner:
                raise
            raise _Circular(set(inner)) from None
        spots = {key: Placed(*corners[key], *size) for key, size in sizes.items()}
        left, top = min(b.x for b in spots.values()), min(b.y for b in spots.values())
        found = {key: replaced(box, (-left, -top)) for key, box in spots.items()}
        size = (
            max(b.x + b.width for b in found.values()),
            max(b.y + b.height for b in found.values()),
        )
        for key, (placed, _) in inner.items():
            by = found[key].x + MARGIN, found[key].y + MARGIN + TITLE
            found |= {k: replaced(box, by) for k, box in placed.items()}
        return found, size

    def _outward(
        self,
        inner: Mapping[str, tuple[dict[str, Placed], tuple[float, float]]],
        sizes: Mapping[str, tuple[float, float]],
        among: Iterable[Link],
    ) -> list[Link]:
        """Links to one point outside, so that what is read out there lies near that edge.

        Else what is linked to nothing in the frame would stand apart in it.
        """
        owner = {key: key for key in sizes}
        owner |= {k: frame for frame, (placed, _) in inner.items() for k in placed}
        leaving = (li for li in self.links if li.source in owner and li.target not in owner)
        ends = dict.fromkeys(owner[li.source] for li in leaving)
        joined = {li.source for li in among}
        return [Link(key, OUTSIDE) for key in ends if key not in joined]

    def _links_among(
        self,
        inner: Mapping[str, tuple[dict[str, Placed], tuple[float, float]]],
        sizes: Mapping[str, tuple[float, float]],
    ) -> list[Link]:
        """The links between what lies side by side; those of a frame leave where in it they do."""
        if not inner:
            return [li for li in self.links if li.source in sizes and li.target in sizes]
        owner = {key: key for key in sizes}
        owner |= {k: frame for frame, (placed, _) in inner.items() for k in placed}
        wanted = [
            li
            for li in self.links
            if li.source in owner and li.target in owner and owner[li.source] != owner[li.target]
        ]

        def fastened(key: str, at: float | None) -> float | None:
            if owner[key] == key:
                return at
            box = inner[owner[key]][0][key]
            start, extent = (box.x, box.width) if self.direction == "down" else (box.y, box.height)
            edge = MARGIN if self.direction == "down" else MARGIN + TITLE
            return edge + start + (extent / 2 if at is None else at)

        outs = [fastened(li.source, li.source_at) for li in wanted]
        ins = [fastened(li.target, li.target_at) for li in wanted]
        out_ports = ranks((owner[li.source], at) for li, at in zip(wanted, outs, strict=True))
        in_ports = ranks((owner[li.target], at) for li, at in zip(wanted, ins, strict=True))
        return [
            Link(owner[li.source], owner[li.target], out_ports[n], in_ports[n], outs[n], ins[n])
            for n, li in enumerate(wanted)
        ]


def ranks(ends: Iterable[tuple[str, float | None]]) -> list[int]:
    """For each end, how many places on its box come before its own."""
    listed = [(key, at or 0.0) for key, at in ends]
    places: dict[str, list[float]] = {}
    for key, at in sorted(set(listed)):
        places.setdefault(key, []).append(at)
    return [places[key].index(at) for key, at in listed]


def beside(
    free: Iterable[Thing], laid: Iterable[Thing], moved: Mapping[str, Placed]
) -> dict[str, Placed]:
    """Where notes go: beside the card that each is nearest to, on nothing."""
    cards = [t for t in laid if t.kind == "card"]
    if not cards:
        return {}
    taken = [moved[t.key] for t in laid if t.parent is None]
    found: dict[str, Placed] = {}
    for note in free:
        nearest = min(cards, key=lambda card: (apart(card.at, note.at), card.key))
        there, here = moved[nearest.key], nearest.at
        spot = replaced(note.at, (there.x - here.x, there.y - here.y))
        while below := [b.y + b.height for b in taken if overlapping(spot, b)]:
            spot = spot._replace(y=max(below) + BESIDE)
        taken.append(spot)
        found[note.key] = spot
    return found


def apart(one: Placed, other: Placed) -> float:
    """How far two boxes are from each other."""
    across = max(one.x - other.x - other.width, other.x - one.x - one.width, 0.0)
    down = max(one.y - other.y - other.height, other.y - one.y - one.height, 0.0)
    return across + down


def overlapping(one: Placed, other: Placed) -> bool:
    """Whether two boxes have any part in common."""
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )
