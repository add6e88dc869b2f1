#!/usr/bin/env python3
"""Prints what EntropyTests.swift, TrellisTests.swift and LevelSearchTests.swift expect: digests of streams and levels of the implementation in Python.

The inputs come from splitmix64, which the tests compute for themselves: python3 conformance/oracle/entropy_expectations.py
"""
import hashlib

import numpy as np

from compression_entropy import LEVELS, SYMBOLS, Entropy
from compression_numerics import BITS, SIGNED, Array
from compression_quantizers import Uniform, multiples

MASK = (1 << 64) - 1
STREAMS = [
    # element type, dims, shift of the greatest, mode, run, states
    ("i2", [7, 33], 61, LEVELS, 65, 0), ("i4", [9, 31], 60, LEVELS, 100, 4), ("i8", [13, 50], 57, LEVELS, 128, 8), ("i8", [400], 58, LEVELS, 64, 16),
    ("i8", [300, 1], 59, LEVELS, 262144, 0), ("i16", [40, 60], 50, LEVELS, 1000, 32), ("i16", [3, 5, 100], 48, LEVELS, 262144, 8),
    ("i32", [30, 20], 32, LEVELS, 150, 0), ("i32", [20, 20], 44, LEVELS, 64, 8), ("i32", [2, 100], 60, LEVELS, 16777216, 0), ("i16", [0, 4], 50, LEVELS, 64, 0),
    ("i8", [], 57, LEVELS, 64, 4),
    ("u2", [5, 41], 62, SYMBOLS, 67, 0), ("u4", [333], 60, SYMBOLS, 100, 0), ("u8", [20, 30], 58, SYMBOLS, 262144, 0), ("i4", [99], 61, SYMBOLS, 64, 0),
    ("f6e2m3", [101], 58, SYMBOLS, 70, 0), ("f8e4m3fn", [10, 20], 56, SYMBOLS, 64, 0), ("bool", [129], 63, SYMBOLS, 64, 0),
]
SEARCHES = [
    # states, bits, weight, restart, elements, bits behind the point
    (4, 8, None, 64, 500, 57), (8, 8, None, 128, 500, 57), (16, 6, None, 100, 400, 56), (32, 5, None, 64, 400, 57), (8, 16, None, 500, 300, 48), (8, 2, None, 64, 200, 60),
    (0, 8, 0.002, 64, 400, 58), (4, 8, 0.004, 64, 400, 57), (8, 8, 0.01, 130, 400, 58), (16, 4, 0.02, 64, 300, 60), (32, 16, 0.001, 200, 400, 50), (0, 3, 0.05, 64, 300, 61),
]
WEIGHTS = [
    # element type, dims, bits behind the point, bits of a level, step (None: by the greatest magnitude), grid, states, restart, weight, scale type
    ("f32", [20, 30], 62, 16, 0.003, [0, 0], 8, 128, None, "f32"), ("f16", [500], 62, 8, 0.05, [0], 4, 64, None, "f32"),
    ("bf16", [12, 40], 61, 4, None, [1, 0], 16, 100, 0.01, "f16"), ("f64", [6, 50], 63, 5, None, [4, 16], 32, 64, None, "bf16"),
    ("f32", [300], 62, 6, None, [100], 0, 0, 0.003, "f32"), ("f32", [2, 3, 40], 62, 2, 0.7, [0, 0, 0], 8, 64, 0.02, "f8e8m0"),
]


class Numbers:
    """splitmix64."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = self.state + 0x9E3779B97F4A7C15 & MASK
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
        return z ^ z >> 31

    def signed(self):
        """Of many scales."""
        number = self.next()
        return (number - (1 << 64) if number >> 63 else number) >> self.next() % 8


def sha(data):
    return hashlib.sha256(data).hexdigest()


def main():
    for seed, (kind, dims, shift, mode, run, states) in enumerate(STREAMS):
        numbers, many = Numbers(seed), int(np.prod(dims, dtype=int))
        if mode == LEVELS:
            half = 1 << BITS[kind] - 1
            codes = [min(max(numbers.signed() >> shift, -half), half - 1) for _ in range(many)]
        else:
            codes = [numbers.next() >> shift for _ in range(many)]
        x = Array.of(kind, np.array(codes, np.int64).reshape(dims)) if kind in SIGNED else Array(kind, dims, np.array(codes, np.uint64).reshape(dims))
        stream = Entropy.apply(x, mode=mode, run=run, states=states)[1].codes.tobytes()
        print(f'    stream(.{kind}, {dims}, shift: {shift}, .{"levels" if mode == LEVELS else "symbols"}, run: {run}, states: {states}, '
              f'bytes: {len(stream)}, "{sha(stream)}"),')
    for seed, (states, bits, weight, restart, many, point) in enumerate(SEARCHES):
        numbers = Numbers(100 + seed)
        u = np.array([(numbers.signed() >> 11) * 2.0 ** (11 - point) for _ in range(many)])
        levels = Uniform.search(u, states, restart, (1 << bits - 1) - 1, weight)
        steps = multiples(levels, states, restart)
        print(f'    search(states: {states}, bits: {bits}, weight: {"nil" if weight is None else weight}, restart: {restart}, count: {many}, '
              f'point: {point}, "{sha(levels.astype("<i2").tobytes())}", multiples: "{sha(np.asarray(steps).astype("<i4").tobytes())}"),')
    for seed, (kind, dims, point, bits, step, grid, states, restart, weight, scale_type) in enumerate(WEIGHTS):
        numbers, many = Numbers(200 + seed), int(np.prod(dims, dtype=int))
        x = Array.of(kind, np.array([(numbers.signed() >> 11) * 2.0 ** (11 - point) for _ in range(many)]).reshape(dims))
        d, levels = Uniform.apply(x, bits, grid=grid, scale_type=scale_type, step=step, states=states, restart=restart, weight=weight)
        print(f'    weights(.{kind}, {dims}, point: {point}, bits: {bits}, step: {"nil" if step is None else step}, grid: {grid}, states: {states}, '
              f'restart: {restart}, weight: {"nil" if weight is None else weight}, scaleType: .{scale_type}, "{sha(d["scale"].bytes())}", '
              f'levels: "{sha(levels.bytes())}"),')


if __name__ == "__main__":
    main()
