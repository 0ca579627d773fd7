"""The one place where tensors live, under the name programs written for PyTorch give it.

Other devices can be named, as in a PyTorch built without them, but nothing can be put there.
"""

from __future__ import annotations

KNOWN = (
    "cpu", "cuda", "ipu", "xpu", "mkldnn", "opengl", "opencl", "ideep", "hip", "ve", "fpga",
    "maia", "xla", "lazy", "vulkan", "mps", "meta", "hpu", "mtia", "privateuseone",
)  # fmt: skip
NOT_COMPILED = ("cuda", "xpu")


class device:
    """The name of a device: ``device("cpu")``, ``device("cuda:1")`` or ``device("cpu", 0)``.

    See https://docs.pytorch.org/docs/stable/tensor_attributes.html#torch.device.
    """

    __slots__ = ("index", "type")

    def __init__(self, type: str | device | int, index: int | None = None) -> None:
        if isinstance(type, int):
            raise RuntimeError("Cannot access accelerator device when none is available.")
        name, _, number = str(type).partition(":")
        if name not in KNOWN:
            raise RuntimeError(
                f"Expected one of {', '.join(KNOWN)} device type at start of device string: {name}"
            )
        self.type = name
        self.index = int(number) if number else index

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self) -> str:
        return f"device(type='{self.type}'" + (
            ")" if self.index is None else f", index={self.index})"
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


def check_device(place: object) -> None:
    """Refuse what is no device, and devices other than the processor."""
    kind = device(place if isinstance(place, int) else str(place)).type
    if kind in NOT_COMPILED:
        raise AssertionError(f"Torch not compiled with {kind.upper()} enabled")
    if kind != "cpu":
        raise RuntimeError(f"PyTorch is not linked with support for {kind} devices")
