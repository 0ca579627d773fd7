"""In which order the items of a dataset are taken; random orders are PyTorch's for a seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import islice
from typing import Any, Generic, TypeVar

import numpy as np

from gradviz.tensor.generator import Generator, default_generator
from gradviz.tensor.random import multinomial, randint, randperm
from gradviz.tensor.tensor import Tensor

T_co = TypeVar("T_co", covariant=True)
CHUNK = 32
"""How many numbers are drawn at a time with replacement."""


def new_seed(generator: Generator | None = None) -> int:
    """A seed drawn from a generator, as a loader and a sampler each draw one."""
    drawn = (generator or default_generator).long_words(1)
    return int(drawn[0] % np.uint64(1 << 63))


def check_count(name: str, count: Any) -> None:
    """Refuse what is not a positive whole number."""
    if not isinstance(count, int) or isinstance(count, bool) or count <= 0:
        raise ValueError(f"{name} should be a positive integer value, but got {name}={count}")


class Sampler(Generic[T_co]):
    """Base of samplers: says the numbers of items, or of those of a batch, in order."""

    def __iter__(self) -> Iterator[T_co]:
        raise NotImplementedError(f"{type(self).__name__} must say in which order")


class SequentialSampler(Sampler[int]):
    """From the first to the last."""

    def __init__(self, data_source: Sized) -> None:
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(Sampler[int]):
    """In any order: each once, or (``replacement``) any, any number of times."""

    def __init__(
        self, data_source: Sized, replacement: bool = False, num_samples: int | None = None,
        generator: Generator | None = None,
    ) -> None:  # fmt: skip
        if not isinstance(replacement, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(
                f"replacement should be a boolean value, but got replacement={replacement}"
            )
        self.data_source = data_source
        self.replacement = replacement
        self.generator = generator
        self._num_samples = num_samples
        check_count("num_samples", self.num_samples)

    @property
    def num_samples(self) -> int:
        """How many items are taken in all."""
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self) -> Iterator[int]:
        count, total = len(self.data_source), self.num_samples
        generator = self.generator or Generator().manual_seed(new_seed())
        passes, rest = divmod(total, CHUNK if self.replacement else count)
        # PyTorch draws the last pass even where nothing of it is left to take.
        for size in [None] * passes + [rest]:
            if self.replacement:
                shape = (CHUNK if size is None else size,)
                found: Any = randint(count, shape, generator=generator)
            else:
                found = randperm(count, generator=generator)
            yield from found.tolist()[:size]

    def __len__(self) -> int:
        return self.num_samples


class SubsetRandomSampler(Sampler[int]):
    """Given numbers, in any order."""

    def __init__(self, indices: Sequence[int], generator: Generator | None = None) -> None:
        self.indices = indices
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        order: Any = randperm(len(self.indices), generator=self.generator)
        numbers: list[int] = order.tolist()
        return (self.indices[i] for i in numbers)

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(Sampler[int]):
    """Items as often as their weights say."""

    def __init__(
        self, weights: Any, num_samples: int, replacement: bool = True,
        generator: Generator | None = None,
    ) -> None:  # fmt: skip
        check_count("num_samples", num_samples)
        if not isinstance(replacement, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(
                f"replacement should be a boolean value, but got replacement={replacement}"
            )
        array = np.asarray(getattr(weights, "array", weights), np.float64)
        if array.ndim != 1:
            raise ValueError(
                f"weights should be a 1d sequence but given weights have shape {array.shape}"
            )
        self.weights: Tensor = Tensor.wrap(array)
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        found: Any = multinomial(
            self.weights, self.num_samples, self.replacement, generator=self.generator
        )
        return iter(found.tolist())

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler[list[int]]):
    """What another sampler says, in lists of ``batch_size``."""

    def __init__(self, sampler: Iterable[int], batch_size: int, drop_last: bool) -> None:
        check_count("batch_size", batch_size)
        if not isinstance(drop_last, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"drop_last should be a boolean value, but got drop_last={drop_last}")
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        numbers = iter(self.sampler)
        while batch := list(islice(numbers, self.batch_size)):
            if self.drop_last and len(batch) < self.batch_size:
                return
            yield batch

    def __len__(self) -> int:
        sampler: Any = self.sampler
        total = len(sampler)
        return total // self.batch_size if self.drop_last else -(-total // self.batch_size)
