#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* After stdio.h, which they need. */
#include <jpeglib.h>
#include <jerror.h>

#include "Reader.h"

typedef struct JPEGReader {
  CodecReader base;
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  int32_t scan_limit;
  jmp_buf jump;
  uint8_t *inks; /* one row of CMYK samples */
} JPEGReader;

static void warned(j_common_ptr jpeg, int level) {
  /* Warnings tell of damage that libjpeg bridges, as Pillow lets it. */
  (void)jpeg;
  (void)level;
}

static void reader_failed(j_common_ptr jpeg) {
  JPEGReader *reader = jpeg->client_data;
  int code = jpeg->err->msg_code;
  reader->base.failure = code == JERR_BAD_PRECISION || code == JERR_SOF_UNSUPPORTED ||
                                 code == JERR_ARITH_NOTIMPL || code == JERR_CONVERSION_NOTIMPL
                             ? CODEC_UNSUPPORTED
                             : CODEC_MALFORMED;
  char text[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, text);
  snprintf(reader->base.message, CODEC_MESSAGE_LENGTH, "%s", text);
  longjmp(reader->jump, 1);
}

/* Called over and over while an image of several scans is read. */
static void count_scans(j_common_ptr jpeg) {
  JPEGReader *reader = jpeg->client_data;
  if (reader->jpeg.input_scan_number <= reader->scan_limit) return;
  reader->base.failure = CODEC_MALFORMED;
  snprintf(reader->base.message, CODEC_MESSAGE_LENGTH, "more than %d scans", reader->scan_limit);
  longjmp(reader->jump, 1);
}

/* All bytes are there from the start; asked for more, the source suspends the decoder, which thus
   reports a cut-off file instead of inventing grey blocks. */
static void nothing(j_decompress_ptr jpeg) { (void)jpeg; }

static boolean no_more_bytes(j_decompress_ptr jpeg) {
  (void)jpeg;
  return FALSE;
}

static void skip_bytes(j_decompress_ptr jpeg, long count) {
  struct jpeg_source_mgr *source = jpeg->src;
  size_t skipped = count <= 0 ? 0 : (size_t)count;
  if (skipped > source->bytes_in_buffer) skipped = source->bytes_in_buffer;
  source->next_input_byte += skipped;
  source->bytes_in_buffer -= skipped;
}

static CodecResult read_header(CodecReader *base, int32_t *width, int32_t *height) {
  JPEGReader *reader = (JPEGReader *)base;
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  jpeg->err = jpeg_std_error(&reader->errors);
  reader->errors.error_exit = reader_failed;
  reader->errors.emit_message = warned;
  jpeg->client_data = reader;
  if (setjmp(reader->jump)) return base->failure;
  jpeg_create_decompress(jpeg);
  reader->source = (struct jpeg_source_mgr){
      .next_input_byte = base->bytes,
      .bytes_in_buffer = base->count,
      .init_source = nothing,
      .fill_input_buffer = no_more_bytes,
      .skip_input_data = skip_bytes,
      .resync_to_restart = jpeg_resync_to_restart,
      .term_source = nothing,
  };
  jpeg->src = &reader->source;
  reader->progress.progress_monitor = count_scans;
  jpeg->progress = &reader->progress;
  if (jpeg_read_header(jpeg, TRUE) == JPEG_SUSPENDED) return CODEC_TRUNCATED;
  *width = (int32_t)jpeg->image_width;
  *height = (int32_t)jpeg->image_height;
  if (jpeg->num_components != 1 && jpeg->num_components != 3 && jpeg->num_components != 4) {
    snprintf(base->message, CODEC_MESSAGE_LENGTH, "%d colour components", jpeg->num_components);
    return CODEC_UNSUPPORTED;
  }
  return CODEC_DONE;
}

/* Inverted inks, as Adobe's programs store them, to RGB in Pillow's 8-bit arithmetic. */
static void convert_inks(const uint8_t *inks, uint8_t *rgb, size_t width) {
  for (size_t x = 0; x < width; x++) {
    int light = inks[4 * x + 3];
    for (size_t c = 0; c < 3; c++) {
      int product = (255 - inks[4 * x + c]) * light + 128;
      int value = light - (((product >> 8) + product) >> 8);
      rgb[3 * x + c] = (uint8_t)(value < 0 ? 0 : value);
    }
  }
}

static CodecResult read_pixels(CodecReader *base, uint8_t *rgb) {
  JPEGReader *reader = (JPEGReader *)base;
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  if (setjmp(reader->jump)) return base->failure;
  size_t width = jpeg->image_width;
  bool inks = jpeg->num_components == 4;
  jpeg->out_color_space = inks ? JCS_CMYK : JCS_RGB;
  if (inks && !(reader->inks = malloc(4 * width))) {
    snprintf(base->message, CODEC_MESSAGE_LENGTH, "out of memory");
    return CODEC_MALFORMED;
  }
  if (!jpeg_start_decompress(jpeg)) return CODEC_TRUNCATED;
  while (jpeg->output_scanline < jpeg->output_height) {
    uint8_t *target = rgb + (size_t)jpeg->output_scanline * 3 * width;
    JSAMPROW row = inks ? reader->inks : target;
    if (jpeg_read_scanlines(jpeg, &row, 1) != 1) return CODEC_TRUNCATED;
    if (inks) convert_inks(reader->inks, target, width);
  }
  return CODEC_DONE;
}

static void close_reader(CodecReader *base) {
  JPEGReader *reader = (JPEGReader *)base;
  jpeg_destroy_decompress(&reader->jpeg);
  free(reader->inks);
  free(reader);
}

CodecReader *codec_open_jpeg(const uint8_t *bytes, size_t count, int32_t scan_limit) {
  JPEGReader *reader = calloc(1, sizeof(JPEGReader));
  if (!reader) abort();
  reader->base = (CodecReader){
      .read_header = read_header,
      .read_pixels = read_pixels,
      .close = close_reader,
      .bytes = bytes,
      .count = count,
  };
  reader->scan_limit = scan_limit;
  return &reader->base;
}

/* Encoding */

typedef struct JPEGWriter {
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_destination_mgr destination;
  jmp_buf jump;
  CodecOutput *output;
  size_t capacity;
} JPEGWriter;

static void writer_failed(j_common_ptr jpeg) {
  JPEGWriter *writer = jpeg->client_data;
  char text[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, text);
  snprintf(writer->output->message, CODEC_MESSAGE_LENGTH, "%s", text);
  longjmp(writer->jump, 1);
}

/* libjpeg-turbo's own memory destination loses its buffer when an error ends the compression. */
static void grow_output(JPEGWriter *writer) {
  size_t capacity = 2 * writer->capacity + 16384;
  uint8_t *grown = realloc(writer->output->bytes, capacity);
  if (!grown) ERREXIT1(&writer->jpeg, JERR_OUT_OF_MEMORY, 0);
  writer->destination.next_output_byte = grown + writer->capacity;
  writer->destination.free_in_buffer = capacity - writer->capacity;
  writer->output->bytes = grown;
  writer->capacity = capacity;
}

static void begin_output(j_compress_ptr jpeg) { grow_output(jpeg->client_data); }

static boolean output_full(j_compress_ptr jpeg) {
  grow_output(jpeg->client_data);
  return TRUE;
}

static void end_output(j_compress_ptr jpeg) {
  JPEGWriter *writer = jpeg->client_data;
  writer->output->count = writer->capacity - writer->destination.free_in_buffer;
}

static void compress(
    JPEGWriter *writer, const uint8_t *rgb, int32_t width, int32_t height, int32_t quality,
    bool subsampled, bool optimized, int32_t restart_rows) {
  struct jpeg_compress_struct *jpeg = &writer->jpeg;
  jpeg_create_compress(jpeg);
  jpeg->dest = &writer->destination;
  jpeg->image_width = (JDIMENSION)width;
  jpeg->image_height = (JDIMENSION)height;
  jpeg->input_components = 3;
  jpeg->in_color_space = JCS_RGB;
  jpeg_set_defaults(jpeg);
  jpeg_set_quality(jpeg, quality, TRUE);
  if (!subsampled) {
    jpeg->comp_info[0].h_samp_factor = 1;
    jpeg->comp_info[0].v_samp_factor = 1;
  }
  jpeg->optimize_coding = optimized ? TRUE : FALSE;
  jpeg->restart_in_rows = restart_rows;
  jpeg_start_compress(jpeg, TRUE);
  while (jpeg->next_scanline < jpeg->image_height) {
    JSAMPROW row = (JSAMPROW)(rgb + (size_t)jpeg->next_scanline * 3 * (size_t)width);
    jpeg_write_scanlines(jpeg, &row, 1);
  }
  jpeg_finish_compress(jpeg);
}

bool codec_encode_jpeg(
    const uint8_t *rgb, int32_t width, int32_t height, int32_t quality, bool subsampled,
    bool optimized, int32_t restart_rows, CodecOutput *output) {
  memset(output, 0, sizeof *output);
  JPEGWriter writer = {
      .destination =
          {
              .init_destination = begin_output,
              .empty_output_buffer = output_full,
              .term_destination = end_output,
          },
      .output = output,
  };
  writer.jpeg.err = jpeg_std_error(&writer.errors);
  writer.jpeg.client_data = &writer;
  writer.errors.error_exit = writer_failed;
  writer.errors.emit_message = warned;
  if (setjmp(writer.jump)) {
    jpeg_destroy_compress(&writer.jpeg);
    codec_free_output(output);
    return false;
  }
  compress(&writer, rgb, width, height, quality, subsampled, optimized, restart_rows);
  jpeg_destroy_compress(&writer.jpeg);
  return true;
}
