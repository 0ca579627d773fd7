"""Functions of ``nn.functional`` that are made of several operations of the table.

They are plain functions where PyTorch too composes what it has: nothing here has a gradient
rule of its own. :mod:`gradviz.nn.functional` offers all that ``__all__`` of each file names.
"""
