"""GNU Radio's form of the flow that bench/pipeline.mjs times: cu8, shift, FIR and a lower rate, spectra, u8 rows.

    pipeline.py FILE OUT SIZE FACTOR BY LOW STEP TAPS FORM

OUT is a file for the rows, or - for a null sink. BY: cycles a frame; a row's byte is STEP * (dB - LOW). TAPS: numbers with commas.
FORM: "rotate" (rotator and FIR) or "translate" (GNU Radio's filter that does both). Writes JSON: milliseconds of the run alone, and the
most memory the process had, in bytes.
"""

import json
import math
import resource
import sys
import time

from gnuradio import blocks, fft, gr
from gnuradio import filter as filters

path, out, size, factor, by, low, step, taps, form = sys.argv[1:]
size, factor, by, low, step = int(size), int(factor), float(by), float(low), float(step)
taps = [float(tap) for tap in taps.split(",")]
# As ours: periodic.
window = [0.5 - 0.5 * math.cos(2 * math.pi * i / size) for i in range(size)]

top = gr.top_block()
chain = [
    blocks.file_source(gr.sizeof_char, path, False),
    # cu8 less 128, modulo 256, is signed bytes: the fastest way from there to complex.
    blocks.add_const_bb(128),
    blocks.interleaved_char_to_complex(False, 128.0),
]
if form == "rotate":
    chain += [blocks.rotator_cc(2 * math.pi * by), filters.fir_filter_ccf(factor, taps)]
else:
    chain += [filters.freq_xlating_fir_filter_ccf(factor, taps, -by, 1.0)]
chain += [
    blocks.stream_to_vector(gr.sizeof_gr_complex, size),
    fft.fft_vcc(size, True, window, False, 1),
    blocks.complex_to_mag_squared(size),
    # The byte itself: GNU Radio scales and shifts here.
    blocks.nlog10_ff(10 * step, size, -low * step),
    blocks.vector_to_stream(gr.sizeof_float, size),
    blocks.float_to_uchar(),
    blocks.null_sink(gr.sizeof_char) if out == "-" else blocks.file_sink(gr.sizeof_char, out),
]
top.connect(*chain)
begun = time.perf_counter()
top.run()
took = time.perf_counter() - begun
print(json.dumps({"ms": took * 1000, "bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
