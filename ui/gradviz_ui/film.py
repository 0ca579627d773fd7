"""The pass that an editor shows as pictures of its own: an animation, or one picture a step."""

from collections.abc import Callable, Iterator
from pathlib import Path

from gradviz.export import EXPORTERS, ExportError, Look, export
from gradviz.export.formats import STEP, draw, film, numbered

from . import theme
from .canvas.picture import Page, save_picture
from .docks.backward_story import Story
from .editor import Editor
from .movie import VIDEO_RATE, is_video, open_movie, pixels
from .prose import sentences_html

MOST_STEPS = 2000
LAST_SECONDS = 2.0
"""How much longer the last picture of an animation stands."""


def export_shown(editor: Editor, path: Path, progress: Callable[[int, int], bool]) -> None:
    """Write the document in the form of a file's ending, as an editor shows it.

    In Backward that is the step it is at, or every step of the pass that it shows, whose seed and
    direction are no part of a document. Raises as :func:`gradviz.export.export` does.
    """
    look = Look(None, theme.current().name, sentence=True, progress=progress)
    walking = editor.workspace == "backward" and editor.track is not None
    kind = path.suffix.lower()
    if not walking or kind not in EXPORTERS or EXPORTERS[kind].write not in (draw, film):
        export(editor.graph, path, look)
        return
    moment = editor.moment
    try:
        if EXPORTERS[kind].moving:
            film_of(editor, path, look)
        elif STEP in path.name:
            series_of(editor, numbered(path), look)
        else:
            save_picture(editor, path)
    finally:
        editor.set_moment(moment)


def series_of(editor: Editor, path_of: Callable[[int, int], Path], look: Look) -> None:
    """The pictures of `write_series`, of the pass that an editor shows."""
    count, room = prepared(editor, look)
    for moment in moments(editor, count, look):
        caption = words(editor) if look.sentence else ""
        save_picture(editor, path_of(moment, count), caption, room)


def film_of(editor: Editor, path: Path, look: Look) -> None:
    """The animation of `write_film`, of the pass that an editor shows."""
    count, room = prepared(editor, look)
    writer = open_movie(path, look.seconds)
    with writer as frames:
        for moment in moments(editor, count, look):
            page = Page(editor, words(editor) if look.sentence else "", room)
            frame = pixels(page.image())
            page.close()
            seconds = look.seconds + LAST_SECONDS * (moment == count)
            for _ in range(repeats(path, seconds, look.seconds)):
                frames.append_data(frame)


def repeats(path: Path, seconds: float, each: float) -> int:
    """How many frames of a file a picture takes that stands for so long."""
    frame = 1 / VIDEO_RATE if is_video(path) else each
    return max(1, round(seconds / frame))


def prepared(editor: Editor, look: Look) -> tuple[int, float]:
    """How many steps the pass has, and the room that the longest caption takes."""
    go_to_step(editor, 0)
    count = len(editor.track or ())
    if count > MOST_STEPS:
        raise ExportError(
            f"the pass has {count} steps, and pictures of every step are made for at "
            f"most {MOST_STEPS}"
        )
    room = 0.0
    for moment in range(count + 1) if look.sentence else ():
        editor.set_moment(moment)
        page = Page(editor, words(editor))
        room = max(room, page.caption_height)
        page.close()
    return count, room


def moments(editor: Editor, count: int, look: Look) -> Iterator[int]:
    """Go through the pass from before the seed to the end, unless it is called off."""
    for moment in range(count + 1):
        if not look.progress(moment, count + 1):
            raise ExportError("called off: what is written ends before the pass does")
        editor.set_moment(moment)
        yield moment


def words(editor: Editor) -> str:
    """The present moment in words, as HTML."""
    return sentences_html(Story.of(editor).sentences, theme.current())


def go_to_step(editor: Editor, step: int) -> None:
    """Bring the backward pass to a step, or say why that cannot be."""
    editor.set_workspace("backward")
    if editor.track is None:
        raise ValueError(editor.walk_problem)
    if not 0 <= step <= len(editor.track):
        raise ValueError(f"the backward pass has {len(editor.track)} steps, so no step {step}")
    editor.set_moment(step)
