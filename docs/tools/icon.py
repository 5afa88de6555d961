"""Draws the icon: the network of the tutorial, 2-4-1. Writes public/icon.svg and, for the packages, images/icon.png (128 × 128).

Nothing but Python's own library: the PNG is sampled 4 × 4 a pixel from the same discs and lines."""
import pathlib, struct, zlib

SIZE = 128
LAYERS = [(22, [44, 84]), (64, [19, 49, 79, 109]), (106, [64])]
BACK, LINE, DISC, LAST = (31, 111, 139), (150, 200, 216), (255, 255, 255), (255, 200, 87)
lines = [(x0, y0, x1, y1) for (x0, a), (x1, b) in zip(LAYERS, LAYERS[1:]) for y0 in a for y1 in b]
discs = [(x, y, 10, LAST if x == 106 else DISC) for x, ys in LAYERS for y in ys]


def svg():
    rgb = lambda c: "#%02x%02x%02x" % c
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}">', f'  <rect width="{SIZE}" height="{SIZE}" rx="24" fill="{rgb(BACK)}"/>']
    out += [f'  <path d="M{x0} {y0}L{x1} {y1}" stroke="{rgb(LINE)}" stroke-width="3"/>' for x0, y0, x1, y1 in lines]
    out += [f'  <circle cx="{x}" cy="{y}" r="{r}" fill="{rgb(c)}"/>' for x, y, r, c in discs]
    return "\n".join(out + ["</svg>", ""])


def sample(x, y):
    for cx, cy, r, c in discs:
        if (x - cx) ** 2 + (y - cy) ** 2 <= r * r:
            return (*c, 255)
    for x0, y0, x1, y1 in lines:
        dx, dy = x1 - x0, y1 - y0
        t = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)
        if 0 <= t <= 1 and (x - x0 - t * dx) ** 2 + (y - y0 - t * dy) ** 2 <= 1.5 ** 2:
            return (*LINE, 255)
    r, ex, ey = 24, max(24 - x, x - (SIZE - 24), 0), max(24 - y, y - (SIZE - 24), 0)
    return (*BACK, 255) if ex * ex + ey * ey <= r * r else (*BACK, 0)


def png():
    n = 4
    rows = bytearray()
    for py in range(SIZE):
        rows.append(0)
        for px in range(SIZE):
            s = [sample(px + (i + .5) / n, py + (j + .5) / n) for i in range(n) for j in range(n)]
            rows += bytes(sum(c[k] for c in s) // len(s) for k in range(4))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b"")


docs = pathlib.Path(__file__).parent.parent
(docs / "public/icon.svg").write_text(svg())
(docs / "images/icon.png").write_bytes(png())
