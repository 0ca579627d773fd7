"""Older formats, brought up to the current one a format at a time.

A change of the format adds one function here, from the number before it; what it is given and
gives are the bare JSON values, checked only afterwards and so never to be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradviz.files.errors import Misplaced
from gradviz.files.schema import FORMAT
from gradviz.graph.values import shown

Migration = Callable[[dict[str, Any]], dict[str, Any]]

MIGRATIONS: Mapping[int, Migration] = {}
"""By the format each reads; it gives the next. Format 1 is the first there was."""


def migrated(
    raw: dict[str, Any], migrations: Mapping[int, Migration] = MIGRATIONS
) -> dict[str, Any]:
    """``raw`` in the current format; refused where its own is unknown or newer."""
    version = raw["format"]
    if not isinstance(version, int) or isinstance(version, bool):
        raise Misplaced(("format",), f"must be a whole number, not {shown(version)}")
    if version > FORMAT:
        raise Misplaced(
            ("format",),
            f"the file has format {shown(version)}, and this GradViz reads up to {FORMAT}: "
            "a newer one wrote it, and is needed to open it",
        )
    while version < FORMAT:
        if version not in migrations:
            raise Misplaced(
                ("format",), f"there is no format {shown(version)}; the current is {FORMAT}"
            )
        raw = {**migrations[version](raw), "format": version + 1}
        version += 1
    return raw
