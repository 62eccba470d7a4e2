// The interpreter of compiler/simulate in C: what WebAssembly is measured against. AVX-512 where the processor has it, else
// AVX2. Usage: interpreter <program> <inputs> <passes> <repetitions>; prints seconds for a pass, then the parity of every output.
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef __AVX512F__
#define PARTS 1
typedef __m512i lane;
#define LOAD(p) _mm512_load_si512((const void *)(p))
#define STORE(p, v) _mm512_store_si512((void *)(p), v)
#define AND _mm512_and_si512
#define ANDNOT(a, b) _mm512_andnot_si512(b, a)
#define OR _mm512_or_si512
#define XOR _mm512_xor_si512
#else
#define PARTS 2
typedef __m256i lane;
#define LOAD(p) _mm256_load_si256((const __m256i *)(p))
#define STORE(p, v) _mm256_store_si256((__m256i *)(p), v)
#define AND _mm256_and_si256
#define ANDNOT(a, b) _mm256_andnot_si256(b, a)
#define OR _mm256_or_si256
#define XOR _mm256_xor_si256
#endif

#define RUN(OPERATION)                                                     \
  for (; gate < end; gate += 3)                                            \
    for (int part = 0; part < 64; part += 64 / PARTS)                      \
      STORE(slots + gate[2] + part, OPERATION(LOAD(slots + gate[0] + part), LOAD(slots + gate[1] + part)));

static void evaluate(const uint32_t *runs, uint32_t count, const uint32_t *gate, char *slots) {
  for (uint32_t r = 0; r < count; r++) {
    const uint32_t *end = gate + 3 * runs[2 * r + 1];
    switch (runs[2 * r]) {
      case 0: RUN(AND) break;
      case 1: RUN(ANDNOT) break;
      case 2: RUN(OR) break;
      default: RUN(XOR)
    }
  }
}

static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) exit(1);
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *bytes = aligned_alloc(64, (size + 63) / 64 * 64 + 64);
  if (fread(bytes, 1, size, file) != (size_t)size) exit(1);
  fclose(file);
  return bytes;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 5) return 1;
  uint32_t *header = (uint32_t *)read_file(argv[1]);
  const char *inputs = read_file(argv[2]);
  const int passes = atoi(argv[3]), repetitions = atoi(argv[4]);
  // Numbers of slots, inputs, runs, gates and outputs, then the arrays of program.ts.
  const uint32_t *input_slots = header + 5, *runs = input_slots + header[1];
  uint32_t *gates = (uint32_t *)(runs + 2 * header[2]);
  const uint32_t *outputs = gates + 3 * header[3];
  for (uint32_t i = 0; i < 3 * header[3]; i++) gates[i] *= 64;
  char *slots = aligned_alloc(64, 64 * (size_t)header[0]);
  memset(slots, 0, 64 * (size_t)header[0]);
  memset(slots + 64, 255, 64);
  char *parity = calloc(header[4], 1);
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t i = 0; i < header[1]; i++)
      if ((int32_t)input_slots[i] >= 0)
        memcpy(slots + 64 * (size_t)input_slots[i], inputs + 64 * ((size_t)pass * header[1] + i), 64);
    evaluate(runs, header[2], gates, slots);
    for (uint32_t o = 0; o < header[4]; o++)
      for (int word = 0; word < 8; word++)
        parity[o] ^= __builtin_parityll(((uint64_t *)(slots + 64 * (size_t)(outputs[o] >> 1)))[word]);
  }
  double best = 1e9;
  for (int attempt = 0; attempt < 300; attempt++) {
    const double begin = now();
    for (int r = 0; r < repetitions; r++) evaluate(runs, header[2], gates, slots);
    const double seconds = (now() - begin) / repetitions;
    if (seconds < best) best = seconds;
  }
  printf("%.9f\n", best);
  // 512 samples a pass: complementing all of them does not change a parity.
  for (uint32_t o = 0; o < header[4]; o++) putchar('0' + parity[o]);
  putchar('\n');
  return 0;
}
