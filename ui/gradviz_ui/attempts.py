"""Edits asked for in a form: carried out, or refused with a reason to be said beside the field."""

from collections.abc import Callable

from gradviz.graph import Batch, GraphError

from .editor import Editor


def attempt(editor: Editor, make: Callable[[], Batch], label: str = "", merge_key: str = "") -> str:
    """Carry out the edit that ``make`` gives; the reason where it is refused, else empty."""
    reasons: list[str] = []
    editor.refused.connect(reasons.append)
    try:
        edit = make()
        if edit.edits:
            editor.perform(edit, label, merge_key)
    except GraphError as problem:
        reasons.append(str(problem))
    finally:
        editor.refused.disconnect(reasons.append)
    return reasons[0] if reasons else ""
