// Plain loops that convert samples and take frames apart: the peers of bench/convert.mjs.
//
//   convert CASE COUNT check    the result for COUNT samples of the bench's bytes, on stdout
//   convert CASE COUNT time     for each line N on stdin: N passes, and the nanoseconds they took on stdout
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void s16_to_f32(const int16_t *restrict in, float *restrict out, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = (float)in[i] * (1.0f / 32768.0f);
}

static void s24_to_f32(const uint8_t *restrict in, float *restrict out, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t top = (uint32_t)in[3 * i] << 8 | (uint32_t)in[3 * i + 1] << 16 | (uint32_t)in[3 * i + 2] << 24;
    out[i] = (float)((int32_t)top >> 8) * (1.0f / 8388608.0f);
  }
}

static void u8_to_f32(const uint8_t *restrict in, float *restrict out, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = ((float)in[i] - 128.0f) * (1.0f / 128.0f);
}

static void f32_to_s16(const float *restrict in, int16_t *restrict out, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float x = __builtin_rintf(in[i] * 32768.0f);
    x = x < -32768.0f ? -32768.0f : x;
    x = x > 32767.0f ? 32767.0f : x;
    out[i] = (int16_t)x;
  }
}

#define SPLIT2(NAME, TYPE)                                                       \
  static void NAME(const TYPE *restrict in, TYPE *restrict out, size_t count) {  \
    const size_t frames = count / 2;                                             \
    TYPE *restrict a = out, *restrict b = out + frames;                          \
    for (size_t i = 0; i < frames; i++) {                                        \
      a[i] = in[2 * i];                                                          \
      b[i] = in[2 * i + 1];                                                      \
    }                                                                            \
  }

#define SPLIT4(NAME, TYPE)                                                       \
  static void NAME(const TYPE *restrict in, TYPE *restrict out, size_t count) {  \
    const size_t frames = count / 4;                                             \
    TYPE *restrict a = out, *restrict b = a + frames;                            \
    TYPE *restrict c = b + frames, *restrict d = c + frames;                     \
    for (size_t i = 0; i < frames; i++) {                                        \
      a[i] = in[4 * i];                                                          \
      b[i] = in[4 * i + 1];                                                      \
      c[i] = in[4 * i + 2];                                                      \
      d[i] = in[4 * i + 3];                                                      \
    }                                                                            \
  }

SPLIT2(split2x16, uint16_t)
SPLIT2(split2x32, uint32_t)
SPLIT4(split4x16, uint16_t)
SPLIT4(split4x32, uint32_t)

typedef void (*loop)(const void *, void *, size_t);

static const struct {
  const char *name;
  loop run;
  size_t in, out;
} cases[] = {
    {"s16", (loop)s16_to_f32, 2, 4},      {"s24", (loop)s24_to_f32, 3, 4},     {"u8", (loop)u8_to_f32, 1, 4},
    {"to-s16", (loop)f32_to_s16, 4, 2},   {"split2x16", (loop)split2x16, 2, 2}, {"split2x32", (loop)split2x32, 4, 4},
    {"split4x16", (loop)split4x16, 2, 2}, {"split4x32", (loop)split4x32, 4, 4},
};

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  const size_t count = (size_t)atol(argv[2]);
  size_t which = 0;
  while (which < sizeof cases / sizeof *cases && strcmp(cases[which].name, argv[1]) != 0) which++;
  if (which == sizeof cases / sizeof *cases) return 2;
  const size_t in_bytes = count * cases[which].in, out_bytes = count * cases[which].out;
  uint8_t *in = aligned_alloc(128, (in_bytes + 127) & ~(size_t)127);
  void *out = aligned_alloc(128, (out_bytes + 127) & ~(size_t)127);
  // The bench's bytes; of floats whole numbers in 65,536ths, some of them out of range.
  for (size_t i = 0; i < in_bytes; i++) in[i] = (uint8_t)((uint32_t)i * 2654435761u >> 13);
  if (strcmp(argv[1], "to-s16") == 0) {
    for (size_t i = 0; i < count; i++) ((float *)in)[i] = (float)(int32_t)((uint32_t)i * 2654435761u >> 15) / 65536.0f - 1.0f;
  }
  loop run = cases[which].run;
  if (strcmp(argv[3], "check") == 0) {
    run(in, out, count);
    return fwrite(out, 1, out_bytes, stdout) == out_bytes ? 0 : 1;
  }
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    const long passes = atol(line);
    struct timespec begun, ended;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    for (long pass = 0; pass < passes; pass++) {
      run(in, out, count);
      __asm__ volatile("" : : "r"(out) : "memory");
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    printf("%lld\n", (long long)(ended.tv_sec - begun.tv_sec) * 1000000000 + (ended.tv_nsec - begun.tv_nsec));
    fflush(stdout);
  }
  return 0;
}
