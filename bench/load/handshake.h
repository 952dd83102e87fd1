// The opening handshake of a client, with one fixed key; the answer is checked.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct connection;

void send_request(struct connection *connection);
/// Takes what came of the answer; frames right behind it are read at once.
void take_answer(struct connection *connection, const uint8_t *bytes, size_t length);
