"""scipy's and GNU Radio's filters, as peers of bench/fir.mjs, bench/decimate.mjs and bench/sos.mjs.

  filters.py LIBRARY KIND INPUT COEFFICIENTS OUTPUT FACTOR

LIBRARY is scipy or gnuradio; KIND is fir, decimate or sos (scipy alone). Files hold f32. The filter runs over INPUT once and writes
OUTPUT; then for each line N on stdin it runs N times more and prints the nanoseconds.

scipy: lfilter, upfirdn and sosfilt, all numbers f32, one call a pass. GNU Radio: its filter block (C++, VOLK's kernels) between a
vector source that repeats and a null sink, in a flow graph of its own that ends after N times the input; starting and stopping
it is timed too, which N passes in one graph make little of.
"""

import sys
import time

import numpy as np


def scipy_filter(kind, x, h, factor):
    from scipy import signal

    if kind == "fir":
        return lambda: signal.lfilter(h, np.ones(1, dtype=np.float32), x)
    if kind == "decimate":
        return lambda: signal.upfirdn(h, x, 1, factor)[: len(x) // factor]
    sections = h.reshape(-1, 6)
    return lambda: signal.sosfilt(sections, x)


def gnuradio_graph(x, h, factor, passes, keep):
    from gnuradio import blocks, filter as filters, gr

    graph = gr.top_block()
    source = blocks.vector_source_f(x, True)
    head = blocks.head(gr.sizeof_float, passes * len(x))
    fir = filters.fir_filter_fff(factor, h)
    sink = blocks.vector_sink_f() if keep else blocks.null_sink(gr.sizeof_float)
    graph.connect(source, head, fir, sink)
    return graph, sink


def main():
    library, kind, source, coefficients, target, factor = sys.argv[1:]
    factor = int(factor)
    x = np.fromfile(source, dtype=np.float32)
    h = np.fromfile(coefficients, dtype=np.float32)
    if library == "scipy":
        once = scipy_filter(kind, x, h, factor)
        y = once()

        def timed(passes):
            begun = time.perf_counter_ns()
            for _ in range(passes):
                once()
            return time.perf_counter_ns() - begun
    else:
        graph, sink = gnuradio_graph(x, h, factor, 1, True)
        graph.run()
        y = np.array(sink.data())

        def timed(passes):
            graph, _ = gnuradio_graph(x, h, factor, passes, False)
            begun = time.perf_counter_ns()
            graph.run()
            return time.perf_counter_ns() - begun

    if y.dtype != np.float32 and library == "scipy":
        raise TypeError(f"scipy computed in {y.dtype}")
    y.astype(np.float32).tofile(target)
    print("ready", flush=True)
    for line in sys.stdin:
        print(timed(int(line)), flush=True)


main()
