"""Draws the pictures of the guides as SVG into images/. The curves are those of the tables in guides/loss-curves.md, which are tested.

Nothing but Python's own library: python3 docs/tools/pictures.py"""
import math, pathlib, re

docs = pathlib.Path(__file__).parent.parent
INK, SOFT, BLUE, RED, GREEN, GOLD = "#2b2f36", "#d7dce2", "#1f6f8b", "#c0504d", "#4f8a4b", "#b8860b"
FONT = 'font-family="system-ui, sans-serif"'


def save(name, width, height, parts):
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" {FONT} font-size="14" fill="{INK}">'
    (docs / "images" / name).write_text("\n".join([head, f'<rect width="{width}" height="{height}" fill="#ffffff"/>', *parts, "</svg>", ""]))


def text(x, y, s, anchor="middle", color=INK, size=14, style=""):
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{color}" font-size="{size}" {style}>{s}</text>'


def arrow(x0, y0, x1, y1, color=INK):
    a = math.atan2(y1 - y0, x1 - x0)
    tip = " ".join(f"{x1 - 9 * math.cos(a + d):.1f},{y1 - 9 * math.sin(a + d):.1f}" for d in (0.4, -0.4))
    return f'<path d="M{x0} {y0}L{x1} {y1}" stroke="{color}" stroke-width="2"/><polygon points="{x1},{y1} {tip}" fill="{color}"/>'


def box(x, y, w, h, label, under=""):
    return (f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="8" fill="#eef4f7" stroke="{BLUE}" stroke-width="1.5"/>' + text(x + w / 2, y + h / 2 + (0 if under else 5), label, style='font-weight="600"')
            + (text(x + w / 2, y + h / 2 + 20, under, size=12) if under else ""))


def plot(name, series, title_x, title_y, x_of=math.log10, y_of=lambda v: v, x_ticks=(), y_ticks=(), width=640, height=320, legend=(466, 34)):
    """series: (label, color, [(x, y)])"""
    left, right, top, bottom = 64, width - 24, 20, height - 46
    xs = [x_of(x) for _, _, p in series for x, _ in p]
    ys = [y_of(y) for _, _, p in series for _, y in p] + [y_of(t) for t in y_ticks]
    px = lambda x: left + (x_of(x) - min(xs)) / (max(xs) - min(xs)) * (right - left)
    py = lambda y: bottom - (y_of(y) - min(ys)) / (max(ys) - min(ys)) * (bottom - top)
    parts = []
    for t in x_ticks:
        parts += [f'<path d="M{px(t):.1f} {top}V{bottom}" stroke="{SOFT}"/>', text(f"{px(t):.1f}", bottom + 18, f"{t:g}", size=12)]
    for t in y_ticks:
        parts += [f'<path d="M{left} {py(t):.1f}H{right}" stroke="{SOFT}"/>', text(left - 8, f"{py(t) + 4:.1f}", f"{t:g}", "end", size=12)]
    for i, (label, color, points) in enumerate(series):
        d = "M" + "L".join(f"{px(x):.1f} {py(y):.1f}" for x, y in points)
        parts.append(f'<path d="{d}" fill="none" stroke="{color}" stroke-width="2.5" stroke-linejoin="round"/>')
        parts += [f'<path d="M{legend[0]} {legend[1] + 20 * i}h24" stroke="{color}" stroke-width="2.5"/>', text(legend[0] + 30, legend[1] + 5 + 20 * i, label, "start", size=13)]
    parts += [text((left + right) / 2, height - 8, title_x, size=13), f'<text transform="translate(16 {(top + bottom) / 2}) rotate(-90)" text-anchor="middle" font-size="13">{title_y}</text>']
    save(name, width, height, parts)


def table(program):
    page = (docs / "guides/loss-curves.md").read_text()
    rows = re.search(rf"```text {program}\n(.*?)```", page, re.S).group(1).strip().split("\n")
    return [[float(v) for v in row.split()] for row in rows[1:]]


def layer():
    parts = [box(230, 60, 180, 110, "layer", "weights W, b")]
    parts += [arrow(90, 90, 226, 90, BLUE), text(60, 95, "x"), arrow(414, 90, 550, 90, BLUE), text(580, 95, "y")]
    parts += [arrow(550, 142, 414, 142, RED), text(590, 147, "∂L/∂y"), arrow(226, 142, 90, 142, RED), text(52, 147, "∂L/∂x"), arrow(320, 172, 320, 214, RED), text(320, 234, "∂L/∂W, ∂L/∂b")]
    parts += [text(158, 108, "Forward", color=BLUE, size=12), text(482, 108, "Forward", color=BLUE, size=12), text(482, 164, "Backward", color=RED, size=12), text(158, 164, "Backward", color=RED, size=12)]
    save("layer.svg", 640, 250, parts)


def backward():
    steps = [("z = w·x + b", 130), ("y = σ(z)", 310), ("L = (y − t)²", 490)]
    parts = [box(x, 60, 130, 56, s) for s, x in steps]
    parts += [arrow(60, 78, 126, 78, BLUE), text(40, 83, "x = 2"), arrow(264, 78, 306, 78, BLUE), text(285, 52, "z = 0.5", size=12, color=BLUE), arrow(444, 78, 486, 78, BLUE), text(465, 52, "y = 0.622", size=12, color=BLUE), arrow(624, 78, 664, 78, BLUE), text(697, 83, "L = 0.143")]
    parts += [arrow(486, 102, 444, 102, RED), text(465, 136, "∂L/∂y", size=12, color=RED), text(465, 152, "−0.755", size=12, color=RED), arrow(306, 102, 264, 102, RED), text(285, 136, "∂L/∂z", size=12, color=RED), text(285, 152, "−0.177", size=12, color=RED)]
    parts += [arrow(170, 120, 170, 176, RED), text(160, 196, "∂L/∂w = −0.355", color=RED, size=13), arrow(225, 120, 225, 206, RED), text(240, 226, "∂L/∂b = −0.177", color=RED, size=13)]
    parts += [text(360, 26, "forward: values, from left to right", color=BLUE), text(530, 200, "backward: slopes, from right to left", color=RED)]
    save("backward.svg", 750, 240, parts)


def loss_curves():
    rows = table("LossCurves.Rates")
    names = [("rate 0.001: too low", GOLD), ("rate 0.03", BLUE), ("rate 0.2: too high", RED)]
    plot("loss-rates.svg", [(n, c, [(r[0], r[i + 1]) for r in rows]) for i, (n, c) in enumerate(names)], "epoch", "training loss", x_ticks=(1, 3, 10, 30, 100, 300), y_ticks=(0, 0.2, 0.4, 0.6), legend=(90, 190))
    rows = table("LossCurves.Overfitting")
    plot("loss-overfitting.svg", [("training", BLUE, [(r[0], r[1]) for r in rows]), ("validation", RED, [(r[0], r[2]) for r in rows])], "epoch", "loss", x_ticks=(1, 3, 10, 30, 100, 300), y_ticks=(0, 0.1, 0.2, 0.3, 0.4, 0.5))


def activations():
    line = [i / 10 for i in range(-40, 41)]
    sigmoid = lambda x: 1 / (1 + math.exp(-x))
    curves = [("Sigmoid", BLUE, sigmoid), ("Tanh", RED, math.tanh), ("ReLU", GREEN, lambda x: max(x, 0)), ("GELU", GOLD, lambda x: x * 0.5 * (1 + math.erf(x / math.sqrt(2))))]
    plot("activations.svg", [(n, c, [(x, f(x)) for x in line if f(x) <= 2.01]) for n, c, f in curves], "x", "y", x_of=lambda x: x, x_ticks=(-4, -2, 0, 2, 4), y_ticks=(-1, 0, 1, 2), legend=(90, 40))


def schedules():
    steps = range(0, 1001, 5)
    cosine = lambda s: 0.5 * (1 + math.cos(math.pi * s / 1000))
    warm = lambda s: s / 100 if s < 100 else cosine(s)
    curves = [("Constant", GOLD, lambda s: 1), ("Step", GREEN, lambda s: 0.5 ** (s // 250)), ("Cosine", BLUE, cosine), ("Exponential", RED, lambda s: 0.997 ** s)]
    plot("schedules.svg", [(n, c, [(s, f(s)) for s in steps]) for n, c, f in curves], "step", "rate, as a share of the first", x_of=lambda x: x, x_ticks=(0, 250, 500, 750, 1000), y_ticks=(0, 0.5, 1))


def convolution():
    cell, ink = 26, {(1, 1), (1, 2), (2, 2), (3, 2), (3, 3), (4, 1)}
    parts = []
    for r in range(6):
        for c in range(6):
            under = 1 <= r <= 3 and 2 <= c <= 4
            parts.append(f'<rect x="{40 + c * cell}" y="{40 + r * cell}" width="{cell}" height="{cell}" fill="{INK if (r, c) in ink else "#ffffff"}" fill-opacity="{0.55 if (r, c) in ink else 1}" stroke="{SOFT}"/>')
    parts.append(f'<rect x="{40 + 2 * cell}" y="{40 + cell}" width="{3 * cell}" height="{3 * cell}" fill="{BLUE}" fill-opacity="0.15" stroke="{BLUE}" stroke-width="3"/>')
    for r in range(3):
        for c in range(3):
            parts += [f'<rect x="{285 + c * cell}" y="{79 + r * cell}" width="{cell}" height="{cell}" fill="#eef4f7" stroke="{BLUE}"/>', text(298 + c * cell, 97 + r * cell, "w", size=12, color=BLUE)]
    for r in range(4):
        for c in range(4):
            here = (r, c) == (1, 2)
            parts.append(f'<rect x="{470 + c * cell}" y="{66 + r * cell}" width="{cell}" height="{cell}" fill="{GOLD if here else "#ffffff"}" stroke="{SOFT}"/>')
    parts += [text(118, 222, "image, 6 × 6"), text(324, 182, "the same weights"), text(324, 200, "at every place"), text(522, 196, "output, 4 × 4"), arrow(200, 118, 280, 118, BLUE), arrow(366, 118, 464, 118, BLUE), text(415, 106, "Σ x · w", size=13, color=BLUE)]
    save("convolution.svg", 640, 240, parts)


layer(), convolution(), backward(), loss_curves(), activations(), schedules()
