"""Small matters of spelling that every part of the window shares."""

from collections.abc import Sequence


def sentence(text: str) -> str:
    """A message with a capital, unless it begins with a name or a quotation."""
    first = text.partition(" ")[0]
    return text[0].upper() + text[1:] if first in OPENINGS else text


OPENINGS = frozenset(
    (
        "a", "an", "at", "both", "expected", "it", "left", "name", "needs", "no", "not", "nothing",
        "only", "settings", "slices", "shifts", "the", "there", "this", "waits", "waiting", "wire",
    )
)  # fmt: skip


def breakable(words: str) -> str:
    """Words whose long names may be broken behind an underscore, for a panel that is narrow."""
    return words.replace("_", "_\N{ZERO WIDTH SPACE}")


def shortened(words: str, most: int) -> str:
    """Words in so many letters at most, an ellipsis for the rest."""
    return words if len(words) <= most else f"{words[: most - 1]}…"


def listed(names: Sequence[str], most: int) -> str:
    """So many names at most one after the other, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
