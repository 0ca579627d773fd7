"""Tensors and state dicts as files: safetensors, which loading cannot make run anything.

See https://huggingface.co/docs/safetensors. A dict of tensors is an ordinary such file; of other
values (an optimizer's state, a list, a number) the form is kept beside, as JSON.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as read_bytes
from safetensors.numpy import save as to_bytes

from gradviz.files import disk
from gradviz.files.errors import FileError
from gradviz.ops.spec import Array
from gradviz.tensor.device import check_device
from gradviz.tensor.tensor import Tensor

FORM = "gradviz"
"""Under what name the form of what was saved is kept."""
PLAIN = (bool, int, float, str, type(None))
PICKLES = (b"PK", b"\x80")
File = str | Path | IO[bytes]


def save(obj: Any, f: File) -> None:
    """Write a tensor, a state dict, or lists and dicts of tensors, numbers and text to ``f``.

    ``f``: a path, or a file open for writing bytes. TypeError for anything else in ``obj``.
    """
    arrays: dict[str, Array] = {}
    form = outline(obj, arrays, "")
    plain = isinstance(obj, dict) and form == {"dict": [[k, {"tensor": k}] for k in arrays]}
    metadata = None if plain else {FORM: json.dumps(form)}
    data = to_bytes({k: np.asarray(a, order="C") for k, a in arrays.items()}, metadata)
    if isinstance(f, (str, Path)):
        disk.replace_file(data, Path(os.path.realpath(f)))
    else:
        f.write(data)


def outline(value: Any, arrays: dict[str, Array], name: str) -> Any:
    """The form of a value as JSON; its tensors are put into ``arrays`` under their places."""
    if isinstance(value, Tensor):
        key = name or "tensor"
        while key in arrays:
            key += "'"
        arrays[key] = value.array
        return {"tensor": key}
    if isinstance(value, Mapping):
        items = cast("Mapping[Any, Any]", value).items()
        return {"dict": [[check_key(k), outline(v, arrays, joined(name, k))] for k, v in items]}
    for kind, word in ((list, "list"), (tuple, "tuple")):
        if isinstance(value, kind):
            members = enumerate(cast("list[Any]", value))
            return {word: [outline(v, arrays, joined(name, i)) for i, v in members]}
    if isinstance(value, PLAIN):
        return {"value": value}
    raise TypeError(
        f"save() keeps tensors, numbers, text, and lists and dicts of these, and not "
        f"{type(value).__name__}{f' (at {name})' if name else ''}"
    )


def joined(name: str, key: Any) -> str:
    """The place of a part, from the place of the whole."""
    return f"{name}.{key}" if name else str(key)


def check_key(key: Any) -> Any:
    """A key of a dict, which JSON can hold."""
    if isinstance(key, (str, int)):
        return key
    raise TypeError(f"save() keeps dicts whose keys are text or whole numbers, and not {key!r}")


def load(f: File, map_location: Any = None, **options: Any) -> Any:
    """What :func:`save` wrote to ``f``; of a ``.gradviz`` file the graph.

    ``map_location`` may only be the processor; PyTorch's other options have no effect.
    :class:`FileError` says why a file cannot be read. Pickles are refused: loading one can run
    whatever it was made to run.
    """
    if map_location is not None and not callable(map_location):
        check_device(map_location)
    data = Path(f).read_bytes() if isinstance(f, (str, Path)) else f.read()
    if data.lstrip()[:1] == b"{" and data[8:9] != b"{" and isinstance(f, (str, Path)):
        return disk.load(f)
    if data.startswith(PICKLES):
        raise FileError(
            "this is a pickle, which can run anything when it is loaded; save it as safetensors "
            "where it was made"
        )
    return read_tensors(data)


def read_tensors(data: bytes) -> Any:
    """The values in the bytes of a safetensors file."""
    try:
        arrays = read_bytes(data)
    except SafetensorError as problem:
        raise FileError(f"this is no safetensors file: {problem}") from None
    tensors = {name: Tensor.wrap(np.array(array)) for name, array in arrays.items()}
    size = int.from_bytes(data[:8], "little")
    form = json.loads(data[8 : 8 + size]).get("__metadata__", {}).get(FORM)
    return tensors if form is None else rebuilt(json.loads(form), tensors)


BUILT: Mapping[str, Callable[[Any, Mapping[str, Any]], Any]] = {
    "tensor": lambda held, tensors: tensors[held],
    "dict": lambda held, tensors: {k: rebuilt(v, tensors) for k, v in held},
    "list": lambda held, tensors: [rebuilt(v, tensors) for v in held],
    "tuple": lambda held, tensors: tuple(rebuilt(v, tensors) for v in held),
    "value": lambda held, tensors: held,
}


def rebuilt(form: Mapping[str, Any], tensors: Mapping[str, Any]) -> Any:
    """A value from its form."""
    try:
        ((word, held),) = form.items()
        return BUILT[word](held, tensors)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise FileError(f"the form of what was saved cannot be read: {problem!r}") from None
