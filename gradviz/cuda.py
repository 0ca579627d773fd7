"""``torch.cuda`` where there is none: programs ask it first, and then use the processor."""

from __future__ import annotations

from typing import Any, NoReturn

NOT_COMPILED = "Torch not compiled with CUDA enabled"


def is_available() -> bool:
    """False."""
    return False


def device_count() -> int:
    """None: 0."""
    return 0


def is_initialized() -> bool:
    """False."""
    return False


def manual_seed(seed: int) -> None:
    """Nothing to seed."""


def manual_seed_all(seed: int) -> None:
    """Nothing to seed."""


def empty_cache() -> None:
    """Nothing to give back."""


def current_device() -> NoReturn:
    """Refused, as by a PyTorch without CUDA."""
    raise AssertionError(NOT_COMPILED)


def synchronize(device: Any = None) -> NoReturn:
    """Refused, as by a PyTorch without CUDA."""
    raise AssertionError(NOT_COMPILED)


def get_device_name(device: Any = None) -> NoReturn:
    """Refused, as by a PyTorch without CUDA."""
    raise AssertionError(NOT_COMPILED)


def get_device_properties(device: Any = None) -> NoReturn:
    """Refused, as by a PyTorch without CUDA."""
    raise AssertionError(NOT_COMPILED)
