#!/usr/bin/env python3
"""Makes vectormath.json: exact values of the functions in src/MiniNet/Kernels/VectorMath.cs, by mpmath with 60 digits.

Run: python3 make_vectormath.py        (needs mpmath)

Each entry is [x, y, rest]: y is the double nearest to f(x), and f(x) = y + rest * ulp(y) up to 1e-6 ulp, so that a test measures errors far below one ulp.
"""
import json
import math
import random

import mpmath

mpmath.mp.dps = 60


def ulp(y):
    """The distance of doubles at y, denormals included."""
    return mpmath.mpf(2) ** (max(math.frexp(abs(y))[1] - 1, -1022) - 52) if y else mpmath.mpf(2) ** -1074


def entry(f, x):
    exact = f(mpmath.mpf(x))
    # float() of an mpf does not round denormals rightly: scale to whole units of the last place first.
    exponent = int(mpmath.floor(mpmath.log(abs(exact), 2))) if exact else -1074
    unit = mpmath.mpf(2) ** (max(exponent, -1022) - 52)
    y = math.ldexp(float(mpmath.nint(exact / unit)), max(exponent, -1022) - 52)
    return [x, y, round(float((exact - mpmath.mpf(y)) / ulp(y)), 6)]


def log_spaced(low, high, count):
    return [10 ** (low + (high - low) * i / (count - 1)) for i in range(count)]


def main():
    rng = random.Random(1)
    small = log_spaced(-20, 0, 60)
    halves = [(n + 0.5) * math.log(2) * (1 + d) for n in range(-20, 20) for d in (-1e-15, 1e-15)]     # where the reduced argument is largest
    signed = small + [-x for x in small]
    tables = {
        "Exp": (mpmath.exp, signed + halves + [rng.uniform(-708, 709.7) for _ in range(300)] + [rng.uniform(-745, -708) for _ in range(40)] + [709.782712893384, -745.1332191019411]),
        "Sigmoid": (lambda x: 1 / (1 + mpmath.exp(-x)), signed + halves + [rng.uniform(-40, 40) for _ in range(200)] + [rng.uniform(-745, -40) for _ in range(60)]),
        "Tanh": (mpmath.tanh, [s * x for x in log_spaced(-300, 1.4, 120) for s in (1, -1)] + [rng.uniform(-3, 3) for _ in range(200)]),
        "ExpM1": (mpmath.expm1, signed + halves + [rng.uniform(-1, 1) for _ in range(150)] + [rng.uniform(-40, 700) for _ in range(100)]),
        "Log1PUnit": (mpmath.log1p, log_spaced(-300, 0, 100) + [rng.uniform(0, 1) for _ in range(200)] + [1.0]),
        "NormalCdf": (lambda x: mpmath.erfc(-x / mpmath.sqrt(2)) / 2, signed + [rng.uniform(-6, 6) for _ in range(200)] + [rng.uniform(-38, -6) for _ in range(60)]),
    }
    with open("vectormath.json", "w", encoding="utf-8", newline="\n") as file:
        file.write("{\n")
        lines = [f' "{name}": [\n' + ",\n".join("  " + json.dumps(entry(f, x)) for x in xs) + "\n ]" for name, (f, xs) in tables.items()]
        file.write(",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
