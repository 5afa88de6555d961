#!/usr/bin/env python3
"""Makes the golden values the tests compare the library with.

    python3 tests/golden/make_golden.py

writes, beside this script:

    layers.json      outputs and gradients of layers and small models   (PyTorch)
    losses.json      loss values and their gradients                    (PyTorch)
    optimizers.json  ten updates of one small problem by each optimizer (PyTorch)
    schedules.json   learning rates step by step                        (PyTorch)
    metrics.json     metrics of predictions                             (scikit-learn)

It needs PyTorch, NumPy and scikit-learn (the files in the repository were made with
PyTorch 1.13.1 and scikit-learn 1.2.1). The tests read the JSON only, so this script
need only be run again when a case is added. Running it twice gives the same bytes;
another machine or PyTorch version may differ in the last digits.

Conventions of the JSON, which are the library's and not PyTorch's:

  * Arrays are flat, in row-major order, features (channels) last: [batch, features],
    [batch, steps, features], [batch, height, width, channels].
  * Dense weights are [inputs, outputs], the transpose of PyTorch's; those of convolutions
    are [height, width, inputs, outputs]: PyTorch's two first axes come last, exchanged.
  * What a test has to load into a model (parameters, statistics, initial) comes as
    {"shape", "values"}; what it compares (gradients, statisticsAfter, steps) as values.
  * All is computed in 64 bits, but every input, parameter, target, sample weight and
    upstream gradient is a multiple of 1/256, so a 32-bit model starts from exactly the
    same numbers.
"""

import copy
import json
import math
import warnings
import zlib
from pathlib import Path

import numpy as np
import torch
from sklearn import metrics
from torch import nn
from torch.nn import functional as F

HERE = Path(__file__).resolve().parent

torch.set_default_dtype(torch.float64)
torch.use_deterministic_algorithms(True)
torch.set_num_threads(1)  # the order of a sum must not depend on the machine's cores


# ------------------------------------------------------------------ random numbers

def generator(name):
    """A generator of its own for each case: adding a case leaves the others as they are.

    RandomState and not default_rng, because NumPy promises that its stream never changes.
    """
    return np.random.RandomState(zlib.crc32(name.encode()))


def on_grid(values):
    return np.round(np.asarray(values) * 256) / 256


def normals(rng, shape, scale=1.0, keep=None):
    """Normal numbers on the grid; those for which keep is false are drawn again."""
    values = on_grid(rng.normal(size=shape) * scale)
    while keep is not None and not keep(values).all():
        again = on_grid(rng.normal(size=shape) * scale)
        values = np.where(keep(values), values, again)
    return torch.tensor(values)


def uniforms(rng, shape, low, high):
    return torch.tensor(on_grid(rng.uniform(low, high, size=shape)))


# ---------------------------------------------------------------------------- JSON

def values_of(tensor):
    """The flat list of a tensor; adding zero turns -0.0 into 0.0."""
    return [v + 0.0 for v in tensor.detach().reshape(-1).tolist()]


def to_library(tensor):
    """A parameter in the library's layout: weights end with their inputs and outputs."""
    if getattr(tensor, "is_table", False):  # an embedding's rows are classes in both
        return tensor
    return tensor.permute(*range(2, tensor.dim()), 1, 0) if tensor.dim() >= 2 else tensor


def array(tensor):
    tensor = to_library(tensor)
    return {"shape": list(tensor.shape), "values": values_of(tensor)}


def render(value, indent=""):
    """JSON with a line for each part that is long: compact, but a diff can be read."""
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    nested = isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(v, (dict, list)) for v in value))
    if not nested or len(indent) + len(flat) <= 100:
        return flat
    inner = indent + " "
    if isinstance(value, dict):
        parts = [f"{inner}{json.dumps(k)}: {render(v, inner)}" for k, v in value.items()]
        opening, closing = "{", "}"
    else:
        parts = [inner + render(v, inner) for v in value]
        opening, closing = "[", "]"
    return opening + "\n" + ",\n".join(parts) + "\n" + indent + closing


def write(name, value):
    # newline="" keeps line feeds everywhere, so the bytes are the same on any system.
    with open(HERE / name, "w", encoding="utf-8", newline="") as file:
        file.write(render(value) + "\n")


# -------------------------------------------------------------------------- layers

class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


class Branches(nn.Sequential):
    def forward(self, x):
        return torch.cat([branch(x) for branch in self], dim=-1)


class Conv2dSame(nn.Conv2d):
    """As TensorFlow pads: ceil(size / stride) outputs, the odd zero below and right.
    PyTorch's own "same" takes no strides."""
    def forward(self, x):
        pads = []
        for size, kernel, stride in zip(x.shape[2:], self.kernel_size, self.stride):
            total = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
            pads = [total // 2, total - total // 2] + pads
        return super().forward(F.pad(x, pads))


class Normalize(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("deviation", torch.ones(features))

    def forward(self, x):
        return (x - self.mean) / self.deviation


def statistics_of(model):
    """The buffers, without BatchNorm's count of batches, which the default momentum
    does not use."""
    return {n: b for n, b in model.named_buffers() if not n.endswith("num_batches_tracked")}


def randomize(model, rng):
    """Every parameter and statistic away from its default, so that none can be left out."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_(normals(rng, tuple(p.shape), 0.75))
        for name, b in statistics_of(model).items():
            positive = name.endswith(("running_var", "deviation"))
            b.copy_(uniforms(rng, tuple(b.shape), 0.5, 2.0) if positive
                    else normals(rng, tuple(b.shape), 0.75))


def layer_case(name, layers, shape, batch, training=True, channels_first=False,
               scale=1.0, keep=None, draw=None):
    """channels_first says that PyTorch's layers want the channels on axis 1.

    x is drawn, and dx taken, in the library's layout; moving the axis is a part of the
    differentiated computation, so it needs no undoing.
    """
    rng = generator(name)
    model = nn.Sequential(*layers)
    randomize(model, rng)
    model.train(training)

    parameters = {n: array(p) for n, p in model.named_parameters()}
    statistics = {n: array(b) for n, b in statistics_of(model).items()}

    x = draw((batch, *shape)) if draw else normals(rng, (batch, *shape), scale, keep)
    x.requires_grad_()
    y = model(x.movedim(-1, 1) if channels_first else x)
    if channels_first and y.dim() > 2:
        y = y.movedim(1, -1)
    dy = normals(rng, tuple(y.shape))
    (y * dy).sum().backward()

    gradients = {n: values_of(p.grad if hasattr(p, "is_table") else to_library(p.grad))
                 for n, p in model.named_parameters()}
    updated = training and any(isinstance(m, nn.modules.batchnorm._BatchNorm)
                               for m in model.modules())
    after = {n: values_of(b) for n, b in statistics_of(model).items()} if updated else {}

    case = {
        "name": name,
        "inputShape": list(shape),
        "batch": batch,
        "training": training,
        "x": values_of(x),
        "parameters": parameters,
        "statistics": statistics,
        "dy": values_of(dy),
        "y": values_of(y),
        "dx": {} if x.grad is None else values_of(x.grad),
        "gradients": gradients,
        "statisticsAfter": after,
    }
    return {key: value for key, value in case.items() if value != {}}


def make_layers():
    def batch_norm(kind, features):
        return [kind(features, eps=1e-5, momentum=0.1)]

    cases = [
        layer_case("Dense(3)", [nn.Linear(4, 3)], [4], 3),
        layer_case("Dense(3) steps", [nn.Linear(4, 3)], [5, 4], 2),
        # The library flattens in PyTorch's order, channels first.
        layer_case("Flatten()", [nn.Flatten()], [2, 3, 2], 2, channels_first=True),
        layer_case("Flatten() steps", [nn.Flatten()], [3, 2], 2, channels_first=True),
        layer_case("Conv2D(3, kernel: 3)", [nn.Conv2d(2, 3, 3)], [5, 4, 2], 2,
                   channels_first=True),
        layer_case("Conv2D(4, kernel: (3, 2), stride: (2, 1), padding: (1, 0))",
                   [nn.Conv2d(3, 4, (3, 2), stride=(2, 1), padding=(1, 0))], [5, 6, 3], 2,
                   channels_first=True),
        layer_case("Conv2D(3, kernel: 3, padding: Padding.Same, dilation: (2, 1))",
                   [nn.Conv2d(2, 3, 3, padding="same", dilation=(2, 1))], [6, 4, 2], 2,
                   channels_first=True),
        layer_case("Conv2D(3, kernel: (4, 3), stride: 2, padding: Padding.Same)",
                   [Conv2dSame(2, 3, (4, 3), stride=2)], [6, 5, 2], 2, channels_first=True),
        layer_case("Conv2D(6, kernel: 3, stride: 2, padding: 2, groups: 2, bias: false)",
                   [nn.Conv2d(4, 6, 3, stride=2, padding=2, groups=2, bias=False)], [5, 6, 4],
                   2, channels_first=True),
        layer_case("Conv2D(4, kernel: 3, padding: Padding.Same, groups: 4)",
                   [nn.Conv2d(4, 4, 3, padding="same", groups=4)], [4, 5, 4], 2,
                   channels_first=True),
        layer_case("Conv2D(8, kernel: 3, groups: 4)", [nn.Conv2d(4, 8, 3, groups=4)],
                   [4, 5, 4], 2, channels_first=True),
        layer_case("Conv2D(17, kernel: 3, padding: 1)", [nn.Conv2d(2, 17, 3, padding=1)],
                   [3, 14, 2], 1, channels_first=True),
        # Large enough to be computed with fewer multiplications, forward and back.
        layer_case("Conv2D(17, kernel: 3, padding: 1) large", [nn.Conv2d(16, 17, 3, padding=1)],
                   [4, 25, 16], 1, channels_first=True),
        layer_case("Convolutional", [nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 3, 2, stride=2),
                                     nn.Flatten(), nn.Linear(12, 3), nn.Softmax(dim=-1)],
                   [7, 6, 1], 2, channels_first=True),
        layer_case("Conv1D(3, kernel: 3)", [nn.Conv1d(2, 3, 3)], [5, 2], 2, channels_first=True),
        layer_case("Conv1D(4, kernel: 3, stride: 2, padding: 2, dilation: 2, groups: 2)",
                   [nn.Conv1d(4, 4, 3, stride=2, padding=2, dilation=2, groups=2)], [7, 4], 2,
                   channels_first=True),
        layer_case("Conv1D, Flatten, Dense", [nn.Conv1d(2, 3, 2, padding=1), nn.Flatten(),
                                              nn.Linear(15, 2)], [4, 2], 2, channels_first=True),
        layer_case("ConvTranspose2D(3, kernel: 3)", [nn.ConvTranspose2d(2, 3, 3)], [3, 4, 2], 2,
                   channels_first=True),
        layer_case("ConvTranspose2D(4, kernel: (3, 2), stride: 2, padding: (1, 0), "
                   "outputPadding: (1, 0), groups: 2)",
                   [nn.ConvTranspose2d(6, 4, (3, 2), stride=2, padding=(1, 0),
                                       output_padding=(1, 0), groups=2)], [3, 2, 6], 2,
                   channels_first=True),
        layer_case("ConvTranspose2D(2, kernel: 3, padding: 2, dilation: 2, bias: false)",
                   [nn.ConvTranspose2d(3, 2, 3, padding=2, dilation=2, bias=False)], [3, 4, 3],
                   2, channels_first=True),
        layer_case("BatchNorm() [4] training", batch_norm(nn.BatchNorm1d, 4), [4], 5),
        layer_case("BatchNorm() [4] predicting", batch_norm(nn.BatchNorm1d, 4), [4], 5,
                   training=False),
        layer_case("BatchNorm() [3,2] training", batch_norm(nn.BatchNorm1d, 2), [3, 2], 4,
                   channels_first=True),
        layer_case("BatchNorm() [2,3,2] training", batch_norm(nn.BatchNorm2d, 2),
                   [2, 3, 2], 3, channels_first=True),
        layer_case("BatchNorm() [2,3,2] predicting", batch_norm(nn.BatchNorm2d, 2),
                   [2, 3, 2], 3, training=False, channels_first=True),
    ]

    # At a kink the gradient is a matter of convention, and a rounded x may fall on
    # either side: all inputs stay away from 0, and from HardSigmoid's -3 and 3.
    def off_zero(x):
        return np.abs(x) >= 1e-3

    def off_hard_sigmoid(x):
        return off_zero(x) & (np.abs(np.abs(x) - 3) >= 0.05)

    activations = [
        ("Sigmoid()", nn.Sigmoid(), off_zero),
        ("ReLU()", nn.ReLU(), off_zero),
        ("Tanh()", nn.Tanh(), off_zero),
        ("LeakyReLU()", nn.LeakyReLU(0.01), off_zero),
        ("LeakyReLU(0.2)", nn.LeakyReLU(0.2), off_zero),
        ("ELU()", nn.ELU(1.0), off_zero),
        ("ELU(0.5)", nn.ELU(0.5), off_zero),
        ("GELU()", nn.GELU(), off_zero),
        ("GELU tanh", nn.GELU(approximate="tanh"), off_zero),
        ("SiLU()", nn.SiLU(), off_zero),
        ("Softplus()", nn.Softplus(), off_zero),
        ("HardSigmoid()", nn.Hardsigmoid(), off_hard_sigmoid),
        ("Identity()", nn.Identity(), off_zero),
    ]
    for name, module, keep in activations:
        cases.append(layer_case(name, [module], [11], 3, scale=2.0, keep=keep))

    for name, module in [("Softmax()", nn.Softmax(dim=-1)),
                         ("LogSoftmax()", nn.LogSoftmax(dim=-1))]:
        cases.append(layer_case(name, [module], [5], 3, scale=2.0))
        cases.append(layer_case(name + " steps", [module], [3, 4], 3, scale=2.0))

    cases += make_normalizations() + make_poolings() + make_channel_layers()

    tied = nn.Linear(4, 4)
    cases += [
        layer_case("Chain", [nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3),
                             nn.Softmax(dim=-1)], [4], 4),
        layer_case("Residual", [Residual(nn.Linear(4, 6), nn.SiLU(), nn.Linear(6, 4))],
                   [4], 3),
        layer_case("Branches", [Branches(nn.Linear(4, 2),
                                         nn.Sequential(nn.Linear(4, 3), nn.Tanh()))],
                   [4], 3),
        # One layer used twice: listed once, its gradients summed over both uses.
        layer_case("Tied", [tied, nn.Tanh(), tied], [4], 3),
        layer_case("Normalize", [Normalize(4)], [3, 4], 2),
    ]
    return cases


class RmsNorm(nn.Module):
    """PyTorch 1.13 has none; later ones compute this."""

    def __init__(self, features, eps=torch.finfo(torch.float64).eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(features))
        self.eps = eps

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight


def make_normalizations():
    return [
        layer_case("LayerNorm() [7]", [nn.LayerNorm(7)], [7], 3),
        layer_case("LayerNorm() [3,18]", [nn.LayerNorm(18)], [3, 18], 2),
        layer_case("LayerNorm() [2,3,4]", [nn.LayerNorm(4)], [2, 3, 4], 2),
        layer_case("LayerNorm(epsilon: 0.01)", [nn.LayerNorm(5, eps=0.01)], [3, 5], 2),
        layer_case("GroupNorm(1) [2,3,4]", [nn.GroupNorm(1, 4)], [2, 3, 4], 2, channels_first=True),
        layer_case("GroupNorm(2) [3,2,18]", [nn.GroupNorm(2, 18)], [3, 2, 18], 2, channels_first=True),
        layer_case("GroupNorm(3) [5,6]", [nn.GroupNorm(3, 6)], [5, 6], 2, channels_first=True),
        layer_case("GroupNorm(3, epsilon: 0.01) [6]", [nn.GroupNorm(3, 6, eps=0.01)], [6], 3),
        layer_case("RmsNorm() [7]", [RmsNorm(7)], [7], 3),
        layer_case("RmsNorm() [3,18]", [RmsNorm(18)], [3, 18], 2),
        layer_case("RmsNorm(epsilon: 0.01)", [RmsNorm(5, eps=0.01)], [3, 5], 2),
    ]


class SqueezeExcite(nn.Module):
    def __init__(self, channels, reduction):
        super().__init__()
        self.fc1 = nn.Linear(channels, channels // reduction)
        self.fc2 = nn.Linear(channels // reduction, channels)

    def forward(self, x):
        hidden = F.relu(self.fc1(x.mean((2, 3))))
        return x * torch.sigmoid(self.fc2(hidden))[:, :, None, None]


class Embedding(nn.Embedding):
    def __init__(self, classes, features):
        super().__init__(classes, features)
        self.weight.is_table = True

    def forward(self, x):
        return super().forward(x.long())


def make_channel_layers():
    def off_zero(x):
        return np.abs(x) >= 1e-3

    def indices(name, classes):
        rng = generator(name + " x")
        return lambda shape: torch.tensor(rng.randint(classes, size=shape) * 1.0)

    return [
        layer_case("PReLU() [7]", [nn.PReLU()], [7], 3, keep=off_zero),
        layer_case("PReLU() [2,3,4]", [nn.PReLU()], [2, 3, 4], 2, channels_first=True, keep=off_zero),
        layer_case("PReLU(perChannel: true)", [nn.PReLU(17)], [2, 3, 17], 2, channels_first=True, keep=off_zero),
        layer_case("SqueezeExcite(2)", [SqueezeExcite(6, 2)], [3, 5, 6], 2, channels_first=True),
        layer_case("Embedding(5, 3)", [Embedding(5, 3)], [4], 3, draw=indices("Embedding(5, 3)", 5)),
    ]


class GlobalAverage(nn.Module):
    def forward(self, x):
        return F.adaptive_avg_pool2d(x, 1).flatten(1)


def make_poolings():
    def image_case(name, layer, shape=(5, 7, 3), **options):
        return layer_case(name, [layer], list(shape), 2, channels_first=True, **options)

    def with_ties(name, layer):
        # Multiples of a half: many windows hold their maximum more than once.
        rng = generator(name + " x")
        return image_case(name, layer, draw=lambda shape: torch.tensor(rng.randint(-2, 3, size=shape) / 2))

    return [
        image_case("MaxPool2D(2)", nn.MaxPool2d(2)),
        image_case("MaxPool2D(3, stride: 2, padding: 1)", nn.MaxPool2d(3, 2, 1)),
        image_case("MaxPool2D(3, stride: 1, padding: 1)", nn.MaxPool2d(3, 1, 1), (4, 5, 17)),
        image_case("MaxPool2D(2, stride: 3)", nn.MaxPool2d(2, 3)),
        with_ties("MaxPool2D(2) ties", nn.MaxPool2d(2)),
        with_ties("MaxPool2D(3, stride: 1, padding: 1) ties", nn.MaxPool2d(3, 1, 1)),
        image_case("AveragePool2D(2)", nn.AvgPool2d(2)),
        image_case("AveragePool2D(3, stride: 2, padding: 1)", nn.AvgPool2d(3, 2, 1)),
        image_case("AveragePool2D(2, stride: 3)", nn.AvgPool2d(2, 3)),
        image_case("GlobalAveragePool2D()", GlobalAverage()),
        image_case("Upsample2D(2)", nn.Upsample(scale_factor=2)),
        image_case("Upsample2D(3)", nn.Upsample(scale_factor=3), (2, 3, 17)),
    ]


# -------------------------------------------------------------------------- losses
# Each gives its terms, one for each element or, for CrossEntropy, each row (the last
# axis). The loss is their mean; a sample's weight multiplies its terms, and the mean
# still divides by the number of terms, not by the sum of the weights.

def squared_terms(output, targets):
    return F.mse_loss(output, targets, reduction="none")


def absolute_terms(output, targets):
    return F.l1_loss(output, targets, reduction="none")


def huber_terms(delta):
    return lambda output, targets: F.huber_loss(output, targets, reduction="none", delta=delta)


def cross_entropy_terms(smoothing):
    def terms(logits, targets):
        rows = logits.reshape(-1, logits.shape[-1])
        if targets.dtype == torch.int64:
            row_targets = targets.reshape(-1)
        else:
            row_targets = targets.reshape(rows.shape)
        values = F.cross_entropy(rows, row_targets, reduction="none", label_smoothing=smoothing)
        return values.reshape(logits.shape[:-1])
    return terms


def binary_terms(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="none")


def loss_case(name, loss, terms_of, output, targets, weights=None):
    output = output.clone().requires_grad_()
    terms = terms_of(output, targets)
    if weights is not None:
        terms = terms * weights.reshape(-1, *[1] * (terms.dim() - 1))
    value = terms.mean()
    value.backward()
    case = {
        "name": name,
        "loss": loss,
        "outputShape": list(output.shape[1:]),
        "batch": output.shape[0],
        "output": values_of(output),
        "targets": (targets.reshape(-1).tolist() if targets.dtype == torch.int64
                    else values_of(targets)),
    }
    if weights is not None:
        case["sampleWeights"] = values_of(weights)
    case["value"] = value.item()
    case["gradient"] = values_of(output.grad)
    return case


def one_hot(indices, classes):
    return F.one_hot(indices, classes).to(torch.get_default_dtype())


def make_losses():
    cases = []
    shapes = [((4, 3), "[3]"), ((2, 2, 3), "[2,3]")]

    def add(name, loss, terms, draw):
        """The four cases of a loss: both shapes, each without and with weights."""
        for shape, shape_name in shapes:
            for suffix in ["", " weighted"]:
                case_name = f"{name} {shape_name}{suffix}"
                rng = generator(case_name)
                output, targets = draw(rng, shape)
                # Weights that do not sum to the batch size, so that dividing by their
                # sum would show.
                weights = uniforms(rng, (shape[0],), 0.25, 3.0) if suffix else None
                cases.append(loss_case(case_name, loss, terms, output, targets, weights))

    def values(kinks):
        """Outputs and targets whose differences stay away from the kinks."""
        def draw(rng, shape):
            output = normals(rng, shape)
            targets = normals(rng, shape, keep=lambda t: np.all(
                [np.abs(np.abs(output.numpy() - t) - kink) >= 0.02 for kink in kinks], axis=0))
            return output, targets
        return draw

    def classes(rng, shape):
        return normals(rng, shape, 2.0), torch.tensor(rng.randint(shape[-1], size=shape[:-1]))

    def one_hots(rng, shape):
        logits, indices = classes(rng, shape)
        return logits, one_hot(indices, shape[-1])

    def probabilities(rng, shape):
        # Counts over a power of two: on the grid, and each row sums to exactly one.
        count = shape[-1]
        targets = rng.multinomial(64, rng.dirichlet(np.ones(count)), size=shape[:-1]) / 64
        return normals(rng, shape, 2.0), torch.tensor(targets)

    def bits(rng, shape):
        return normals(rng, shape, 2.0), torch.tensor(rng.randint(2, size=shape) * 1.0)

    smooth = "CrossEntropy(smoothing: 0.1)"
    add("MeanSquaredError", "MeanSquaredError", squared_terms, values([0]))
    add("MeanAbsoluteError", "MeanAbsoluteError", absolute_terms, values([0]))
    add("Huber(1)", "Huber(1)", huber_terms(1.0), values([0, 1]))
    add("Huber(0.5)", "Huber(0.5)", huber_terms(0.5), values([0, 0.5]))
    add("CrossEntropy one-hot", "CrossEntropy", cross_entropy_terms(0.0), one_hots)
    add("CrossEntropy probabilities", "CrossEntropy", cross_entropy_terms(0.0), probabilities)
    add("CrossEntropy indices", "CrossEntropy", cross_entropy_terms(0.0), classes)
    add("CrossEntropy one-hot smoothed", smooth, cross_entropy_terms(0.1), one_hots)
    add("CrossEntropy indices smoothed", smooth, cross_entropy_terms(0.1), classes)
    add("BinaryCrossEntropy", "BinaryCrossEntropy", binary_terms, bits)

    # Logits whose exponentials overflow or vanish: certain and right, certain and wrong,
    # and rows of equal logits, where all the classes are as likely.
    far = torch.tensor([[1000.0, -1000.0, 0.0],
                        [1000.0, -1000.0, 0.0],
                        [1000.0, 1000.0, 1000.0],
                        [-1000.0, -1000.0, -1000.0]])
    indices = torch.tensor([0, 1, 2, 0])
    cases += [
        loss_case("CrossEntropy one-hot extreme", "CrossEntropy", cross_entropy_terms(0.0),
                  far, one_hot(indices, 3)),
        loss_case("CrossEntropy indices extreme", "CrossEntropy", cross_entropy_terms(0.0),
                  far, indices),
        loss_case("BinaryCrossEntropy extreme", "BinaryCrossEntropy", binary_terms,
                  far, torch.tensor([[1.0, 0.0, 1.0],
                                     [0.0, 1.0, 0.0],
                                     [1.0, 0.0, 1.0],
                                     [1.0, 0.0, 0.0]])),
    ]
    return cases


# ---------------------------------------------------------------------- optimizers

STEPS = 10
# The problem's seed. It is chosen so that the assertions below hold, and so that LBFGS
# hardly amplifies rounding: a 32-bit model can follow all ten of its steps.
PROBLEM = "optimizers 693"


class Problem:
    """The one problem all the optimizers work on, always from the same start."""

    def __init__(self):
        rng = generator(PROBLEM)
        self.x = normals(rng, (6, 3))
        self.targets = normals(rng, (6, 2))
        self.initial = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
        with torch.no_grad():
            for p in self.initial.parameters():
                p.copy_(normals(rng, tuple(p.shape), 0.5))

    def loss(self, model):
        return F.mse_loss(model(self.x), self.targets)


def groups(model, decay):
    """Weight decay is for the weights only, never for the biases."""
    named = list(model.named_parameters())
    return [
        {"params": [p for n, p in named if n.endswith("weight")], "weight_decay": decay},
        {"params": [p for n, p in named if n.endswith("bias")], "weight_decay": 0.0},
    ]


def optimizer_case(problem, name, make, decay=0.0, clip=None, rate=None, check=None):
    """clip changes the gradients before each update; rate(i) is the i-th update's
    learning rate; check looks at what the optimizer did after each update."""
    model = copy.deepcopy(problem.initial)
    # LBFGS takes one group of parameters only; it is used without decay.
    optimizer = make(model.parameters() if make is lbfgs else groups(model, decay))
    steps, losses = [], []

    for i in range(STEPS):
        if rate is not None:
            for group in optimizer.param_groups:
                group["lr"] = rate(i)

        def closure():
            optimizer.zero_grad()
            loss = problem.loss(model)
            loss.backward()
            if clip is not None:
                clip(list(model.parameters()))
            return loss

        losses.append(optimizer.step(closure).item())
        steps.append({n: values_of(to_library(p)) for n, p in model.named_parameters()})
        if check is not None:
            check(optimizer, losses[-1], problem.loss(model).item())
    return {"name": name, "steps": steps, "losses": losses}


def lbfgs(parameters):
    # One iteration for each step, no line search, and tolerances that never stop it.
    return torch.optim.LBFGS(parameters, lr=1, max_iter=1, history_size=5,
                             line_search_fn=None, tolerance_grad=0, tolerance_change=0)


def check_lbfgs():
    """Checks, after each update, that the library has to take the very same step.

    PyTorch takes the step without a line search. The library may search backwards from
    it, so the first trial has to satisfy the condition of Armijo (sufficient decrease).
    And no pair of the history may be near the threshold of curvature under which it is
    left out: implementations differ in the threshold.
    """
    before = {}

    def check(optimizer, loss, loss_after):
        state = next(iter(optimizer.state.values()))
        d, t, g = state["d"], state["t"], state["prev_flat_grad"]
        assert loss_after <= loss + 1e-4 * t * g.dot(d).item(), "Armijo fails: change PROBLEM"
        if before:
            s, y = before["s"], g - before["g"]
            assert y.dot(s) > 1e-3 * y.norm() * s.norm(), "flat pair: change PROBLEM"
            assert y.dot(s) > 1e-6, "small pair: change PROBLEM"
        before.update(s=d * t, g=g.clone())
    return check


def clip_norm(limit, norms):
    """Scales all the gradients together by min(1, limit / norm), exactly;
    torch.nn.utils.clip_grad_norm_ adds 1e-6 to the norm."""
    def clip(parameters):
        norm = torch.sqrt(sum((p.grad ** 2).sum() for p in parameters))
        norms.append(norm.item())
        for p in parameters:
            p.grad.mul_(min(1.0, limit / norm.item()))
    return clip


def make_optimizers():
    problem = Problem()
    optim = torch.optim
    cases = []

    def add(name, make, **options):
        cases.append(optimizer_case(problem, name, make, **options))

    add("Sgd(0.1)", lambda p: optim.SGD(p, lr=0.1))
    add("Sgd(0.1, momentum: 0.9)", lambda p: optim.SGD(p, lr=0.1, momentum=0.9))
    add("Sgd(0.1, momentum: 0.9, nesterov: true)",
        lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True))
    add("Sgd(0.1, momentum: 0.9, weightDecay: 0.05)",
        lambda p: optim.SGD(p, lr=0.1, momentum=0.9), decay=0.05)
    add("Adam(0.01)", lambda p: optim.Adam(p, lr=0.01))
    add("Adam(0.01, beta1: 0.8, beta2: 0.95, epsilon: 0.001)",
        lambda p: optim.Adam(p, lr=0.01, betas=(0.8, 0.95), eps=0.001))
    # Adam adds the decay to the gradient (L2); AdamW shrinks the weights directly.
    add("Adam(0.01, weightDecay: 0.1)", lambda p: optim.Adam(p, lr=0.01), decay=0.1)
    add("AdamW(0.01, weightDecay: 0.1)", lambda p: optim.AdamW(p, lr=0.01), decay=0.1)
    add("RmsProp(0.01)", lambda p: optim.RMSprop(p, lr=0.01, alpha=0.99, eps=1e-8))
    add("RmsProp(0.01, beta2: 0.9, momentum: 0.9)",
        lambda p: optim.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-8, momentum=0.9))
    add("RmsProp(0.01, centered: true)",
        lambda p: optim.RMSprop(p, lr=0.01, alpha=0.99, eps=1e-8, centered=True))
    add("AdaGrad(0.1)", lambda p: optim.Adagrad(p, lr=0.1, eps=1e-10))
    add("AdaGrad(0.1, weightDecay: 0.05)",
        lambda p: optim.Adagrad(p, lr=0.1, eps=1e-10), decay=0.05)
    add("Lbfgs(history: 5)", lbfgs, check=check_lbfgs())

    norms = []
    add("ClipNorm(0.1, Sgd(1))", lambda p: optim.SGD(p, lr=1.0), clip=clip_norm(0.1, norms))
    # Some updates are clipped and some are not, and none is a close call.
    assert min(norms) < 0.099 and max(norms) > 0.101, "one case only: change PROBLEM"

    add("ClipValue(0.01, Adam(0.01))", lambda p: optim.Adam(p, lr=0.01),
        clip=lambda parameters: nn.utils.clip_grad_value_(parameters, 0.01))
    add("Adam(Schedule.Cosine(0.01, steps: 8))", lambda p: optim.Adam(p, lr=0.01),
        rate=lambda i: 0.5 * 0.01 * (1 + math.cos(math.pi * min(i, 8) / 8)))

    return {
        "x": values_of(problem.x),
        "targets": values_of(problem.targets),
        "inputs": 3,
        "batch": 6,
        "initial": {n: array(p) for n, p in problem.initial.named_parameters()},
        "cases": cases,
    }


# ----------------------------------------------------------------------- schedules

def rates(make, count):
    """The first rates of a PyTorch scheduler over an optimizer that has nothing to do."""
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.1)
    scheduler = make(optimizer)
    values = []
    for step in range(count):
        values.append(optimizer.param_groups[0]["lr"])
        if step + 1 < count:
            optimizer.step()
            scheduler.step()
    return values


def make_schedules():
    schedulers = torch.optim.lr_scheduler

    def cosine(step):
        return 0.5 * 0.1 * (1 + math.cos(math.pi * step / 20))

    return [
        {"name": "Schedule.Cosine(0.1, steps: 20)",
         "values": rates(lambda o: schedulers.CosineAnnealingLR(o, T_max=20), 21)},
        {"name": "Schedule.Step(0.1, every: 5, factor: 0.5)",
         "values": rates(lambda o: schedulers.StepLR(o, step_size=5, gamma=0.5), 21)},
        {"name": "Schedule.Exponential(0.1, factor: 0.9)",
         "values": rates(lambda o: schedulers.ExponentialLR(o, gamma=0.9), 21)},
        {"name": "Schedule.OneCycle(0.1, steps: 20)",
         "values": rates(lambda o: schedulers.OneCycleLR(
             o, max_lr=0.1, total_steps=20, pct_start=0.3, anneal_strategy="cos",
             div_factor=25, final_div_factor=1e4, cycle_momentum=False), 20)},
        # By formula: PyTorch's linear warm-up starts elsewhere.
        {"name": "Schedule.Cosine(0.1, steps: 20).WarmUp(5)",
         "values": [0.1 * (s + 1) / 5 if s < 5 else cosine(s - 5) for s in range(26)]},
    ]


# ------------------------------------------------------------------------- metrics

def make_metrics():
    # Classification: rows of distinct probabilities (no ties for first or second place)
    # that favour the actual class somewhat.
    rng = generator("classification")
    classes, count = 4, 20
    labels = np.arange(count) % classes
    rng.shuffle(labels)
    labels[:3] = 1  # classes of different sizes, so that macro and plain averages differ
    rows = []
    for label in labels:
        favour = np.ones(classes) + 1.0 * (np.arange(classes) == label)
        row = np.zeros(classes)
        while len(set(row)) < classes:
            row = rng.multinomial(64, rng.dirichlet(favour)) / 64
        rows.append(row)
    probabilities = np.array(rows)
    predicted = probabilities.argmax(axis=1)
    # No class without predictions or members: 0/0 is a matter of convention.
    assert set(predicted) == set(labels) == set(range(classes))
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(labels, predicted)
    classification = {
        "classes": classes,
        "probabilities": probabilities.reshape(-1).tolist(),
        "labels": labels.tolist(),
        "accuracy": float(metrics.accuracy_score(labels, predicted)),
        "top2": float(metrics.top_k_accuracy_score(labels, probabilities, k=2)),
        "confusion": metrics.confusion_matrix(labels, predicted).tolist(),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "macroF1": float(metrics.f1_score(labels, predicted, average="macro")),
    }

    # Regression: outputs of different scale and quality, so that averaging the outputs'
    # R2 differs from one R2 over all the values.
    rng = generator("regression")
    targets = on_grid(rng.normal(size=(10, 2)) * [1.0, 3.0] + [0.0, 2.0])
    predictions = on_grid(targets + rng.normal(size=(10, 2)) * [0.5, 0.75])
    regression = {
        "outputs": 2,
        "predictions": predictions.reshape(-1).tolist(),
        "targets": targets.reshape(-1).tolist(),
        "r2": float(metrics.r2_score(targets, predictions, multioutput="uniform_average")),
        "meanAbsoluteError": float(metrics.mean_absolute_error(targets, predictions)),
    }

    # Binary: one probability for each sample, none of them on the threshold.
    rng = generator("binary")
    labels = rng.randint(2, size=12)
    probabilities = on_grid(np.clip(0.3 + 0.4 * labels + rng.normal(size=12) * 0.3, 0.02, 0.98))
    assert (np.abs(probabilities - 0.5) > 0.01).all()
    binary = {
        "probabilities": probabilities.tolist(),
        "labels": labels.tolist(),
        "accuracy": float(metrics.accuracy_score(labels, probabilities > 0.5)),
    }
    return {"classification": classification, "regression": regression, "binary": binary}


def main():
    warnings.simplefilter("error")  # a deprecated or misused call is not a reference
    write("layers.json", make_layers())
    write("losses.json", make_losses())
    write("optimizers.json", make_optimizers())
    write("schedules.json", make_schedules())
    write("metrics.json", make_metrics())


if __name__ == "__main__":
    main()
