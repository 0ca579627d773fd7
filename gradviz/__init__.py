"""GradViz's engine: tensors, gradients and graphs, under PyTorch's names."""
