// See broadcast.h. Every message carries 12 hex digits: its publisher and its number.
#include "broadcast.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "connection.h"
#include "failure.h"
#include "frame.h"
#include "measurement.h"
#include "options.h"
#include "receive.h"

enum { RING = 4096, NUMBER_BYTES = 12 };

struct flight {
    uint64_t sent_ns;
    int receipts;
};

struct publisher {
    uint32_t next;
    uint32_t in_flight;
    bool has_own; // its own copy of its last message is back
    struct flight ring[RING];
};

static struct publisher *publishers;
static struct payload payload;
static uint8_t *frame;
static size_t frame_bytes, frame_header;
static int receivers;
static bool has_begun;
static const uint8_t MASK[4] = { 0x1b, 0xc3, 0x5a, 0x97 };

void prepare_broadcast(void) {
    payload = make_payload(options.size);
    frame = malloc(payload.length + HEADER_BYTES_MAX);
    const uint8_t *mask = options.protocol == PROTOCOL_RAW ? NULL : MASK;
    frame_bytes = put_frame(frame, FIN | message_opcode(), payload.bytes, payload.length, mask);
    frame_header = frame_bytes - payload.length;
    publishers = calloc(options.publishers, sizeof *publishers);
    for (int i = 0; i < options.connections; i++) receivers += !connections[i].is_slow;
}

static uint32_t connection_of(uint32_t publisher) { return publisher * (options.connections / options.publishers); }

static void publish(uint32_t index, uint64_t ns) {
    struct publisher *publisher = &publishers[index];
    if (publisher->in_flight >= RING) {
        bad("publisher %u has more than %d messages in flight", index, RING);
        return;
    }
    uint32_t number = publisher->next++;
    publisher->ring[number % RING] = (struct flight){ .sent_ns = ns };
    publisher->in_flight++;
    publisher->has_own = false;
    char text[NUMBER_BYTES + 1];
    snprintf(text, sizeof text, "%04x%08x", index & 0xffff, number);
    for (size_t i = 0; i < NUMBER_BYTES; i++) {
        uint8_t mask = options.protocol == PROTOCOL_RAW ? 0 : MASK[(payload.hole + i) & 3];
        frame[frame_header + payload.hole + i] = text[i] ^ mask;
    }
    struct connection *connection = &connections[connection_of(index)];
    queue_bytes(connection, frame, frame_bytes);
    flush_connection(connection);
}

void begin_broadcast(void) {
    has_begun = true;
    if (options.rate > 0) return;
    for (int i = 0; i < options.publishers; i++) publish(i, now_ns());
}

uint64_t publish_due(uint64_t now) {
    static uint64_t next_ns;
    static int turn;
    if (options.rate <= 0 || !has_begun) return UINT64_MAX;
    uint64_t step = 1e9 / options.rate;
    if (!next_ns) next_ns = now;
    // A message that is late counts from when it was due.
    for (; next_ns <= now; next_ns += step) {
        publish(turn, next_ns);
        turn = (turn + 1) % options.publishers;
    }
    return next_ns - now;
}

uint64_t broadcasts_in_flight(void) {
    uint64_t sum = 0;
    for (int i = 0; i < options.publishers; i++) sum += publishers[i].in_flight;
    return sum;
}

int slow_connections_cut(void) {
    int cut = 0;
    for (int i = 0; i < options.connections; i++) cut += connections[i].is_slow && !is_alive(&connections[i]);
    return cut;
}

// ---- receiving ----

/// Everything but the number is the same in each message.
static bool is_template(const uint8_t *message) {
    size_t after = payload.hole + NUMBER_BYTES;
    return !memcmp(message, payload.bytes, payload.hole) &&
           !memcmp(message + after, payload.bytes + after, payload.length - after);
}

void take_broadcast_piece(struct connection *connection, const uint8_t *bytes, size_t length) {
    if (connection->length != payload.length) {
        bad("length %lu instead of %zu", connection->length, payload.length);
        return;
    }
    if (length == payload.length) {
        if (!is_template(bytes)) bad("a payload differs");
        memcpy(connection->control, bytes + payload.hole, NUMBER_BYTES);
        return;
    }
    for (size_t i = 0; i < length; i++) {
        size_t at = connection->offset + i;
        if (at >= payload.hole && at < payload.hole + NUMBER_BYTES) {
            connection->control[at - payload.hole] = bytes[i];
        } else if (bytes[i] != payload.bytes[at]) {
            bad("a payload differs at byte %zu", at);
            return;
        }
    }
}

static uint32_t read_hex(const uint8_t *digits, int count) {
    uint32_t value = 0;
    for (int i = 0; i < count; i++) {
        uint8_t digit = digits[i];
        value = value << 4 | (digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10);
    }
    return value;
}

static void publish_next(uint32_t index) {
    struct publisher *publisher = &publishers[index];
    if (measurement.is_over || options.rate > 0) return;
    if (publisher->has_own && publisher->in_flight < (uint32_t)options.window) publish(index, now_ns());
}

static void count_receipt(struct connection *connection, uint32_t index, uint32_t number) {
    if (index >= (uint32_t)options.publishers) {
        bad("there is no publisher %u", index);
        return;
    }
    uint32_t *expected = &connection->expected[index];
    if (*expected != number) bad("connection %u got %u of %u instead of %u", connection->index, number, index, *expected);
    *expected = number + 1;
    struct publisher *publisher = &publishers[index];
    struct flight *flight = &publisher->ring[number % RING];
    uint64_t ns = read_ns - flight->sent_ns;
    if (measurement.is_running) {
        record(&measurement.each, ns);
        measurement.deliveries++;
    }
    bool is_own = connection->index == connection_of(index);
    if (is_own) publisher->has_own = true;
    bool is_last = ++flight->receipts == receivers;
    if (is_last) {
        publisher->in_flight--;
        if (measurement.is_running) {
            record(&measurement.last, ns);
            measurement.messages++;
        }
    }
    if (is_own || is_last) publish_next(index);
}

void end_broadcast_message(struct connection *connection, const uint8_t *message, size_t length) {
    if (!connection->is_compressed) {
        count_receipt(connection, read_hex(connection->control, 4), read_hex(connection->control + 4, 8));
        return;
    }
    // Compressed there is one publisher; who does not inflate takes it that the next message has come.
    uint32_t number = connection->expected[0];
    if (message) {
        bool is_right = length == payload.length && is_template(message);
        if (is_right) is_right = read_hex(message + payload.hole + 4, 8) == number;
        if (!is_right) bad("inflated message %u differs (%zu bytes)", number, length);
    }
    count_receipt(connection, 0, number);
}
