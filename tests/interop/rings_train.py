"""The first half of the guide "From PyTorch and back": trains, and writes rings.safetensors, rings.npz and rings.onnx into the working folder."""

# <train>
import numpy as np
import torch
from torch import nn

from safetensors_file import save_file       # or, where it is installed: from safetensors.torch import save_file

torch.manual_seed(1)
x = torch.rand(500, 2) * 2 - 1               # points in a square,
y = (x.norm(dim=1) * 2.5).long().clamp(max=2)      # in one of three rings around its middle

model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 3), nn.Softmax(dim=1))
optimizer = torch.optim.Adam(model.parameters(), 0.01)
for epoch in range(200):
    loss = nn.functional.nll_loss(model(x).log(), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(f"loss {loss.item():.4f}")
for row in model(torch.tensor([[0.1, 0.2], [0.5, 0.3], [-0.8, 0.6]])):
    print(" ".join(f"{p:.4f}" for p in row))
# </train>

# <save>
save_file(model.state_dict(), "rings.safetensors")
np.savez("rings.npz", x=x.numpy(), y=y.numpy())
# </save>

# <export>
torch.onnx.export(model, x[:1], "rings.onnx", input_names=["input"], output_names=["output"],
                  dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}})
# </export>
