#!/usr/bin/env python3
"""Networks that PyTorch exports as ONNX files, with inputs and the outputs that PyTorch computes: golden/onnx/*.onnx and onnx.json.

Needs python3-torch and python3-onnx (made with torch 1.13 and onnx 1.12). Run it in this folder; the files that it writes are part of the tests.
"""
import json
import pathlib
import warnings

import torch
from torch import nn

warnings.filterwarnings("ignore")
torch.manual_seed(5)
folder = pathlib.Path(__file__).parent / "onnx"
folder.mkdir(exist_ok=True)

networks = {
    # name: (network, shape of a sample, operator set)
    "dense": (nn.Sequential(nn.Linear(5, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 6), nn.GELU(), nn.LayerNorm(6), nn.ELU(0.5), nn.Linear(6, 6, bias=False),
                            nn.LeakyReLU(0.2), nn.Hardsigmoid(), nn.Softplus(), nn.PReLU(), nn.Tanh(), nn.Linear(6, 3), nn.LogSoftmax(dim=1)), [5], 17),
    "conv": (nn.Sequential(nn.Conv2d(3, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2), nn.BatchNorm2d(6), nn.Conv2d(6, 4, (3, 2), stride=(1, 2), padding=(1, 0), groups=2, dilation=(2, 1)),
                           nn.SiLU(), nn.ConvTranspose2d(4, 4, 3, stride=2, padding=1, output_padding=1), nn.PReLU(4), nn.Upsample(scale_factor=2), nn.AvgPool2d(2), nn.Flatten(),
                           nn.Linear(64, 8), nn.Sigmoid(), nn.Linear(8, 4), nn.Softmax(dim=1)), [3, 8, 8], 17),
    "pooled": (nn.Sequential(nn.Conv2d(2, 5, 3, padding=1), nn.AvgPool2d(3, stride=2, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(5, 2)), [2, 6, 5], 11),
    "sequence": (nn.Sequential(nn.Conv1d(3, 6, 3, padding=1), nn.BatchNorm1d(6), nn.ReLU(), nn.Conv1d(6, 4, 2, stride=2), nn.Flatten(), nn.Linear(16, 2)), [3, 8], 13),
    "steps": (nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.LayerNorm(6), nn.Linear(6, 2), nn.Softmax(dim=-1)), [4, 3], 17),
}
golden = {}
for name, (network, shape, operator_set) in networks.items():
    with torch.no_grad():
        for buffer in network.buffers():
            if buffer.dtype == torch.float32:
                buffer.uniform_(0.5, 1.5)
        for parameter in network.parameters():
            if parameter.dim() == 1:
                parameter.uniform_(-0.5, 1)
    network.eval()
    x = torch.randn(3, *shape)
    torch.onnx.export(network, x, folder / f"{name}.onnx", opset_version=operator_set, input_names=["input"], output_names=["output"],
                      dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}})
    golden[name] = {"shape": shape, "x": x.flatten().tolist(), "y": network(x).flatten().tolist()}
(folder / "onnx.json").write_text(json.dumps(golden) + "\n")
