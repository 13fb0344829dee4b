#include "CRandom.h"

#include <string.h>

#include "CVectors.h"

typedef uint64_t u64x8 __attribute__((vector_size(64)));
typedef uint64_t u64x16 __attribute__((vector_size(128)));

/* Blocks whose words are made before they are turned into doubles: they stay in the cache. */
enum { CHUNK = 128 };

/* The words of blocks first ... first + 7. */
INLINE void eight_blocks(uint64_t first, uint32_t key0, uint32_t key1, uint32_t *out) {
  const u64x8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
  const uint64_t low32 = 0xFFFFFFFF;
  u64x8 counter = lane + first;
  /* Low halves stand in 64-bit lanes, as the multiplication of 32-bit factors takes them. */
  u64x8 c0 = counter & low32, c1 = counter >> 32, c2 = {0}, c3 = {0};
  for (int round = 0; round < 10; round++) {
    /* The masks change nothing; they tell the compiler that 32-bit factors do. */
    u64x8 product0 = (c0 & low32) * 0xD2511F53, product2 = (c2 & low32) * 0xCD9E8D57;
    c0 = (product2 >> 32) ^ c1 ^ key0;
    c2 = (product0 >> 32) ^ c3 ^ key1;
    c1 = product2 & low32;
    c3 = product0 & low32;
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
  u64x8 low = c0 | c1 << 32, high = c2 | c3 << 32;
  u64x16 words =
      __builtin_shufflevector(low, high, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  memcpy(out, &words, sizeof words);
}

INLINE void draw(uint64_t first, uint32_t key0, uint32_t key1, size_t blocks, uint32_t *out) {
  size_t block = 0;
  for (; block + 8 <= blocks; block += 8) eight_blocks(first + block, key0, key1, out + 4 * block);
  if (block < blocks) {
    uint32_t rest[32];
    eight_blocks(first + block, key0, key1, rest);
    memcpy(out + 4 * block, rest, 4 * (blocks - block) * sizeof *out);
  }
}

INLINE void quantiles(const uint32_t *words, size_t count, const cr_piece *pieces, double *out) {
  for (size_t i = 0; i < count; i++) {
    /* All ones for the upper half. */
    uint32_t upper = (uint32_t)((int32_t)words[i] >> 31);
    /* Twice the distance to the nearer end, in units of 2^-33: odd, hence exact and never zero. */
    uint32_t distance = (words[i] ^ upper) << 1 | 1;
    /* As a double its exponent is the octave and the first bits of its significand the part. */
    double exact = distance;
    uint64_t bits;
    memcpy(&bits, &exact, sizeof bits);
    size_t octave = 1023 + 31 - (bits >> 52), part = (bits >> 47) & (CR_PARTS - 1);
    uint64_t one_and_t = 0x3FF0000000000000 | (bits << 5 & 0xFFFFFFFFFFFFF);
    double t;
    memcpy(&t, &one_and_t, sizeof t);
    t -= 1;
    const double *c = pieces[octave * CR_PARTS + part].c;
    double value = c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * c[4])));
    memcpy(&bits, &value, sizeof bits);
    bits ^= (uint64_t)(upper & 0x80000000) << 32;
    memcpy(out + i, &bits, sizeof bits);
  }
}

CLONED void cr_words(uint64_t first, uint32_t key0, uint32_t key1, size_t blocks, uint32_t *out) {
  draw(first, key0, key1, blocks, out);
}

CLONED void cr_uniforms(uint64_t first, uint32_t key0, uint32_t key1, size_t blocks, double *out) {
  uint32_t words[4 * CHUNK];
  for (size_t block = 0; block < blocks; block += CHUNK) {
    size_t count = blocks - block < CHUNK ? blocks - block : CHUNK;
    draw(first + block, key0, key1, count, words);
    for (size_t i = 0; i < 4 * count; i++) out[4 * block + i] = words[i] * 0x1p-32;
  }
}

CLONED void cr_quantiles(const uint32_t *words, size_t count, const cr_piece *pieces,
                         double *out) {
  quantiles(words, count, pieces, out);
}

CLONED void cr_normals(uint64_t first, uint32_t key0, uint32_t key1, size_t blocks,
                       const cr_piece *pieces, double *out) {
  uint32_t words[4 * CHUNK];
  for (size_t block = 0; block < blocks; block += CHUNK) {
    size_t count = blocks - block < CHUNK ? blocks - block : CHUNK;
    draw(first + block, key0, key1, count, words);
    quantiles(words, 4 * count, pieces, out + 4 * block);
  }
}
