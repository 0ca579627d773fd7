"""What can be put into a document besides single operations: layers, kept groups, files of data."""

from dataclasses import dataclass
from typing import Final

from gradviz.files.data_files import READERS
from gradviz.layers import LAYERS, Layer

from .group_library import GroupLibrary, KeptGroup
from .images import PICTURES
from .matching import match_score

LAYER, KEPT, FILE = "nn.", "kept/", "file/"
HEADINGS: Final = {LAYER: "Layers", KEPT: "My groups", FILE: "From files"}


@dataclass(frozen=True, slots=True)
class Addition:
    """One of them: `key` names it, `heading` is where lists have it; the rest is as an operation's.

    `problem`: why it cannot be put in; empty where it can.
    """

    key: str
    name: str
    doc: str
    symbol: str
    category: str
    public_path: str
    heading: str
    search: tuple[str, ...] = ()
    problem: str = ""


def additions(library: GroupLibrary) -> list[Addition]:
    """What the person has kept, then files of data, then every layer."""
    return [*map(of_kept, library.groups()), *FILES, *map(of_layer, LAYERS.values())]


def of_layer(layer: Layer) -> Addition:
    """A layer of the table."""
    return Addition(
        f"{LAYER}{layer.name}", layer.name, layer.doc, layer.symbol, layer.category,
        layer.public_path, HEADINGS[LAYER], ("layer", "nn", *layer.search),
    )  # fmt: skip


def of_kept(kept: KeptGroup) -> Addition:
    """A group of the library."""
    return Addition(
        f"{KEPT}{kept.name}", kept.name, kept.problem or f"{kept.said}.", "▢", "const",
        str(kept.path), HEADINGS[KEPT], ("group", "kept", "library", "mine"), kept.problem,
    )  # fmt: skip


def of_files(name: str, doc: str, symbol: str, endings: tuple[str, ...], *search: str) -> Addition:
    """Data from a file whose name ends so."""
    return Addition(
        f"{FILE}{name}", name, doc, symbol, "const", " ".join(endings), HEADINGS[FILE],
        ("file", "import", "data", *search),
    )  # fmt: skip


FILES: Final = (
    of_files("Image…", "A picture as a leaf, channels first, from 0 to 1.", "img", PICTURES,
             "picture", "photo", "pixels"),
    of_files("Table…", "Columns of a table of comma-separated values.", "csv", (".csv",),
             "csv", "spreadsheet", "columns"),
    of_files("Arrays…", "Arrays of NumPy, or tensors.", "npy", tuple(READERS),
             "numpy", "weights", "safetensors"),
)  # fmt: skip


def endings_of(key: str) -> str:
    """How the names of the files end that a key stands for, for a file dialog; empty if none."""
    found = next((each for each in FILES if each.key == key), None)
    return "" if found is None else " ".join(f"*{end}" for end in found.public_path.split())


def layer_of(key: str) -> Layer | None:
    """The layer that a key names."""
    return LAYERS.get(key.removeprefix(LAYER)) if key.startswith(LAYER) else None


def kept_of(key: str) -> str | None:
    """The kept group that a key names."""
    return key.removeprefix(KEPT) if key.startswith(KEPT) else None


def fits(typed: str, addition: Addition) -> int:
    """How well one fits typed letters; 0: not at all."""
    wanted = typed.strip().casefold()
    if wanted == addition.name.casefold():
        # Before an operation of that name: a layer brings its parameters along.
        return 5500
    if "." in wanted and f".{addition.public_path}".endswith(f".{typed.strip()}"):
        return 4500
    named = 2 * match_score(wanted, addition.name)
    path = match_score(wanted, addition.public_path) // 2 if "." in wanted else 0
    others = max((match_score(wanted, word) for word in addition.search), default=0)
    return max(named, path, others // 2, 40 if wanted in addition.doc.casefold() else 0)
