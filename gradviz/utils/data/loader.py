"""The loader: batches of a dataset, in the order that PyTorch's takes for a seed."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Generic, TypeVar

from gradviz.tensor.generator import Generator
from gradviz.utils.data.collate import default_collate, default_convert
from gradviz.utils.data.datasets import IterableDataset
from gradviz.utils.data.samplers import (
    BatchSampler,
    RandomSampler,
    SequentialSampler,
    check_count,
    new_seed,
)

T_co = TypeVar("T_co", covariant=True)


class DataLoader(Generic[T_co]):
    """See https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader.

    Items are always loaded by this process: ``num_workers`` may be given, with a warning, and
    what is about handing batches between processes or to a graphics card has no effect.
    """

    def __init__(
        self, dataset: Any, batch_size: int | None = 1, shuffle: bool | None = None,
        sampler: Any = None, batch_sampler: Any = None, num_workers: int = 0,
        collate_fn: Callable[[Any], Any] | None = None, pin_memory: bool = False,
        drop_last: bool = False, timeout: float = 0,
        worker_init_fn: Callable[[int], None] | None = None, multiprocessing_context: Any = None,
        generator: Generator | None = None, *, prefetch_factor: int | None = None,
        persistent_workers: bool = False, pin_memory_device: str = "", in_order: bool = True,
    ) -> None:  # fmt: skip
        check_workers(num_workers, timeout, prefetch_factor, persistent_workers)
        self.dataset = dataset
        self.streamed = isinstance(dataset, IterableDataset)
        if self.streamed:
            check_stream(shuffle, sampler, batch_sampler)
        if sampler is not None and shuffle:
            raise ValueError("sampler option is mutually exclusive with shuffle")
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise ValueError(
                    "batch_sampler option is mutually exclusive with batch_size, shuffle, "
                    "sampler, and drop_last"
                )
            batch_size = None
        elif batch_size is None and drop_last:
            raise ValueError(
                "batch_size=None option disables auto-batching and is mutually exclusive with "
                "drop_last"
            )
        order = chosen_order(dataset, sampler, bool(shuffle), generator)
        if batch_size is not None:
            check_count("batch_size", batch_size)
            if not self.streamed:
                batch_sampler = BatchSampler(order, batch_size, drop_last)
        self.batch_size, self.drop_last, self.generator = batch_size, drop_last, generator
        self.sampler, self.batch_sampler = order, batch_sampler
        self.num_workers = num_workers
        batched = batch_size is not None or batch_sampler is not None
        self.collate_fn = collate_fn or (default_collate if batched else default_convert)

    def __iter__(self) -> Iterator[Any]:
        # Drawn though it seeds nothing here: the numbers drawn after it are PyTorch's for it.
        if not self.streamed:
            iterator = iter(self.numbers)
            new_seed(self.generator)
            return (self.fetch(number) for number in iterator)
        new_seed(self.generator)
        return self.stream()

    @property
    def numbers(self) -> Any:
        """What says which items come next: of each batch, or one by one."""
        return self.sampler if self.batch_sampler is None else self.batch_sampler

    def fetch(self, numbers: Any) -> Any:
        """One batch, or one item where there are no batches."""
        if self.batch_sampler is None:
            return self.collate_fn(self.dataset[numbers])
        together = getattr(self.dataset, "__getitems__", None)
        if callable(together):
            items: Any = together(numbers)
        else:
            items = [self.dataset[number] for number in numbers]
        return self.collate_fn(items)

    def stream(self) -> Iterator[Any]:
        """The batches of a dataset that can only be gone through."""
        items: Iterator[Any] = iter(self.dataset)
        if self.batch_size is None:
            yield from map(self.collate_fn, items)
            return
        while batch := list(islice(items, self.batch_size)):
            if self.drop_last and len(batch) < self.batch_size:
                return
            yield self.collate_fn(batch)

    def __len__(self) -> int:
        if not self.streamed:
            return len(self.numbers)
        total, size = len(self.dataset), self.batch_size or 1
        return total // size if self.drop_last else -(-total // size)


def chosen_order(dataset: Any, sampler: Any, shuffle: bool, generator: Generator | None) -> Any:
    """The sampler given, or the one that goes through the dataset; None for a stream."""
    if sampler is not None or isinstance(dataset, IterableDataset):
        return sampler
    return RandomSampler(dataset, generator=generator) if shuffle else SequentialSampler(dataset)


def check_workers(count: int, timeout: float, prefetch: int | None, persistent: bool) -> None:
    """Refuse contradictory wishes about worker processes; say that there are none."""
    if count < 0:
        raise ValueError(
            "num_workers option should be non-negative; use num_workers=0 to disable "
            "multiprocessing."
        )
    if timeout < 0:
        raise ValueError("timeout option should be non-negative")
    if count == 0 and prefetch is not None:
        raise ValueError(
            "prefetch_factor option could only be specified in multiprocessing.let num_workers > "
            "0 to enable multiprocessing, otherwise set prefetch_factor to None."
        )
    if persistent and count == 0:
        raise ValueError("persistent_workers option needs num_workers > 0")
    if count:
        warnings.warn(
            f"num_workers={count}: items are loaded by this process; there are no workers.",
            UserWarning, stacklevel=3,
        )  # fmt: skip


def check_stream(shuffle: bool | None, sampler: Any, batch_sampler: Any) -> None:
    """Refuse an order for a dataset that has one of its own."""
    options = {"shuffle": shuffle or None, "sampler": sampler, "batch_sampler": batch_sampler}
    for name, value in options.items():
        if value is not None:
            raise ValueError(
                f"DataLoader with IterableDataset: expected unspecified {name} option, but got "
                f"{name}={value}"
            )
