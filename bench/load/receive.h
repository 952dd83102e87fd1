// Reads the frames that come back and checks every one of them: header, length, payload, order.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct connection;

/// When the bytes that are being taken were read.
extern uint64_t read_ns;
/// Payload bytes of all connections, ever.
extern uint64_t payload_bytes;
/// Pings and Socket.IO's own ones that were answered.
extern uint64_t pings_answered;

void take_bytes(struct connection *connection, const uint8_t *bytes, size_t length);
