"""Leaves that hold a picture: which do, and the picture that their elements are."""

from pathlib import PurePath
from typing import Final

import numpy as np
from PySide6.QtGui import QImage

from gradviz.graph import Node
from gradviz.ops.spec import Array, Shape

PICTURES: Final = (".png", ".jpg", ".jpeg", ".bmp")
"""How the names of files end that are pictures."""
SIDE: Final = 640
"""Pixels along a side above which a picture is thinned out: nobody could see more."""


def is_image(node: Node, shape: Shape | None) -> bool:
    """Whether a leaf of that shape shows as a picture: it came from one, and still has its form."""
    source = node.attrs.get("source", "") if node.op == "tensor" else ""
    if not source or PurePath(source).suffix.lower() not in PICTURES or shape is None:
        return False
    return len(shape) == 3 and shape[0] in (1, 3) and 0 not in shape


def image_of(array: Array, most: int = SIDE) -> QImage:
    """The picture of ``(channels, height, width)`` numbers, 0 being black and 1 full.

    Numbers beyond are held there, and nan is black.
    """
    height, width = array.shape[1:]
    thin = max(1, -(-max(height, width) // most))
    shown = np.nan_to_num(np.asarray(array[:, ::thin, ::thin], np.float32), nan=0.0)
    pixels = np.rint(np.clip(shown, 0, 1) * 255).astype(np.uint8).transpose(1, 2, 0)
    three = np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3)))
    rows, columns = three.shape[:2]
    image = QImage(three.data, columns, rows, columns * 3, QImage.Format.Format_RGB888)
    return image.copy()
