"""Chance that depends on what is drawn for whom, not on the order of drawing: hashes of (seed, name, …)."""

import hashlib
import math
import struct
from statistics import NormalDist

_normal = NormalDist().inv_cdf
_TOP = 2.0**-64


def uniforms(*key: object) -> tuple[float, ...]:
    """Eight numbers from 0 up to 1, always the same for the same key."""
    digest = hashlib.blake2b("|".join(map(str, key)).encode()).digest()
    return tuple(number * _TOP for number in struct.unpack("8Q", digest))


def uniform(*key: object) -> float:
    return uniforms(*key)[0]


def normal(u: float) -> float:
    """The standard normal value of which `u` is the probability."""
    return _normal(min(max(u, 1e-12), 1 - 1e-12))


def mean_one(spread: float, u: float) -> float:
    """A log-normal factor with mean 1."""
    return math.exp(spread * normal(u) - spread * spread / 2)


def shifted_odds(probability: float, spread: float, z: float) -> float:
    """`probability` with its log-odds moved by spread x z; 0 and 1 stay."""
    if not 0 < probability < 1:
        return probability
    return 1 / (1 + (1 - probability) / probability * math.exp(-spread * z))
