// The echo: every connection keeps so many messages in flight and sends the next when one is back.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct connection;

/// Messages of all connections that are not back yet.
extern uint64_t echoes_in_flight;

/// Builds what will be sent; only once the handshakes have told what was agreed on.
void prepare_echo(void);
void send_echoes(struct connection *connection, int count);
/// Sends as many as have come since the last call.
void answer_echoes(struct connection *connection);

void take_echo_piece(struct connection *connection, const uint8_t *bytes, size_t length);
/// `message` where it had to be inflated, and NULL where it has been compared already, or cannot be.
void end_echo_message(struct connection *connection, const uint8_t *message, size_t length);
