#!/usr/bin/env python3
"""Makes and checks the files that PyTorch and the library exchange: three networks, in which every layer with parameters stands that torch.nn has too.

    python3 tests/interop/make_pytorch.py              writes pytorch-NAME.safetensors for each: weights, and samples with PyTorch's outputs
    python3 tests/interop/make_pytorch.py FOLDER       loads FOLDER/NAME.safetensors, which the library wrote, into the same torch.nn.Sequential
                                                       and compares its outputs with the samples in it; the tests write them:
                                                       MININET_PYTORCH_OUT=FOLDER tests/MiniNet.Tests/bin/Debug/net10.0/MiniNet.Tests --filter-class "*PyTorchTests"

It needs PyTorch and NumPy only: safetensors_file.py reads and writes the format.
"""

import sys
from pathlib import Path

import torch
from torch import nn

from safetensors_file import load_file, save_file

HERE = Path(__file__).resolve().parent


class RMSNorm(nn.Module):
    """torch.nn.RMSNorm, which torch has from 2.4 on."""

    def __init__(self, features):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(features))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + torch.finfo(x.dtype).eps) * self.weight


# name -> the network, a batch of samples as PyTorch takes them. The library has features last: see last().
NETWORKS = {
    "images": lambda: (nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 6, (2, 3), stride=2, groups=2),
        nn.ConvTranspose2d(6, 4, 3, stride=2), nn.GroupNorm(2, 4), nn.Sequential(nn.Conv2d(4, 4, 1), nn.Tanh()), nn.Flatten(),
        nn.Linear(4 * 7 * 5, 5), nn.BatchNorm1d(5), nn.LayerNorm(5), nn.Linear(5, 3), nn.Softmax(dim=1)), lambda n: torch.randn(n, 2, 6, 6) * 2 + 1),
    "series": lambda: (nn.Sequential(
        nn.Conv1d(3, 6, 3, padding=1), nn.PReLU(6), nn.Conv1d(6, 4, 2, stride=2, groups=2, bias=False), nn.BatchNorm1d(4), nn.PReLU(),
        nn.Flatten(), nn.Linear(16, 5), RMSNorm(5), nn.Linear(5, 2)), lambda n: torch.randn(n, 3, 8)),
    "words": lambda: (nn.Sequential(
        nn.Embedding(9, 6), nn.LayerNorm(6), nn.Linear(6, 4), nn.PReLU(), RMSNorm(4)), lambda n: torch.randint(9, (n, 5))),
}


def last(x):
    """Channels last."""
    return x.float() if x.dim() < 3 else x.permute(0, *range(2, x.dim()), 1)


def first(x, name):
    """And back; indices are whole numbers."""
    return x.long() if name == "words" else x.permute(0, x.dim() - 1, *range(1, x.dim() - 1))


if len(sys.argv) > 1:
    wrong = 0
    for name, make in NETWORKS.items():
        tensors = load_file(Path(sys.argv[1]) / f"{name}.safetensors")
        x, y = tensors.pop("samples.x"), tensors.pop("samples.y")
        network, _ = make()
        network.load_state_dict(tensors)                            # strict: every name and shape
        network.eval()
        error = (network(first(x, name)) - y).abs().max().item()
        print(f"{name}: largest difference of {y.numel()} outputs: {error:.2e}")
        wrong += error > 1e-6
    sys.exit(1 if wrong else 0)

for name, make in NETWORKS.items():
    torch.manual_seed(1)
    network, draw = make()
    network.train()
    for _ in range(3):
        network(draw(8))                                            # moves the running statistics
    for parameter in network.parameters():
        parameter.data += 0.1 * torch.randn_like(parameter)
    network.eval()
    x = draw(3)
    save_file(network.state_dict(), HERE / f"pytorch-{name}.safetensors")
    save_file({"x": last(x), "y": network(x)}, HERE / f"pytorch-{name}-samples.safetensors")
    print(name, {key: list(t.shape) for key, t in network.state_dict().items()})
