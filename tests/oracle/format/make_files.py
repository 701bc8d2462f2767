"""Makes files.json: small files that ffmpeg, scipy and EDFlib write, and what ffmpeg and EDFlib read in them, against which our
readers are tested.

    /usr/bin/python3 tests/oracle/format/make_files.py       (Debian: ffmpeg, python3-scipy, gcc, libedf-dev)
    npx biome check --write tests/oracle/format/files.json

Bytes are in base64. Each file of ffmpeg's stands beside the words that it was called with; what goes in are numbers of this
script's own. Nothing of forebay takes part. Made with Debian 12's ffmpeg 5.1.9, scipy 1.10.1 and EDFlib 1.23.
"""

import base64
import json
import os
import subprocess
import tempfile

import numpy as np
from scipy.io import wavfile

HERE = os.path.dirname(os.path.abspath(__file__))
EDF = os.path.join(HERE, "..", "..", "oracles", "edf.c")
RATE = 44100
FRAMES = 48

noise = np.random.default_rng(11)


def text(content):
    return base64.b64encode(content).decode("ascii")


def ffmpeg(*words, given=None):
    call = ["ffmpeg", "-nostdin", "-v", "error", *words]
    return subprocess.run(call, input=given, check=True, stdout=subprocess.PIPE).stdout


def numbers(kind, count):
    """Raw samples, as ffmpeg names them: of integers everything from the least to the greatest; floats around 1 and around 0."""
    order = ">" if kind.endswith("be") else "<"
    bits = int(kind.strip("usflbe"))
    if kind.startswith("f"):
        some = noise.normal(scale=0.5, size=count)
        some[:6] = [0.0, -0.0, 1.0, -1.0, 1.5, 1e-40]
        return some.astype(f"{order}f{bits // 8}").tobytes()
    least = 0 if kind.startswith("u") else -(2 ** (bits - 1))
    some = noise.integers(least, least + 2**bits, size=count)
    some[:4] = [least, least + 2**bits - 1, least + 2 ** (bits - 1), least + 2 ** (bits - 1) - 1]
    end = "big" if order == ">" else "little"
    return b"".join((int(n) % 2**bits).to_bytes(bits // 8, end) for n in some)


def loudspeakers():
    """What the channels of each of ffmpeg's layouts are, by its name for it."""
    lines = ffmpeg("-layouts").decode("ascii").split("Standard channel layouts:")[1].splitlines()[2:]
    return {name: channels.split("+") for name, channels in (line.split() for line in lines)}


def read(path, way=()):
    """What ffmpeg makes of a file. Samples as f32 of full scale 1 and, so that no bit is left out, as f64 of floats and of
    integers as those of 32 bits that have them in their upper bits."""

    def samples(form):
        return text(ffmpeg(*way, "-i", path, "-c:a", f"pcm_{form}", "-f", form, "-"))

    call = ["ffprobe", "-v", "error", *way, "-show_streams", "-show_format", "-of", "json", path]
    probed = json.loads(subprocess.run(call, check=True, stdout=subprocess.PIPE).stdout)
    (stream,) = probed["streams"]
    full = "f64" if stream["codec_name"].startswith("pcm_f") else "s32"
    return {
        "channels": stream["channels"],
        "rate": int(stream["sample_rate"]),
        "loudspeakers": loudspeakers().get(stream.get("channel_layout"), []),
        "tags": probed["format"].get("tags", {}),
        "f32": samples("f32le"),
        full: samples(f"{full}le"),
    }


def written_by_ffmpeg(folder, name, kind, channels, *words, frames=FRAMES, piped=False):
    path = os.path.join(folder, "x.wav")
    given = ["-f", kind, "-ar", str(RATE), "-ac", str(channels), "-i", "-"]
    asked = ["-c:a", f"pcm_{kind}", *words, "-f", "wav"]
    content = ffmpeg(*given, *asked, "-y", "-" if piped else path, given=numbers(kind, frames * channels))
    if piped:
        with open(path, "wb") as file:
            file.write(content)
    return {
        "name": name,
        "command": " ".join(["ffmpeg", *given, *asked, "-" if piped else "x.wav"]),
        "file": text(open(path, "rb").read()),
        "expected": read(path),
    }


def wav(folder):
    def by_ffmpeg(*given, **more):
        return written_by_ffmpeg(folder, *given, **more)

    yield by_ffmpeg("u8", "u8", 1)
    yield by_ffmpeg("u8, an odd number", "u8", 1, frames=FRAMES - 1)
    for kind in ["s16le", "s24le", "s32le", "f32le", "f64le"]:
        yield by_ffmpeg(kind, kind, 2)
        yield by_ffmpeg(f"{kind}, RF64", kind, 2, "-rf64", "always")
    yield by_ffmpeg("s16le through a pipe", "s16le", 2, piped=True)
    yield by_ffmpeg("s16le, 5.1", "s16le", 6, "-channel_layout", "5.1")
    yield by_ffmpeg("s24le, 5.1, RF64", "s24le", 6, "-channel_layout", "5.1", "-rf64", "always")
    yield by_ffmpeg("s16le with words", "s16le", 1, "-metadata", "title=A horn", "-metadata", "comment=odd")
    for kind in ["u1", "<i2", "<i4", "<f4", "<f8"]:
        path = os.path.join(folder, "scipy.wav")
        name = {"u1": "u8"}.get(kind, f"{'s' if kind[1] == 'i' else 'f'}{int(kind[2:] or 1) * 8}le")
        samples = np.frombuffer(numbers(name, FRAMES * 2), dtype=kind).reshape(-1, 2)
        wavfile.write(path, RATE, samples)
        command = f"scipy.io.wavfile.write('x.wav', {RATE}, samples of {kind!r})"
        content = text(open(path, "rb").read())
        yield {"name": f"{name} of scipy", "command": command, "file": content, "expected": read(path)}


def raw(folder):
    for kind in ["u8", "s8", "u16le", "u16be", "s16be", "s24be", "u32be", "s32be", "f32be", "f64be"]:
        path = os.path.join(folder, "x.raw")
        content = numbers(kind, FRAMES)
        with open(path, "wb") as file:
            file.write(content)
        way = ("-f", kind, "-ar", str(RATE), "-ac", "1")
        command = " ".join(["ffmpeg", *way, "-i", "x.raw"])
        element = kind.removesuffix("le")
        expected = read(path, way)
        yield {"name": kind, "command": command, "element": element, "file": text(content), "expected": expected}


def edf(folder):
    program = os.path.join(folder, "edf")
    subprocess.run(["gcc", "-O1", EDF, "-o", program, "-ledf", "-lm"], check=True)
    for name, words in {"EDF+": [], "BDF+": ["bdf"]}.items():
        path = os.path.join(folder, "x.edf")
        subprocess.run([program, "write", path, *words], check=True)
        told = json.loads(subprocess.run([program, "read", path], check=True, stdout=subprocess.PIPE).stdout)
        for signal in told["signals"]:
            signal["samples"] = text(np.array(signal["samples"], dtype="<i4").tobytes())
            signal["physicalSamples"] = text(np.array(signal["physicalSamples"], dtype="<f8").tobytes())
        command = " ".join(["tests/oracles/edf.c: edf write x.edf", *words])
        yield {"name": name, "command": command, "file": text(open(path, "rb").read()), "expected": told}


with tempfile.TemporaryDirectory() as folder:
    made = {"wav": list(wav(folder)), "raw": list(raw(folder)), "edf": list(edf(folder))}
with open(os.path.join(HERE, "files.json"), "w", encoding="utf-8") as file:
    json.dump(made, file, indent=1)
    file.write("\n")
