"""A layout in which frames stay round what is in them, and notes stay by what they stand beside.

What is in a frame is laid out by itself first, and the frame then counts as one box.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gradviz.layout.aligning import Placed
from gradviz.layout.keeping import place_near, shift
from gradviz.layout.model import Box, Link
from gradviz.layout.nesting import Nesting
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
        closed = inside_open(laid, open_frames)
        nesting = Nesting({t.key: t.parent for t in closed}, links)
        circular = nesting.circular()
        if not circular:
            break
        open_frames |= circular
    found, _ = _Work({t.key: t for t in closed}, nesting, direction, kept, cancelled).level(None)
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

    things: Mapping[str, Thing]
    nesting: Nesting
    direction: Direction
    gaps: Gaps
    cancelled: Callable[[], bool] | None

    def level(self, parent: str | None) -> tuple[dict[str, Placed], tuple[float, float]]:
        """Where all in a frame goes, seen from the corner of that; and how large it all is."""
        children = self.nesting.inside[parent]
        # A frame with nothing in it is a box like any other.
        inner = {key: self.level(key) for key in children if key in self.nesting.inside}
        sizes = {key: self.things[key].at[2:] for key in children}
        for key, (_, (width, height)) in inner.items():
            sizes[key] = max(width + 2 * MARGIN, LEAST), height + 2 * MARGIN + TITLE
        links = self._links(parent, inner)
        boxes = [Box(key, *size) for key, size in sizes.items()]
        outward = self._outward(parent)
        corners = place_near(
            [*boxes, Box(OUTSIDE, 1.0, 1.0)] if outward else boxes, [*links, *outward],
            {key: self.things[key].at[:2] for key in children}, direction=self.direction,
            gap_along=self.gaps.along, gap_across=self.gaps.across, total=len(self.things),
            cancelled=self.cancelled,
        )  # fmt: skip
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

    def _outward(self, parent: str | None) -> list[Link]:
        """Links to one point outside, so that what is read out there lies near that edge.

        Else what is linked to nothing in the frame would stand apart in it.
        """
        joined = {span.source for span in self.nesting.among.get(parent, ())}
        leaving = self.nesting.leaving.get(parent, ())
        return [Link(key, OUTSIDE) for key in leaving if key not in joined]

    def _links(
        self,
        parent: str | None,
        inner: Mapping[str, tuple[dict[str, Placed], tuple[float, float]]],
    ) -> list[Link]:
        """The links between what lies side by side; those of a frame leave where in it they do."""
        spans = self.nesting.among.get(parent, [])
        if not inner:
            return [span.link for span in spans]

        def fastened(key: str, box: str, at: float | None) -> float | None:
            if key == box:
                return at
            place = inner[box][0][key]
            down = self.direction == "down"
            start, extent = (place.x, place.width) if down else (place.y, place.height)
            return MARGIN + (0 if down else TITLE) + start + (extent / 2 if at is None else at)

        outs = [fastened(s.link.source, s.source, s.link.source_at) for s in spans]
        ins = [fastened(s.link.target, s.target, s.link.target_at) for s in spans]
        out_ports = ranks((s.source, at) for s, at in zip(spans, outs, strict=True))
        in_ports = ranks((s.target, at) for s, at in zip(spans, ins, strict=True))
        return [
            Link(s.source, s.target, out_ports[n], in_ports[n], outs[n], ins[n])
            for n, s in enumerate(spans)
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
