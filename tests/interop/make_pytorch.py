#!/usr/bin/env python3
"""Makes and checks the files that PyTorch and the library exchange.

    python3 tests/interop/make_pytorch.py              writes pytorch.safetensors and pytorch-samples.safetensors beside this script
    python3 tests/interop/make_pytorch.py FILE         loads FILE, which the library wrote, into the same torch.nn.Sequential
                                                       and compares its outputs with the samples in it

It needs PyTorch and NumPy only: the safetensors format is eight bytes of length, a JSON header, and the tensors.
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

HERE = Path(__file__).resolve().parent
TYPES = {"F32": np.float32, "F64": np.float64, "I64": np.int64}


def write(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        array = np.ascontiguousarray(tensor.detach().numpy())
        kind = next(k for k, t in TYPES.items() if array.dtype == t)
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + array.nbytes]}
        data += array.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def read(path):
    content = Path(path).read_bytes()
    length = struct.unpack("<Q", content[:8])[0]
    header, tensors = json.loads(content[8:8 + length]), {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            array = np.frombuffer(content[8 + length + begin:8 + length + end], TYPES[entry["dtype"]]).reshape(entry["shape"])
            tensors[name] = torch.from_numpy(array.copy())
    return tensors


def model():
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 6, (2, 3), stride=2, groups=2),
        nn.ConvTranspose2d(6, 4, 3, stride=2), nn.GroupNorm(2, 4), nn.Sequential(nn.Conv2d(4, 4, 1), nn.Tanh()), nn.Flatten(),
        nn.Linear(4 * 7 * 5, 5), nn.BatchNorm1d(5), nn.LayerNorm(5), nn.Linear(5, 3), nn.Softmax(dim=1))


if len(sys.argv) > 1:
    tensors = read(sys.argv[1])
    x, y = tensors.pop("samples.x"), tensors.pop("samples.y")       # features last, as the library has them
    network = model()
    network.load_state_dict(tensors)                                # strict: every name and shape
    network.eval()
    error = (network(x.permute(0, 3, 1, 2)) - y).abs().max().item()
    print(f"largest difference of {y.numel()} outputs: {error:.2e}")
    sys.exit(0 if error <= 1e-6 else 1)

network = model()
network.train()
for _ in range(3):
    network(torch.randn(8, 2, 6, 6) * 2 + 1)                        # moves the running statistics
for parameter in network.parameters():
    parameter.data += 0.1 * torch.randn_like(parameter)
network.eval()
x = torch.randn(3, 2, 6, 6)
write(HERE / "pytorch.safetensors", network.state_dict())
write(HERE / "pytorch-samples.safetensors", {"x": x.permute(0, 2, 3, 1), "y": network(x)})
print({name: list(t.shape) for name, t in network.state_dict().items()}, network[:7](x).shape)
