"""Writes transforms.json: what numpy and scipy make of the samples that tests/oracle/fourier.ts makes from the same seeds.

    /usr/bin/python3 tests/oracle/signal/make_transforms.py        (Debian: python3-scipy)
    npx biome check --write tests/oracle/signal/transforms.json
"""

import json
import pathlib

import numpy
from scipy import signal


def noise(count, seed=1):
    state = seed
    samples = numpy.empty(count)
    for i in range(count):
        state = (state * 1103515245 + 12345) & 0xFFFFFFFF
        samples[i] = (state >> 8) / 2**23 - 1
    return samples


def numbers(array, digits=9):
    """As decimals that are right to so many digits; complex ones as pairs."""
    array = numpy.asarray(array)
    if numpy.iscomplexobj(array):
        array = numpy.stack([array.real, array.imag], axis=-1)
    return [float(f"{value:.{digits}g}") for value in array.ravel()]


def pairs(count, seed):
    samples = noise(2 * count, seed)
    return samples[::2] + 1j * samples[1::2]


WINDOWS = {
    "rectangular": "boxcar",
    "hann": "hann",
    "hamming": "hamming",
    "blackman": "blackman",
    "blackman-harris": "blackmanharris",
    "flat-top": "flattop",
    "kaiser": ("kaiser", 8.6),
}

out = {"scipy": __import__("scipy").__version__}
out["fft"] = [
    {"size": n, "complex": numbers(numpy.fft.fft(pairs(n, n))), "real": numbers(numpy.fft.rfft(noise(n, n)))}
    for n in (2, 4, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 80)
]
out["windows"] = [
    {
        "name": name,
        "size": size,
        "periodic": numbers(signal.get_window(window, size), 16),
        "symmetric": numbers(signal.get_window(window, size, fftbins=False), 16),
    }
    for name, window in WINDOWS.items()
    for size in (1, 12, 13)
]

out["stft"] = []
for scaling in ("spectrum", "psd"):
    for complex_input in (False, True):
        x = pairs(150, 7) if complex_input else noise(150, 7)
        _, _, rows = signal.stft(
            x, fs=250.0, window="hamming", nperseg=32, noverlap=20, boundary=None, padded=False,
            return_onesided=not complex_input, scaling=scaling, detrend=False,
        )  # fmt: skip
        out["stft"].append({"scaling": scaling, "complex": complex_input, "rows": numbers(rows.T)})

out["welch"] = []
for scaling in ("density", "spectrum"):
    for detrend in ("constant", "linear", False):
        for complex_input in (False, True):
            x = (pairs(400, 9) if complex_input else noise(400, 9)) + 0.75 + numpy.arange(400) / 100
            # The samples are f32 in the library.
            x = x.astype(numpy.complex64 if complex_input else numpy.float32).astype(x.dtype)
            f, p = signal.welch(
                x, fs=1000.0, window="blackman", nperseg=48, noverlap=30, detrend=detrend,
                return_onesided=not complex_input, scaling=scaling,
            )  # fmt: skip
            out["welch"].append(
                {"scaling": scaling, "detrend": detrend or "none", "complex": complex_input,
                 "frequencies": numbers(f), "power": numbers(p)}
            )  # fmt: skip

path = pathlib.Path(__file__).with_name("transforms.json")
path.write_text(json.dumps(out) + "\n")
