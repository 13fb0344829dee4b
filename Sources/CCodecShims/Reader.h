/* What the two readers share: a record that begins with this one, and its three functions. */
#pragma once
#include "CCodecShims.h"

struct CodecReader {
  CodecResult (*read_header)(CodecReader *, int32_t *, int32_t *);
  CodecResult (*read_pixels)(CodecReader *, uint8_t *);
  void (*close)(CodecReader *);
  const uint8_t *bytes; /* not yet read */
  size_t count;
  CodecResult failure; /* set before a longjmp */
  char message[CODEC_MESSAGE_LENGTH];
};
