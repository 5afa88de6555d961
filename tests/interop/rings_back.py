"""The second half: reads further.safetensors and further.onnx, which the library wrote, from the working folder."""

# <back>
import torch
from torch import nn

from safetensors_file import load_file       # or: from safetensors.torch import load_file

model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 3), nn.Softmax(dim=1))
model.load_state_dict(load_file("further.safetensors"))
for row in model(torch.tensor([[0.1, 0.2], [0.5, 0.3], [-0.8, 0.6]])):
    print(" ".join(f"{p:.4f}" for p in row))
# </back>

# <check>
import onnx

file = onnx.load("further.onnx")
onnx.checker.check_model(file, full_check=True)
print(" -> ".join(node.op_type for node in file.graph.node))
print(", ".join(f"{tensor.name} {list(tensor.dims)}" for tensor in file.graph.initializer))
# </check>
