// Everything that an echoing connection will ever send, built and masked beforehand: the frames of some variants of the
// message, laid out one behind the other and repeated for ever. Any number of messages in a row is one write.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// With `keeps_history` messages are deflated on top of those before them, so every connection must begin at message 0.
void build_echo_stream(bool keeps_history, int window_bits);

/// Where the message with this number begins, in bytes.
uint64_t stream_position(uint64_t message);

/// What follows at this position without a gap: its length, `max` at most, and where it is.
size_t stream_slice(uint64_t position, uint64_t max, const uint8_t **bytes);

/// The payload that comes back for the message with this number.
const uint8_t *stream_payload(uint64_t message, size_t *length);

/// The message at which this connection begins: each at another one, where that is possible.
uint64_t stream_start(uint32_t connection);
