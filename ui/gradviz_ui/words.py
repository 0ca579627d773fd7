"""Small matters of spelling that every part of the window shares."""


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
