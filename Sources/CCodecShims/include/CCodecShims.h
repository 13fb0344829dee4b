/* Decoding and encoding by libpng and libjpeg behind calls that always return: both libraries
   report errors by longjmp, which must not cross Swift frames. Images are 8-bit RGB, interleaved,
   without padding. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CODEC_MESSAGE_LENGTH 256

typedef enum CodecResult {
  CODEC_DONE = 0,
  CODEC_TRUNCATED,   /* the bytes end before the image does */
  CODEC_MALFORMED,   /* against the format's rules; the message says how */
  CODEC_UNSUPPORTED, /* lawful, but of a kind that is not read */
} CodecResult;

/* One image being read. The bytes given at the start must outlive the reader. */
typedef struct CodecReader CodecReader;

CodecReader *codec_open_png(const uint8_t *bytes, size_t count);
/* `scan_limit` bounds the passes of a progressive image, each of which takes time for all of it. */
CodecReader *codec_open_jpeg(const uint8_t *bytes, size_t count, int32_t scan_limit);
/* The first call: reads up to the image data, takes no memory that depends on the size. */
CodecResult codec_read_header(CodecReader *reader, int32_t *width, int32_t *height);
/* The second call: writes 3 * width * height samples. */
CodecResult codec_read_pixels(CodecReader *reader, uint8_t *rgb);
/* What went wrong, in the library's words. */
const char *codec_message(const CodecReader *reader);
void codec_close(CodecReader *reader);

/* An encoded file; `bytes` is freed by codec_free_output. */
typedef struct CodecOutput {
  uint8_t *bytes;
  size_t count;
  char message[CODEC_MESSAGE_LENGTH];
} CodecOutput;

typedef enum CodecPNGEffort { CODEC_PNG_FAST, CODEC_PNG_STANDARD, CODEC_PNG_BEST } CodecPNGEffort;

bool codec_encode_png(
    const uint8_t *rgb, int32_t width, int32_t height, CodecPNGEffort effort, CodecOutput *output);
/* 4:2:0 if `subsampled`, else 4:4:4; `optimized` Huffman tables change no pixel, nor do restart
   markers after every `restart_rows` rows of blocks (0: none). */
bool codec_encode_jpeg(
    const uint8_t *rgb, int32_t width, int32_t height, int32_t quality, bool subsampled,
    bool optimized, int32_t restart_rows, CodecOutput *output);
void codec_free_output(CodecOutput *output);
/* The message of `output`, as a pointer. */
const char *codec_output_message(const CodecOutput *output);
