"""Datasets: anything with a length and items by number."""

from __future__ import annotations

import math
import warnings
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, Generic, TypeVar, cast

from gradviz.tensor.generator import Generator
from gradviz.tensor.random import randperm
from gradviz.tensor.tensor import Tensor

T_co = TypeVar("T_co", covariant=True)


class Dataset(Generic[T_co]):
    """Base of datasets: says its items by number, and most often how many there are."""

    def __getitem__(self, index: Any) -> T_co:
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")

    def __add__(self, other: Dataset[Any]) -> ConcatDataset:
        return ConcatDataset([self, other])


class IterableDataset(Dataset[T_co]):
    """Base of datasets that can only be gone through, from the first item on."""

    def __iter__(self) -> Iterator[T_co]:
        raise NotImplementedError("Subclasses of IterableDataset should implement __iter__.")


class TensorDataset(Dataset[tuple[Tensor, ...]]):
    """The rows of tensors side by side."""

    def __init__(self, *tensors: Tensor) -> None:
        if any(len(tensor.array) != len(tensors[0].array) for tensor in tensors):
            raise AssertionError("Size mismatch between tensors")
        self.tensors = tensors

    def __getitem__(self, index: Any) -> tuple[Tensor, ...]:
        rows: list[Any] = [cast(Any, tensor)[index] for tensor in self.tensors]
        return tuple(rows)

    def __len__(self) -> int:
        return len(self.tensors[0].array)


class ConcatDataset(Dataset[Any]):
    """Datasets one after the other."""

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets: list[Any] = list(datasets)
        if not self.datasets:
            raise AssertionError("datasets should not be an empty iterable")
        if any(isinstance(dataset, IterableDataset) for dataset in self.datasets):
            raise AssertionError("ConcatDataset does not support IterableDataset")
        self.cumulative_sizes = list(accumulate(len(dataset) for dataset in self.datasets))

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]

    def __getitem__(self, index: int) -> Any:
        if index < 0:
            if -index > len(self):
                raise ValueError("absolute value of index should not exceed dataset length")
            index += len(self)
        which = bisect_right(self.cumulative_sizes, index)
        before = self.cumulative_sizes[which - 1] if which else 0
        return self.datasets[which][index - before]


class Subset(Dataset[T_co]):
    """Some items of a dataset, by their numbers there."""

    def __init__(self, dataset: Dataset[T_co], indices: Sequence[int]) -> None:
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index: Any) -> T_co:
        if isinstance(index, list):
            return self.dataset[[self.indices[i] for i in cast("list[int]", index)]]
        return self.dataset[self.indices[index]]

    def __len__(self) -> int:
        return len(self.indices)


def random_split(
    dataset: Any, lengths: Sequence[float], generator: Generator | None = None
) -> list[Subset[Any]]:
    """Split at random into parts of these lengths, or of these fractions of the whole."""
    total = len(dataset)
    counts = list(lengths)
    if math.isclose(sum(lengths), 1) and sum(lengths) <= 1:
        counts = shares(total, lengths)
    if sum(counts) != total:
        raise ValueError("Sum of input lengths does not equal the length of the input dataset!")
    order: Any = randperm(total, generator=generator)
    numbers: list[int] = order.tolist()
    ends = accumulate(int(count) for count in counts)
    pairs = zip(ends, counts, strict=True)
    return [Subset(dataset, numbers[end - int(count) : end]) for end, count in pairs]


def shares(total: int, fractions: Sequence[float]) -> list[float]:
    """Whole numbers in these proportions; what is left over goes to the first, one each."""
    for index, fraction in enumerate(fractions):
        if not 0 <= fraction <= 1:
            raise ValueError(f"Fraction at index {index} is not between 0 and 1")
    counts: list[float] = [math.floor(total * fraction) for fraction in fractions]
    for index in range(total - int(sum(counts))):
        counts[index % len(counts)] += 1
    for index, count in enumerate(counts):
        if count == 0:
            warnings.warn(
                f"Length of split at index {index} is 0. This might result in an empty dataset.",
                stacklevel=3,
            )
    return counts
