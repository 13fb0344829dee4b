#include "Reader.h"

#include <stdlib.h>

CodecResult codec_read_header(CodecReader *reader, int32_t *width, int32_t *height) {
  return reader->read_header(reader, width, height);
}

CodecResult codec_read_pixels(CodecReader *reader, uint8_t *rgb) {
  return reader->read_pixels(reader, rgb);
}

const char *codec_message(const CodecReader *reader) { return reader->message; }

void codec_close(CodecReader *reader) { reader->close(reader); }

void codec_free_output(CodecOutput *output) {
  free(output->bytes);
  output->bytes = NULL;
  output->count = 0;
}

const char *codec_output_message(const CodecOutput *output) { return output->message; }
