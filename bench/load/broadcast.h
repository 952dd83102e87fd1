// The broadcast: publishers send, and everybody who reads must get each message, in each publisher's order.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct connection;

void prepare_broadcast(void);
/// Sends the first message of every publisher; with a fixed rate, starts its clock.
void begin_broadcast(void);
/// Publishes what is due at a fixed rate; returns in how many nanoseconds the next is. UINT64_MAX: there is no rate.
uint64_t publish_due(uint64_t now);
/// Messages that are not at all their receivers.
uint64_t broadcasts_in_flight(void);
/// Connections that do not read and that the server has ended.
int slow_connections_cut(void);

void take_broadcast_piece(struct connection *connection, const uint8_t *bytes, size_t length);
void end_broadcast_message(struct connection *connection, const uint8_t *message, size_t length);
