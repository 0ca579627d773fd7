"""The ``.gradviz`` file: a graph as diffable JSON, checked on the way in."""

from gradviz.files.clipboard import copy, paste
from gradviz.files.disk import load, save
from gradviz.files.errors import FileError
from gradviz.files.reading import loads
from gradviz.files.writing import dumps

__all__ = ["FileError", "copy", "dumps", "load", "loads", "paste", "save"]
