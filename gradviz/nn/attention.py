"""Attention and the encoder of a transformer as layers."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gradviz.nn import functional, init
from gradviz.nn.containers import ModuleList
from gradviz.nn.dropout import Dropout
from gradviz.nn.linear import Linear, blank
from gradviz.nn.module import Module
from gradviz.nn.norm import LayerNorm
from gradviz.tensor import Tensor
from gradviz.tensor.composed import call

__all__ = ["MultiheadAttention", "TransformerEncoder", "TransformerEncoderLayer"]


class NonDynamicallyQuantizableLinear(Linear):
    """The linear layer after attention, under the name that PyTorch shows."""


def as_scores(mask: Any, kind: Any) -> Any:
    """A mask as numbers to be added to scores; booleans say what may not be seen."""
    if mask is None or mask.array.dtype != np.bool_:
        return mask
    return Tensor.wrap(np.where(mask.array, -np.inf, 0.0).astype(kind))


class MultiheadAttention(Module):
    """Attention of several heads: each sees a projection of queries, keys and values of its own.

    ``(L, N, E)``, or with ``batch_first`` ``(N, L, E)``; without a batch ``(L, E)``.
    """

    def __init__(
        self, embed_dim: int, num_heads: int, dropout: float = 0.0, bias: bool = True,
        add_bias_kv: bool = False, add_zero_attn: bool = False, kdim: int | None = None,
        vdim: int | None = None, batch_first: bool = False, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        check_heads(embed_dim, num_heads)
        self.embed_dim, self.num_heads, self.dropout = embed_dim, num_heads, dropout
        self.kdim, self.vdim = kdim or embed_dim, vdim or embed_dim
        self.batch_first, self.head_dim = batch_first, embed_dim // num_heads
        self._same = self.kdim == embed_dim and self.vdim == embed_dim
        widths = {"q": embed_dim, "k": self.kdim, "v": self.vdim}
        if self._same:
            self.in_proj_weight = blank(3 * embed_dim, embed_dim, dtype=dtype)
        for letter, width in widths.items():
            made = None if self._same else blank(embed_dim, width, dtype=dtype)
            self.register_parameter(f"{letter}_proj_weight", made)
        if not self._same:
            self.register_parameter("in_proj_weight", None)
        made = blank(3 * embed_dim, dtype=dtype) if bias else None
        self.register_parameter("in_proj_bias", made)
        self.out_proj = NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias, dtype=dtype)
        self.add_zero_attn = add_zero_attn
        for name in ("bias_k", "bias_v"):
            made = blank(1, 1, embed_dim, dtype=dtype) if add_bias_kv else None
            self.register_parameter(name, made)
        self._reset_parameters()

    def _reset_parameters(self) -> None:
        """Draw new starting values."""
        for weight in self._weights():
            init.xavier_uniform_(weight)
        if self.in_proj_bias is not None:
            init.zeros_(self.in_proj_bias)
            init.zeros_(self.out_proj.bias)  # pyright: ignore[reportArgumentType]
        for extra in (self.bias_k, self.bias_v):
            if extra is not None:
                init.xavier_normal_(extra)

    def _weights(self) -> list[Any]:
        if self._same:
            return [self.in_proj_weight]
        return [self.q_proj_weight, self.k_proj_weight, self.v_proj_weight]

    def _project(self, inputs: tuple[Any, Any, Any]) -> list[Any]:
        """Queries, keys and values as the heads see them."""
        weights = call("chunk", self.in_proj_weight, 3, 0) if self._same else self._weights()
        biases: Any = (None,) * 3
        if self.in_proj_bias is not None:
            biases = call("chunk", self.in_proj_bias, 3, 0)
        parts = zip(inputs, weights, biases, strict=True)
        return [functional.linear(x, w, b) for x, w, b in parts]

    def _lengthened(self, projected: list[Any]) -> list[Any]:
        """Keys and values with what every query may see besides: a learned one, and zeros."""
        queries, *pairs = projected
        for number, extra in enumerate((self.bias_k, self.bias_v)):
            if extra is not None:
                row = call("expand", extra, (1, *pairs[number].array.shape[1:]))
                pairs[number] = call("cat", [pairs[number], row], 0)
            if self.add_zero_attn:
                shape = (1, *pairs[number].array.shape[1:])
                zeros = call("zeros", shape, dtype=pairs[number].dtype)
                pairs[number] = call("cat", [pairs[number], zeros], 0)
        return [queries, *pairs]

    def _heads(self, value: Any) -> Any:
        """``(L, N, E)`` as ``(N, heads, L, E / heads)``."""
        length, batch, _ = value.array.shape
        split = call("reshape", value, (length, batch, self.num_heads, self.head_dim))
        return call("permute", split, (1, 2, 0, 3))

    def forward(
        self, query: Any, key: Any, value: Any, key_padding_mask: Any = None,
        need_weights: bool = True, attn_mask: Any = None, average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Any, Any]:  # fmt: skip
        """What is attended to, and (where ``need_weights``) the weights it was averaged by."""
        single = query.array.ndim == 2
        if single:
            query, key, value = (call("unsqueeze", v, 1) for v in (query, key, value))
        elif self.batch_first:
            query, key, value = (call("transpose", v, 0, 1) for v in (query, key, value))
        q, k, v = (
            self._heads(part) for part in self._lengthened(self._project((query, key, value)))
        )
        mask = self._mask(attn_mask, key_padding_mask, q, k)
        factor = 1 / math.sqrt(self.head_dim)
        scores = call("matmul", q * factor, call("transpose", k, -2, -1))
        weights = call("softmax", scores if mask is None else scores + mask, -1)
        used = functional.dropout(weights, self.dropout, self.training)
        length, batch = query.array.shape[:2]
        joined = call("permute", call("matmul", used, v), (2, 0, 1, 3))
        flat = call("reshape", joined, (length * batch, self.embed_dim))
        result = call("reshape", self.out_proj(flat), (length, batch, self.embed_dim))
        if single:
            result = call("squeeze", result, 1)
        elif self.batch_first:
            result = call("transpose", result, 0, 1)
        if not need_weights:
            return result, None
        shown = weights.mean(1) if average_attn_weights else weights
        return result, call("squeeze", shown, 0) if single else shown

    def _mask(self, attn_mask: Any, padding: Any, q: Any, k: Any) -> Any:
        """All that hides, as numbers to be added to the scores of each head."""
        kind = q.array.dtype
        mask, hidden = as_scores(attn_mask, kind), as_scores(padding, kind)
        more = (self.bias_k is not None) + self.add_zero_attn
        mask, hidden = (
            call("pad", m, (0, more)) if more and m is not None else m for m in (mask, hidden)
        )
        if mask is not None and mask.array.ndim == 3:
            shape = (-1, self.num_heads, q.array.shape[2], k.array.shape[2])
            mask = call("reshape", mask, shape)
        if hidden is None:
            return mask
        wide = call("reshape", hidden, (-1, 1, 1, k.array.shape[2]))
        return wide if mask is None else mask + wide


def check_heads(embed_dim: int, num_heads: int) -> None:
    """Refuse heads that do not divide what they share."""
    if embed_dim <= 0 or num_heads <= 0:
        raise ValueError(
            "embed_dim and num_heads must be greater than 0, got "
            f"embed_dim={embed_dim} and num_heads={num_heads} instead"
        )
    if embed_dim % num_heads:
        raise AssertionError("embed_dim must be divisible by num_heads")


def activation_of(name: Any) -> Callable[[Any], Any]:
    """An activation by name, or a function as it is."""
    if not isinstance(name, str):
        return name
    if name not in ("relu", "gelu"):
        raise RuntimeError(f"activation should be relu/gelu, not {name}")
    return getattr(functional, name)


class TransformerEncoderLayer(Module):
    """Attention of a sequence to itself, then two linear layers; each beside a way around it."""

    def __init__(
        self, d_model: int, nhead: int, dim_feedforward: int = 2048, dropout: float = 0.1,
        activation: Any = "relu", layer_norm_eps: float = 1e-5, batch_first: bool = False,
        norm_first: bool = False, bias: bool = True, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout, bias=bias, batch_first=batch_first, dtype=dtype
        )
        self.linear1 = Linear(d_model, dim_feedforward, bias, dtype=dtype)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias, dtype=dtype)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)
        self.activation = activation_of(activation)

    def forward(
        self, src: Any, src_mask: Any = None, src_key_padding_mask: Any = None,
        is_causal: bool = False,
    ) -> Any:  # fmt: skip
        """The encoded sequence."""
        masks = (src_mask, src_key_padding_mask)
        if self.norm_first:
            src = src + self._attend(self.norm1(src), *masks)
            return src + self._feed(self.norm2(src))
        src = self.norm1(src + self._attend(src, *masks))
        return self.norm2(src + self._feed(src))

    def _attend(self, x: Any, mask: Any, padding: Any) -> Any:
        attended, _ = self.self_attn(
            x, x, x, attn_mask=mask, key_padding_mask=padding, need_weights=False
        )
        return self.dropout1(attended)

    def _feed(self, x: Any) -> Any:
        return self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))


class TransformerEncoder(Module):
    """Encoder layers one after the other, which begin as copies of one."""

    def __init__(
        self, encoder_layer: Any, num_layers: int, norm: Any = None,
        enable_nested_tensor: bool = True, mask_check: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        self.layers = ModuleList([copy.deepcopy(encoder_layer) for _ in range(num_layers)])
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self, src: Any, mask: Any = None, src_key_padding_mask: Any = None,
        is_causal: bool | None = None,
    ) -> Any:  # fmt: skip
        """The encoded sequence."""
        for layer in self.layers:
            src = layer(src, src_mask=mask, src_key_padding_mask=src_key_padding_mask)
        return src if self.norm is None else self.norm(src)
