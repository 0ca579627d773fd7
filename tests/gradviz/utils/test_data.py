"""Loaders, samplers and splits; random orders are those PyTorch 2.13 gave for the same seeds."""

from collections import namedtuple

import numpy as np
import pytest

import gradviz
from gradviz.utils.data import (
    BatchSampler,
    ConcatDataset,
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    SequentialSampler,
    Subset,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
    default_collate,
    default_convert,
    random_split,
)


def rows(count):
    return TensorDataset(gradviz.arange(count))


def listed(loader):
    return [batch[0].tolist() if isinstance(batch, list) else batch.tolist() for batch in loader]


def test_a_shuffled_loader_takes_pytorchs_order_each_time():
    gradviz.manual_seed(6)
    loader = DataLoader(rows(7), batch_size=3, shuffle=True)
    assert listed(loader) == [[5, 0, 1], [2, 3, 6], [4]]
    assert listed(loader) == [[1, 5, 2], [3, 4, 0], [6]]
    assert gradviz.randint(1000, ()).item() == 904


def test_a_shuffled_loader_with_a_generator_of_its_own():
    generator = gradviz.Generator().manual_seed(3)
    loader = DataLoader(range(7), batch_size=4, shuffle=True, generator=generator)
    assert listed(loader) == [[3, 4, 2, 0], [1, 6, 5]]
    assert listed(loader) == [[6, 1, 2, 3], [4, 0, 5]]
    assert gradviz.randint(1000, (), generator=generator).item() == 694


def test_splits():
    gradviz.manual_seed(6)
    parts = random_split(range(10), [7, 3])
    assert [part.indices for part in parts] == [[0, 7, 5, 1, 8, 3, 9], [2, 4, 6]]
    halves = random_split(range(5), [0.5, 0.5], generator=gradviz.Generator().manual_seed(1))
    assert [part.indices for part in halves] == [[0, 4, 2], [3, 1]]
    with pytest.raises(ValueError, match="does not equal the length"):
        random_split(range(10), [7, 4])
    with pytest.warns(UserWarning, match="Length of split at index 1 is 0"):
        random_split(range(1), [0.5, 0.5])


def test_samplers():
    gradviz.manual_seed(6)
    weights = [0.1, 0.9, 0.4, 0.7]
    assert list(WeightedRandomSampler(weights, 9)) == [2, 3, 3, 1, 2, 2, 1, 3, 3]
    assert list(WeightedRandomSampler(weights, 3, replacement=False)) == [2, 1, 3]
    assert list(SubsetRandomSampler([5, 7, 9, 11])) == [11, 7, 9, 5]
    gradviz.manual_seed(6)
    again = list(RandomSampler(range(7), replacement=True, num_samples=35))
    assert again[:6] + again[-3:] == [5, 4, 0, 1, 2, 1, 4, 5, 4]
    assert list(RandomSampler(range(4), num_samples=10)) == [3, 2, 0, 1, 2, 0, 3, 1, 3, 0]


@pytest.mark.parametrize(
    ("drop_last", "expected"),
    [(False, [[0, 1, 2], [3, 4, 5], [6]]), (True, [[0, 1, 2], [3, 4, 5]])],
)
def test_batches_in_order(drop_last, expected):
    loader = DataLoader(rows(7), batch_size=3, drop_last=drop_last)
    assert listed(loader) == expected
    assert len(loader) == len(expected)
    sampler = BatchSampler(SequentialSampler(range(7)), 3, drop_last)
    assert list(sampler) == expected
    assert listed(DataLoader(rows(7), batch_sampler=sampler)) == expected


def test_without_batches_items_come_one_by_one():
    loader = DataLoader([np.float32(1.5), np.float32(2.5)], batch_size=None)
    assert [item.item() for item in loader] == [1.5, 2.5]
    assert len(loader) == 2


def test_datasets_joined_and_picked_from():
    both = rows(3) + rows(2)
    assert isinstance(both, ConcatDataset)
    assert [both[i][0].item() for i in (0, 2, 3, -1)] == [0, 2, 0, 1]
    assert len(both) == 5
    few = Subset(both, [4, 0])
    assert [few[i][0].item() for i in range(len(few))] == [1, 0]
    with pytest.raises(AssertionError, match="Size mismatch between tensors"):
        TensorDataset(gradviz.ones(2), gradviz.ones(3))
    with pytest.raises(AssertionError, match="should not be an empty iterable"):
        ConcatDataset([])
    with pytest.raises(NotImplementedError):
        Dataset()[0]


class Stream(IterableDataset):
    def __iter__(self):
        return iter(range(7))

    def __len__(self):
        return 7


def test_a_stream_is_gone_through_in_its_own_order():
    assert listed(DataLoader(Stream(), batch_size=3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert listed(DataLoader(Stream(), batch_size=3, drop_last=True)) == [[0, 1, 2], [3, 4, 5]]
    assert list(DataLoader(Stream(), batch_size=None)) == list(range(7))
    assert len(DataLoader(Stream(), batch_size=3)) == 3
    with pytest.raises(ValueError, match="unspecified shuffle option, but got shuffle=True"):
        DataLoader(Stream(), shuffle=True)


def test_a_batch_of_each_kind():
    Pair = namedtuple("Pair", "x y")
    item = {"a": 1, "b": (2.0, "word"), "c": [True, np.float32(3)], "d": np.arange(2)}
    batch = default_collate([item, item])
    assert (batch["a"].dtype.name, batch["a"].tolist()) == ("int64", [1, 1])
    assert batch["b"][0].dtype.name == "float64"
    assert batch["b"][1] == ("word", "word")
    assert [part.dtype.name for part in batch["c"]] == ["bool", "float32"]
    assert batch["d"].tolist() == [[0, 1], [0, 1]]
    pair = default_collate([Pair(1, 2), Pair(3, 4)])
    assert isinstance(pair, Pair)
    assert pair.y.tolist() == [2, 4]
    kept = default_convert({"n": np.ones(2), "w": "word", "l": [np.float32(1)]})
    assert (kept["n"].tolist(), kept["w"], kept["l"][0].item()) == ([1.0, 1.0], "word", 1.0)
    with pytest.raises(RuntimeError, match="should be of equal size"):
        default_collate([[1, 2], [1]])
    with pytest.raises(TypeError, match="batch must contain tensors"):
        default_collate([object()])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sampler": [1], "shuffle": True}, "sampler option is mutually exclusive with shuffle"),
        ({"batch_size": None, "drop_last": True}, "disables auto-batching"),
        ({"batch_sampler": [[1]], "batch_size": 3}, "batch_sampler option is mutually exclusive"),
        ({"batch_size": 0}, "batch_size should be a positive integer value, but got batch_size=0"),
        ({"num_workers": -1}, "num_workers option should be non-negative"),
        ({"timeout": -1}, "timeout option should be non-negative"),
        ({"prefetch_factor": 2}, "prefetch_factor option could only be specified"),
        ({"persistent_workers": True}, "needs num_workers > 0"),
    ],
)
def test_wishes_that_contradict_each_other_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        DataLoader(rows(3), **options)


def test_there_are_no_workers_and_that_is_said():
    with pytest.warns(UserWarning, match="there are no workers"):
        loader = DataLoader(rows(3), batch_size=2, num_workers=2)
    assert listed(loader) == [[0, 1], [2]]
