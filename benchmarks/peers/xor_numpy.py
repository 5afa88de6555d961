"""XOR in NumPy, as in the tutorial: 2-4-1, sigmoid twice, 1,000 epochs. `warm SECONDS` repeats it that long and tells the median of the last tenth."""
import sys
import time

import numpy as np

EPOCHS, RATE = 1000, 0.1
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
Y = np.array([[0], [1], [1], [0]], dtype=float)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def train():
    np.random.seed(1)
    w1, b1, w2, b2 = np.random.randn(2, 4), np.zeros((1, 4)), np.random.randn(4, 1), np.zeros((1, 1))
    for _ in range(EPOCHS):
        a1 = sigmoid(X @ w1 + b1)
        a2 = sigmoid(a1 @ w2 + b2)
        d2 = (a2 - Y) * a2 * (1 - a2)
        d1 = d2 @ w2.T * a1 * (1 - a1)
        w2 -= RATE * a1.T @ d2
        b2 -= RATE * d2.sum(axis=0, keepdims=True)
        w1 -= RATE * X.T @ d1
        b1 -= RATE * d1.sum(axis=0, keepdims=True)
    return sigmoid(sigmoid(X @ w1 + b1) @ w2 + b2)


start = time.perf_counter()
predicted = train()
first = time.perf_counter() - start
print(" ".join(f"{p:.4f}" for p in predicted[:, 0]))

if sys.argv[1:2] == ["warm"]:
    times, began = [], time.perf_counter()
    while time.perf_counter() - began < float(sys.argv[2]):
        start = time.perf_counter()
        train()
        times.append(time.perf_counter() - start)
    last = sorted(times[len(times) * 9 // 10:])
    print(first, last[len(last) // 2])
