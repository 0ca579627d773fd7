"""Files of moving pictures, GIF or MP4: opened by their ending, fed with pictures."""

from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtGui import QImage

VIDEO_RATE = 10


def open_movie(path: Path, seconds: float, rate: int = VIDEO_RATE) -> Any:
    """A file to append pictures to, each of which stands so long in a GIF; a video has a rate.

    Raises:
        ImportError: imageio, or its ffmpeg, is missing.
        OSError: the file cannot be written.
    """
    import imageio.v2 as imageio

    path.open("ab").close()
    options: dict[str, Any] = {"duration": seconds * 1000, "loop": 0}
    if is_video(path):
        options = {"fps": rate, "codec": "libx264", "macro_block_size": 2, "quality": 9}
    return imageio.get_writer(path, mode="I", **options)


def is_video(path: Path) -> bool:
    """Whether a file has frames at a fixed rate."""
    return path.suffix.lower() == ".mp4"


def pixels(image: QImage) -> np.ndarray[Any, Any]:
    """A picture as rows of red, green and blue, its sides even, as video needs them."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    shape = (image.height(), image.width(), 3)
    picture = rows[:, : 3 * image.width()].reshape(shape)
    return np.array(picture[: shape[0] // 2 * 2, : shape[1] // 2 * 2])
