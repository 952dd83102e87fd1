// One client connection: its socket, what waits to be written, what has been read of a frame. Opens, shakes hands, writes.
// What frames mean is in receive.c; what is sent and when, in echo.c and broadcast.c.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>
#include "histogram.h"

enum state { STATE_CONNECTING, STATE_HANDSHAKE, STATE_SOCKETIO_OPEN, STATE_SOCKETIO_CONNECT, STATE_READY };

struct connection {
    int fd;
    uint32_t index;
    enum state state;
    bool wants_out;
    bool is_slow; // broadcast: stops reading once it is ready
    uint64_t opened_ns;

    // The frame that is being received.
    uint8_t header[16];
    uint8_t header_bytes, header_wanted;
    uint8_t opcode;
    bool is_compressed;
    uint64_t length, offset;
    uint8_t control[128]; // payloads of control frames and of Socket.IO's own packets; a broadcast's number
    size_t control_bytes;

    // Some connections of a compressed run inflate what comes, and check it.
    z_stream *inflater;
    uint8_t *deflated;
    size_t deflated_bytes;

    // Echo: where it is in the stream, in bytes and in messages, and when those in flight were sent.
    uint64_t written, to_write;
    uint64_t sent, received;
    uint64_t *sent_ns;

    // Broadcast: the next number expected of each publisher.
    uint32_t *expected;

    // Everything else that waits to be written.
    uint8_t *out;
    size_t out_bytes, out_offset, out_capacity;

    char *answer; // to the handshake, as far as it has come
    int answer_bytes;
};

/// What the answers to the handshakes agreed on.
struct agreement {
    int deflating; // connections
    bool is_client_without_history;
    int client_window_bits;
    char extension[160]; // as the first of them had it
};

extern struct connection *connections;
extern int connections_opened, connections_ready, handshakes;
extern struct agreement agreement;
extern struct histogram handshake_times;

void make_connections(void);
void open_connection(struct connection *connection);

/// Waits for events, at most so long, and handles them.
void poll_events(uint64_t ns);

void queue_bytes(struct connection *connection, const void *bytes, size_t length);
void queue_small_frame(struct connection *connection, uint8_t opcode, const void *payload, size_t length);
/// Writes what waits, as far as the socket takes it.
void flush_connection(struct connection *connection);
void become_ready(struct connection *connection);

/// Whether TCP is still up: a connection that does not read would not notice otherwise.
bool is_alive(const struct connection *connection);
