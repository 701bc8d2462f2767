// liquid-dsp's spectral periodogram, as a peer of bench/stft.mjs. It transforms a window every HOP samples and adds its powers up;
// the mean in decibels is all that can be had of it, so rows themselves are not written.
//
//   spgram check SIZE HOP FRAMES     the mean over all windows of FRAMES samples of noise, in dB, frequency −½ first, f32 on stdout
//   spgram time SIZE HOP FRAMES      for each line N on stdin: N times FRAMES samples, and the nanoseconds they took on stdout
#include <complex.h>
#include <liquid/liquid.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  const unsigned size = (unsigned)atoi(argv[2]), hop = (unsigned)atoi(argv[3]), frames = (unsigned)atoi(argv[4]);
  float *x = malloc(frames * sizeof(float)), *psd = malloc(size * sizeof(float));
  uint32_t state = 1;
  for (unsigned i = 0; i < frames; i++) {
    state = state * 1103515245u + 12345u;
    x[i] = (float)(state >> 8) / 8388608.0f - 1.0f;
  }
  spgramf q = spgramf_create(size, LIQUID_WINDOW_HANN, size, hop);
  if (strcmp(argv[1], "check") == 0) {
    spgramf_write(q, x, frames);
    spgramf_get_psd(q, psd);
    return fwrite(psd, sizeof(float), size, stdout) == size ? 0 : 1;
  }
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    const long passes = atol(line);
    struct timespec begun, ended;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    for (long pass = 0; pass < passes; pass++) spgramf_write(q, x, frames);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    printf("%lld\n", (long long)(ended.tv_sec - begun.tv_sec) * 1000000000 + (ended.tv_nsec - begun.tv_nsec));
    fflush(stdout);
  }
  return 0;
}
