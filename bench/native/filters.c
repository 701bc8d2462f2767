// liquid-dsp's filters, as a peer of bench/fir.mjs, bench/decimate.mjs and bench/sos.mjs.
//
//   filters KIND INPUT COEFFICIENTS OUTPUT FACTOR
//
// KIND is fir, decimate or sos. Files hold f32, as the processor has them. The filter runs over INPUT once and writes OUTPUT; then
// for each line N on stdin it runs N times more and prints the nanoseconds.
#include <liquid/liquid.h>
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

static float *numbers(const char *path, size_t *count) {
  FILE *file = fopen(path, "rb");
  if (!file) exit(3);
  fseek(file, 0, SEEK_END);
  *count = (size_t)ftell(file) / sizeof(float);
  rewind(file);
  float *all = malloc(*count * sizeof(float));
  if (fread(all, sizeof(float), *count, file) != *count) exit(3);
  fclose(file);
  return all;
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  size_t count, length;
  float *x = numbers(argv[2], &count);
  float *h = numbers(argv[3], &length);
  const unsigned factor = (unsigned)atoi(argv[5]);
  float *y = calloc(count, sizeof(float));
  firfilt_rrrf fir = 0;
  firdecim_rrrf decimator = 0;
  iirfilt_rrrf sections = 0;
  if (strcmp(argv[1], "fir") == 0) fir = firfilt_rrrf_create(h, (unsigned)length);
  else if (strcmp(argv[1], "decimate") == 0) decimator = firdecim_rrrf_create(factor, h, (unsigned)length);
  else {
    const unsigned rows = (unsigned)length / 6;
    float *b = malloc(3 * rows * sizeof(float));
    float *a = malloc(3 * rows * sizeof(float));
    for (unsigned i = 0; i < rows; i++) {
      memcpy(b + 3 * i, h + 6 * i, 3 * sizeof(float));
      memcpy(a + 3 * i, h + 6 * i + 3, 3 * sizeof(float));
    }
    sections = iirfilt_rrrf_create_sos(b, a, rows);
  }
  char line[64];
  int first = 1;
  while (first || fgets(line, sizeof line, stdin)) {
    const long passes = first ? 1 : atol(line);
    const uint64_t begun = now();
    for (long pass = 0; pass < passes; pass++) {
      if (fir) firfilt_rrrf_execute_block(fir, x, (unsigned)count, y);
      else if (decimator) firdecim_rrrf_execute_block(decimator, x, (unsigned)(count / factor), y);
      else iirfilt_rrrf_execute_block(sections, x, (unsigned)count, y);
    }
    if (first) {
      FILE *file = fopen(argv[4], "wb");
      if (!file || fwrite(y, sizeof(float), count / factor, file) != count / factor) return 3;
      fclose(file);
      printf("ready\n");
    } else {
      printf("%llu\n", (unsigned long long)(now() - begun));
    }
    fflush(stdout);
    first = 0;
  }
  return 0;
}
