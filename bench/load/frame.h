// Frames as bytes (RFC 6455 section 5.2), and what stands in the messages of this program.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OPCODE_CONTINUATION = 0, OPCODE_TEXT = 1, OPCODE_BINARY = 2, OPCODE_CLOSE = 8, OPCODE_PING = 9, OPCODE_PONG = 10 };
enum { FIN = 0x80, RSV1 = 0x40, HEADER_BYTES_MAX = 14 };

/// Pseudo-random and the same in every run, so that runs compare.
uint32_t next_random(void);

/// The opcode of this run's messages.
uint8_t message_opcode(void);

/// Writes a frame and returns its length; `mask` NULL: not masked.
size_t put_frame(uint8_t *at, uint8_t first_byte, const uint8_t *payload, size_t length, const uint8_t *mask);

struct payload {
    uint8_t *bytes;
    size_t length;
    size_t hole; // where the 12 bytes of a broadcast's number go
};

/// A message with content of `size` bytes, plus what Socket.IO wraps around it.
struct payload make_payload(size_t size);
