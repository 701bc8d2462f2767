// FFTW's single-precision transforms, planned with FFTW_MEASURE, as a peer of bench/fft.mjs and bench/stft.mjs.
//
//   fft check real|complex SIZE          the transform of SIZE samples of noise, as f32 on stdout
//   fft time real|complex SIZE           for each line N on stdin: N transforms, and the nanoseconds they took on stdout
//   fft rows SIZE HOP FRAMES check       the power rows of FRAMES samples of noise under a Hann window, as f32 on stdout
//   fft rows SIZE HOP FRAMES             for each line N on stdin: N times all rows, and the nanoseconds they took on stdout
#include <fftw3.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

// The bench's samples: the same generator as in bench/lib/fourier.mjs.
static void noise(float *samples, size_t count) {
  uint32_t state = 1;
  for (size_t i = 0; i < count; i++) {
    state = state * 1103515245u + 12345u;
    samples[i] = (float)(state >> 8) / 8388608.0f - 1.0f;
  }
}

static int transforms(int argc, char **argv) {
  const int check = strcmp(argv[1], "check") == 0;
  const int real = strcmp(argv[2], "real") == 0;
  const int size = atoi(argv[3]);
  const size_t out = real ? (size_t)size / 2 + 1 : (size_t)size;
  const size_t in = real ? (size_t)size : 2 * (size_t)size;
  float *x = fftwf_malloc(in * sizeof(float));
  fftwf_complex *y = fftwf_malloc(out * sizeof(fftwf_complex));
  fftwf_plan plan = real ? fftwf_plan_dft_r2c_1d(size, x, y, FFTW_MEASURE)
                         : fftwf_plan_dft_1d(size, (fftwf_complex *)x, y, FFTW_FORWARD, FFTW_MEASURE);
  noise(x, in);
  if (check) {
    fftwf_execute(plan);
    fwrite(y, sizeof(fftwf_complex), out, stdout);
    return 0;
  }
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    const long times = atol(line);
    const uint64_t begun = now();
    for (long i = 0; i < times; i++) fftwf_execute(plan);
    printf("%llu\n", (unsigned long long)(now() - begun));
    fflush(stdout);
  }
  return 0;
}

static int rows(int argc, char **argv) {
  const int check = argc > 5;
  const int size = atoi(argv[2]);
  const int hop = atoi(argv[3]);
  const size_t frames = strtoull(argv[4], 0, 10);
  const size_t count = (frames - (size_t)size) / (size_t)hop + 1;
  const int bins = size / 2 + 1;
  float *x = fftwf_malloc(frames * sizeof(float));
  float *window = fftwf_malloc((size_t)size * sizeof(float));
  float *segment = fftwf_malloc((size_t)size * sizeof(float));
  fftwf_complex *y = fftwf_malloc((size_t)bins * sizeof(fftwf_complex));
  float *out = fftwf_malloc(count * (size_t)bins * sizeof(float));
  fftwf_plan plan = fftwf_plan_dft_r2c_1d(size, segment, y, FFTW_MEASURE);
  noise(x, frames);
  for (int i = 0; i < size; i++) window[i] = (float)(0.5 - 0.5 * cos(2 * M_PI * i / size));
  char line[64];
  while (check || fgets(line, sizeof line, stdin)) {
    const long passes = check ? 1 : atol(line);
    const uint64_t begun = now();
    for (long pass = 0; pass < passes; pass++) {
      for (size_t row = 0; row < count; row++) {
        const float *from = x + row * (size_t)hop;
        for (int i = 0; i < size; i++) segment[i] = from[i] * window[i];
        fftwf_execute(plan);
        float *to = out + row * (size_t)bins;
        for (int k = 0; k < bins; k++) to[k] = y[k][0] * y[k][0] + y[k][1] * y[k][1];
      }
    }
    const uint64_t took = now() - begun;
    if (check) {
      fwrite(out, sizeof(float), count * (size_t)bins, stdout);
      return 0;
    }
    printf("%llu\n", (unsigned long long)took);
    fflush(stdout);
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc >= 5 && strcmp(argv[1], "rows") == 0) return rows(argc, argv);
  if (argc >= 4) return transforms(argc, argv);
  fprintf(stderr, "fft check|time real|complex SIZE, or fft rows SIZE HOP FRAMES [check]\n");
  return 2;
}
