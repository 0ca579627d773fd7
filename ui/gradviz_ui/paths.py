"""Find bundled files, because a checkout and an installed wheel keep them in different places."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ROOTS = (_PACKAGE, _PACKAGE.parents[1])


def _bundled(folder: str, name: str) -> Path:
    for root in _ROOTS:
        path = root / folder / name
        if path.exists():
            return path
    raise FileNotFoundError(f"{folder}/{name} is not part of this installation of GradViz")


def resource(name: str) -> Path:
    """Path of a file or folder under `resources/`, for instance ``"icons/add.svg"``.

    Raises:
        FileNotFoundError: the installation lacks it.
    """
    return _bundled("resources", name)


def sample(name: str = "") -> Path:
    """Path of a file under `samples/`, or of the folder itself when no name is given.

    Raises:
        FileNotFoundError: the installation lacks it.
    """
    return _bundled("samples", name)
