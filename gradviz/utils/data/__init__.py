"""Datasets, and batches of them, under PyTorch's names: ``torch.utils.data``.

See https://docs.pytorch.org/docs/stable/data.html. Tables from files of comma-separated values
(:func:`read_csv`) are added, since PyTorch leaves them to other libraries.
"""

from gradviz.utils.data.collate import default_collate, default_convert
from gradviz.utils.data.datasets import (
    ConcatDataset,
    Dataset,
    IterableDataset,
    Subset,
    TensorDataset,
    random_split,
)
from gradviz.utils.data.loader import DataLoader
from gradviz.utils.data.samplers import (
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)
from gradviz.utils.data.tables import Table, TableError, read_csv

__all__ = [
    "BatchSampler",
    "ConcatDataset",
    "DataLoader",
    "Dataset",
    "IterableDataset",
    "RandomSampler",
    "Sampler",
    "SequentialSampler",
    "Subset",
    "SubsetRandomSampler",
    "Table",
    "TableError",
    "TensorDataset",
    "WeightedRandomSampler",
    "default_collate",
    "default_convert",
    "random_split",
    "read_csv",
]
