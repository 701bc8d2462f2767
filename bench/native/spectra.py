"""scipy's and GNU Radio's power rows of noise under a periodic Hann window, as peers of bench/stft.mjs.

  spectra.py scipy|gnuradio check SIZE HOP FRAMES     the rows as f32 on stdout, bins 0 to SIZE/2
  spectra.py scipy|gnuradio time SIZE HOP FRAMES      for each line N on stdin: N passes, and the nanoseconds they took on stdout

scipy: one call of `spectrogram` a pass, f32 all through. GNU Radio: its FFT block (FFTW in C++), one for the rows at even and one for
those at odd multiples of the hop, which is half of the size, |X|² and null sinks; a flow graph that ends after N times the input.
"""

import sys
import time

import numpy as np


def noise(count):
    state = 1
    out = np.empty(count, dtype=np.float32)
    for i in range(count):
        state = (state * 1103515245 + 12345) & 0xFFFFFFFF
        out[i] = (state >> 8) / 8388608 - 1
    return out


library, doing, size, hop, frames = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
x = noise(frames)
bins = size // 2 + 1

if library == "scipy":
    from scipy import signal

    window = signal.get_window("hann", size).astype(np.float32)

    def passes(count):
        for _ in range(count):
            out = signal.spectrogram(x, window=window, nperseg=size, noverlap=size - hop, detrend=False, mode="psd")
        return out

    def rows():
        power = passes(1)[2].T * np.sum(window.astype(np.float64) ** 2)
        power[:, 1:-1] /= 2
        return power

else:
    from gnuradio import blocks, fft, gr
    from gnuradio.fft import window as windows

    if hop * 2 != size:
        sys.exit("The hop is half of the size.")
    taps = [0.5 - 0.5 * np.cos(2 * np.pi * i / size) for i in range(size)]

    def graph(count, sink):
        top = gr.top_block()
        # A whole number of rows, however often the source is repeated.
        source = blocks.vector_source_f(x, True)
        head = blocks.head(gr.sizeof_float, count * frames)
        top.connect(source, head)
        sinks = []
        for offset in (0, hop):
            cut = blocks.stream_to_vector(gr.sizeof_float, size)
            transform = fft.fft_vfc(size, True, taps, False, 1)
            power = blocks.complex_to_mag_squared(size)
            sinks.append(sink())
            if offset:
                skip = blocks.skiphead(gr.sizeof_float, offset)
                top.connect(head, skip, cut, transform, power, sinks[-1])
            else:
                top.connect(head, cut, transform, power, sinks[-1])
        return top, sinks

    def passes(count):
        top, _ = graph(count, lambda: blocks.null_sink(gr.sizeof_float * size))
        top.run()

    def rows():
        top, sinks = graph(1, lambda: blocks.vector_sink_f(size))
        top.run()
        even, odd = (np.array(sink.data()).reshape(-1, size)[:, :bins] for sink in sinks)
        out = np.empty((len(even) + len(odd), bins))
        out[::2], out[1::2] = even, odd
        return out


if doing == "check":
    sys.stdout.buffer.write(rows().astype(np.float32).tobytes())
else:
    for line in sys.stdin:
        begun = time.monotonic_ns()
        passes(int(line))
        print(time.monotonic_ns() - begun, flush=True)
