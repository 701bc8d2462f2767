"""Makes filters.json: what scipy's filters make of one row of noise, against which ours are tested.

    /usr/bin/python3 tests/oracle/signal/make_filters.py

Numbers are little-endian, in base64. The samples and the taps of FIR filters are f32, so that only the arithmetic differs; all
else is f64, in which scipy computes. Made with Debian 12's scipy 1.10.1 and numpy 1.24.2.
"""

import base64
import json
import os

import numpy as np
from scipy import signal

SAMPLES = 120


def text(numbers, kind="<f8"):
    return base64.b64encode(np.asarray(numbers, dtype=kind).tobytes()).decode("ascii")


def as_f32(numbers):
    return np.asarray(numbers).astype(np.float32).astype(np.float64)


noise = np.random.default_rng(5)
x = as_f32(noise.normal(scale=0.25, size=SAMPLES))

taps = {
    "one tap": as_f32([-0.75]),
    "firwin(33, 0.3)": as_f32(signal.firwin(33, 0.3)),
    "64 of noise": as_f32(noise.normal(scale=0.1, size=64)),
    "longer than the row": as_f32(noise.normal(scale=0.1, size=SAMPLES + 7)),
}
lfilter = [{"name": name, "taps": text(h, "<f4"), "expected": text(signal.lfilter(h, 1, x))} for name, h in taps.items()]


def upfirdn_case(up, down, h):
    expected = signal.upfirdn(h, x, up, down)[: -(-SAMPLES * up // down)]
    return {"name": f"{up}/{down}, {len(h)} taps", "up": up, "down": down, "taps": text(h, "<f4"), "expected": text(expected)}


def resample_poly_case(up, down):
    """resample_poly with its default window, as taps and a number of frames that it leaves out at the beginning."""
    limit = max(up, down)
    half = 10 * limit
    h = as_f32(signal.firwin(2 * half + 1, 1 / limit, window=("kaiser", 5.0)) * up)
    before = down - half % down
    padded = np.concatenate([np.zeros(before), h])
    # It multiplies by `up` itself.
    expected = signal.resample_poly(x, up, down, window=h / up)
    skip = (half + before) // down
    name = f"resample_poly {up}/{down}"
    return {"name": name, "up": up, "down": down, "taps": text(padded, "<f4"), "skip": skip, "expected": text(expected)}


upfirdn = [
    upfirdn_case(1, 8, as_f32(signal.firwin(64, 1 / 8))),
    upfirdn_case(1, 8, as_f32(noise.normal(size=61))),
    upfirdn_case(1, 100, as_f32(noise.normal(size=7))),
    upfirdn_case(3, 2, as_f32(noise.normal(size=50))),
    upfirdn_case(2, 3, as_f32(noise.normal(size=49))),
    upfirdn_case(7, 5, as_f32(noise.normal(size=4))),
    upfirdn_case(147, 160, as_f32(noise.normal(size=300))),
]
resample_poly = [resample_poly_case(3, 2), resample_poly_case(2, 5), resample_poly_case(8, 7)]

designs = {
    "butter(2, 0.2)": signal.butter(2, 0.2, output="sos"),
    "butter(8, 0.2)": signal.butter(8, 0.2, output="sos"),
    "ellip(5, 1, 60, 0.4)": signal.ellip(5, 1, 60, 0.4, output="sos"),
    "cheby1(6, 1, [0.1, 0.3], bandpass)": signal.cheby1(6, 1, [0.1, 0.3], btype="bandpass", output="sos"),
    "butter(4, 0.0005, highpass)": signal.butter(4, 0.0005, btype="highpass", output="sos"),
}
sosfilt = [{"name": name, "sos": text(s), "expected": text(signal.sosfilt(s, x))} for name, s in designs.items()]

data = {"x": text(x, "<f4"), "lfilter": lfilter, "upfirdn": upfirdn, "resample_poly": resample_poly, "sosfilt": sosfilt}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "filters.json"), "w") as file:
    json.dump(data, file, indent=2)
    file.write("\n")
