"""Makes measures.json: what scipy and numpy make of one row of noise, against which shift, removeDc, envelope, levels and resync are
tested.

    /usr/bin/python3 tests/oracle/signal/make_measures.py

Numbers are little-endian, in base64: the samples f32, all else f64. Made with Debian 12's scipy 1.10.1 and numpy 1.24.2.
"""

import base64
import json
import os

import numpy as np
from scipy import signal

SAMPLES = 160


def text(numbers, kind="<f8"):
    return base64.b64encode(np.asarray(numbers, dtype=kind).tobytes()).decode("ascii")


noise = np.random.default_rng(7)
x = (3 + noise.normal(scale=0.25, size=SAMPLES)).astype(np.float32).astype(np.float64)
z = x[0::2] + 1j * x[1::2]


def shift_case(by):
    turned = z * np.exp(2j * np.pi * by * np.arange(len(z)))
    return {"by": by, "expected": text(np.column_stack([turned.real, turned.imag]).ravel())}


def remove_dc_case(frames):
    # H(z) = (1 - a)(1 - 1/z) / (1 - (1 - a)/z), the mean being x[0] before the first frame.
    a = min(1.0, 1 / (frames + 0.5))
    return {"frames": frames, "expected": text(signal.lfilter([1 - a, a - 1], [1, a - 1], x - x[0]))}


def envelope_case(frames):
    # Rise and fall alike, it is one pole behind |x|.
    a = min(1.0, 1 / (frames + 0.5))
    return {"frames": frames, "expected": text(signal.lfilter([a], [1, a - 1], np.abs(x)))}


def levels_case(hop):
    parts = [x[at : at + hop] for at in range(0, SAMPLES, hop)]
    return {"hop": hop, "expected": text([[np.sqrt(np.mean(p**2)), np.max(np.abs(p))] for p in parts])}


def resync_case(over, under):
    positions = np.arange(2 * SAMPLES * under / over) * over / under
    positions = positions[positions <= SAMPLES - 1]
    return {"from": over, "to": under, "expected": text(np.interp(positions, np.arange(SAMPLES), x))}


data = {
    "x": text(x, "<f4"),
    "shift": [shift_case(by) for by in (0.1, -0.37)],
    "removeDc": [remove_dc_case(frames) for frames in (0.25, 5, 40)],
    "envelope": [envelope_case(frames) for frames in (2, 30)],
    "levels": [levels_case(hop) for hop in (7, 32)],
    "resync": [resync_case(over, under) for over, under in ((47_998.3, 48_000), (3, 2))],
}
with open(os.path.join(os.path.dirname(__file__), "measures.json"), "w") as file:
    json.dump(data, file, indent=2)
    file.write("\n")
