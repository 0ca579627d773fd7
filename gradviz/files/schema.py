"""The shape of a file of the current format: which fields there are, and of what type.

Settings, numbers on ports and the data of workspaces are looked at one by one afterwards
(:mod:`gradviz.files.encoding`); a field that is not listed here is an error, because saving
would lose it.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct, field

from gradviz.graph.limits import MAX_NODES, MAX_WIRES

FORMAT = 1
EXTENSION = ".gradviz"

Finite = Annotated[float, Meta(ge=-1e300, le=1e300)]


class NodeEntry(Struct, forbid_unknown_fields=True):
    """A node: ``at`` is its position, ``literals`` the numbers typed on its ports."""

    id: str
    op: str
    name: str
    at: tuple[Finite, Finite] = (0.0, 0.0)
    attrs: dict[str, Any] = field(default_factory=dict[str, Any])
    literals: dict[str, Any] = field(default_factory=dict[str, Any])
    colour: str = ""


class WireEntry(Struct, forbid_unknown_fields=True, rename={"source": "from", "target": "to"}):
    """A wire, from a node's ``output`` (the first unless given) to a ``port`` of another.

    ``dots``: places that it is led through.
    """

    source: str
    target: str
    port: int
    output: int = 0
    dots: list[tuple[Finite, Finite]] = []


class PortEntry(Struct, forbid_unknown_fields=True):
    """A named port of a group: ``ends`` are ports, or the output, of nodes in it."""

    name: str
    ends: list[tuple[str, int]]
    shown: bool = True


class GroupEntry(Struct, forbid_unknown_fields=True):
    """A group: ``members`` are the nodes directly in it, ``parent`` the group it lies in."""

    id: str
    name: str
    members: list[str] = []
    parent: str | None = None
    collapsed: bool = False
    colour: str = ""
    inputs: list[PortEntry] = []
    outputs: list[PortEntry] = []


class FrameEntry(Struct, forbid_unknown_fields=True):
    """A frame: ``at`` is its top left corner, ``size`` its width and height.

    ``group``: the group that it belongs to.
    """

    id: str
    at: tuple[Finite, Finite]
    size: tuple[Finite, Finite]
    title: str = ""
    colour: str = ""
    group: str | None = None


class NoteEntry(Struct, forbid_unknown_fields=True):
    """A note: ``text`` is Markdown with LaTeX; its place and size as those of a frame."""

    id: str
    at: tuple[Finite, Finite]
    size: tuple[Finite, Finite]
    text: str = ""
    colour: str = ""
    group: str | None = None


class BookmarkEntry(Struct, forbid_unknown_fields=True):
    """A bookmark: ``at`` is the point of the canvas in the middle, ``group`` what was entered."""

    name: str
    at: tuple[Finite, Finite]
    zoom: Finite = 1.0
    group: str | None = None


class Document(Struct, forbid_unknown_fields=True):
    """A whole file."""

    format: int
    title: str = ""
    description: str = ""
    nodes: Annotated[list[NodeEntry], Meta(max_length=MAX_NODES)] = []
    wires: Annotated[list[WireEntry], Meta(max_length=MAX_WIRES)] = []
    groups: Annotated[list[GroupEntry], Meta(max_length=MAX_NODES)] = []
    frames: Annotated[list[FrameEntry], Meta(max_length=MAX_NODES)] = []
    notes: Annotated[list[NoteEntry], Meta(max_length=MAX_NODES)] = []
    flow: str = "right"
    output: str | None = None
    descent: dict[str, Any] = field(default_factory=dict[str, Any])
    view: dict[str, Any] = field(default_factory=dict[str, Any])
    watches: list[str] = []
    bookmarks: list[BookmarkEntry] = []
