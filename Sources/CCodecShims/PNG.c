#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "Reader.h"

typedef struct PNGReader {
  CodecReader base;
  png_structp png;
  png_infop info;
  uint8_t *deep; /* a 16-bit grey image before its conversion */
  char warning[CODEC_MESSAGE_LENGTH];
} PNGReader;

static void keep_message(char *kept, const char *text) {
  strncpy(kept, text, CODEC_MESSAGE_LENGTH - 1);
  kept[CODEC_MESSAGE_LENGTH - 1] = 0;
}

static void reader_failed(png_structp png, png_const_charp text) {
  PNGReader *reader = png_get_error_ptr(png);
  if (reader->base.failure == CODEC_DONE) reader->base.failure = CODEC_MALFORMED;
  /* Of a bad header the preceding warning says what is bad. */
  bool vague = strcmp(text, "Invalid IHDR data") == 0 && reader->warning[0];
  keep_message(reader->base.message, vague ? reader->warning : text);
  png_longjmp(png, 1);
}

static void reader_warned(png_structp png, png_const_charp text) {
  PNGReader *reader = png_get_error_ptr(png);
  keep_message(reader->warning, text);
}

static void writer_warned(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  PNGReader *reader = png_get_io_ptr(png);
  if (count > reader->base.count) {
    reader->base.failure = CODEC_TRUNCATED;
    png_error(png, "end of file");
  }
  memcpy(target, reader->base.bytes, count);
  reader->base.bytes += count;
  reader->base.count -= count;
}

static CodecResult read_header(CodecReader *base, int32_t *width, int32_t *height) {
  PNGReader *reader = (PNGReader *)base;
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, reader_failed, reader_warned);
  reader->info = reader->png ? png_create_info_struct(reader->png) : NULL;
  if (!reader->info) {
    keep_message(base->message, "libpng cannot start");
    return CODEC_MALFORMED;
  }
  if (setjmp(png_jmpbuf(reader->png))) return base->failure;
  png_set_read_fn(reader->png, reader, read_bytes);
  /* The caller limits the pixels; what doesn't bear on RGB samples is skipped unread. */
  png_set_user_limits(reader->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_keep_unknown_chunks(
      reader->png, PNG_HANDLE_CHUNK_NEVER,
      (const png_byte *)"bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0"
                        "sPLT\0sRGB\0sTER\0tEXt\0tIME\0tRNS\0zTXt",
      19);
  png_read_info(reader->png, reader->info);
  *width = (int32_t)png_get_image_width(reader->png, reader->info);
  *height = (int32_t)png_get_image_height(reader->png, reader->info);
  return CODEC_DONE;
}

static CodecResult read_pixels(CodecReader *base, uint8_t *rgb) {
  PNGReader *reader = (PNGReader *)base;
  png_structp png = reader->png;
  if (setjmp(png_jmpbuf(png))) return base->failure;

  size_t width = png_get_image_width(png, reader->info);
  size_t height = png_get_image_height(png, reader->info);
  int color = png_get_color_type(png, reader->info);
  /* Pillow's mode "I;16", which becomes RGB by clipping; all other deep samples lose 8 bits. */
  bool deep = png_get_bit_depth(png, reader->info) == 16 && color == PNG_COLOR_TYPE_GRAY;
  size_t stride = deep ? 2 * width : 3 * width;
  if (!deep) {
    png_set_strip_16(png);
    png_set_expand(png);
    png_set_gray_to_rgb(png);
    png_set_strip_alpha(png);
  }
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  if (png_get_rowbytes(png, reader->info) != stride) png_error(png, "unforeseen row length");

  if (deep) reader->deep = malloc(stride * height);
  if (deep && !reader->deep) png_error(png, "out of memory");
  /* Row by row: pointers to all rows of a narrow image would take more memory than its pixels. */
  for (int pass = 0; pass < passes; pass++) {
    for (size_t y = 0; y < height; y++) {
      png_read_row(png, (deep ? reader->deep : rgb) + y * stride, NULL);
    }
  }

  if (deep) {
    for (size_t i = 0; i < width * height; i++) {
      uint8_t level = reader->deep[2 * i] ? 255 : reader->deep[2 * i + 1];
      memset(rgb + 3 * i, level, 3);
    }
  }
  return CODEC_DONE;
}

static void close_reader(CodecReader *base) {
  PNGReader *reader = (PNGReader *)base;
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader->deep);
  free(reader);
}

CodecReader *codec_open_png(const uint8_t *bytes, size_t count) {
  PNGReader *reader = calloc(1, sizeof(PNGReader));
  if (!reader) abort();
  reader->base = (CodecReader){
      .read_header = read_header,
      .read_pixels = read_pixels,
      .close = close_reader,
      .bytes = bytes,
      .count = count,
  };
  return &reader->base;
}

/* Encoding */

typedef struct PNGTarget {
  CodecOutput *output;
  size_t capacity;
} PNGTarget;

static void writer_failed(png_structp png, png_const_charp text) {
  PNGTarget *target = png_get_error_ptr(png);
  keep_message(target->output->message, text);
  png_longjmp(png, 1);
}

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
  PNGTarget *target = png_get_io_ptr(png);
  CodecOutput *output = target->output;
  if (output->count + count > target->capacity) {
    size_t capacity = 2 * (output->count + count) + 4096;
    uint8_t *grown = realloc(output->bytes, capacity);
    if (!grown) png_error(png, "out of memory");
    output->bytes = grown;
    target->capacity = capacity;
  }
  memcpy(output->bytes + output->count, bytes, count);
  output->count += count;
}

static void flush(png_structp png) { (void)png; }

bool codec_encode_png(
    const uint8_t *rgb, int32_t width, int32_t height, CodecPNGEffort effort, CodecOutput *output) {
  PNGTarget target = {.output = output, .capacity = 0};
  memset(output, 0, sizeof *output);
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &target, writer_failed, writer_warned);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_write_struct(&png, NULL);
    keep_message(output->message, "libpng cannot start");
    return false;
  }
  /* libpng writes through these two, which do not change between setjmp and longjmp. */
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    codec_free_output(output);
    return false;
  }
  png_set_write_fn(png, &target, write_bytes, flush);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  switch (effort) {
    case CODEC_PNG_FAST:
      png_set_compression_level(png, 1);
      png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
      break;
    case CODEC_PNG_STANDARD:
      break;
    case CODEC_PNG_BEST:
      png_set_compression_level(png, 9);
      break;
  }
  png_set_IHDR(
      png, info, (png_uint_32)width, (png_uint_32)height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
      PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (int32_t y = 0; y < height; y++) {
    png_write_row(png, rgb + (size_t)y * 3 * (size_t)width);
  }
  png_write_end(png, NULL);
  png_destroy_write_struct(&png, &info);
  return true;
}
