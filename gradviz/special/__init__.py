"""Special functions: ``torch.special``.

They come from the table of operations: each whose public path is here, or that PyTorch offers
here under another name, is one.
"""

from __future__ import annotations

from typing import Any

from gradviz.tensor.places import found_in, names_in

ELSEWHERE = {
    "erf": "erf", "expit": "sigmoid", "log1p": "log1p", "log_softmax": "log_softmax",
    "logsumexp": "logsumexp", "round": "round", "softmax": "softmax",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    return found_in("special", name, ELSEWHERE)


def __dir__() -> list[str]:
    return names_in("special", ELSEWHERE)
