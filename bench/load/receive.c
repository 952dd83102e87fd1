// See receive.h. Frames come in pieces; a piece is compared with what is expected as it comes, without being kept.
#include "receive.h"
#include <stdbool.h>
#include <string.h>
#include "broadcast.h"
#include "connection.h"
#include "echo.h"
#include "failure.h"
#include "frame.h"
#include "options.h"

enum { DEFLATED_BYTES_MAX = 128 * 1024, SOCKETIO_CONTROL_MAX = 7 };

uint64_t read_ns, payload_bytes, pings_answered;

static bool is_data(const struct connection *connection) {
    if (connection->opcode != message_opcode() || connection->state != STATE_READY) return false;
    if (options.protocol == PROTOCOL_SOCKETIO && connection->length <= SOCKETIO_CONTROL_MAX) return false;
    return connection->length > 0;
}

/// Takes what is there of a header; false: there is more to come.
static bool take_header(struct connection *connection, const uint8_t **bytes, size_t *length) {
    while (connection->header_bytes < connection->header_wanted) {
        size_t taken = connection->header_wanted - connection->header_bytes;
        if (taken > *length) taken = *length;
        memcpy(connection->header + connection->header_bytes, *bytes, taken);
        connection->header_bytes += taken;
        *bytes += taken;
        *length -= taken;
        if (connection->header_bytes < connection->header_wanted) return false;
        if (connection->header_wanted > 2) break;
        uint8_t short_length = connection->header[1] & 127;
        if (short_length >= 126) connection->header_wanted = short_length == 126 ? 4 : 10;
    }
    return true;
}

static void begin_frame(struct connection *connection) {
    uint8_t first_byte = connection->header[0];
    if (connection->header[1] & 128) bad("a masked frame from the server");
    connection->length = connection->header[1] & 127;
    if (connection->header_wanted > 2) connection->length = 0;
    for (int i = 2; i < connection->header_wanted; i++) {
        connection->length = connection->length << 8 | connection->header[i];
    }
    connection->opcode = first_byte & 15;
    connection->is_compressed = first_byte & RSV1;
    connection->offset = connection->control_bytes = connection->deflated_bytes = 0;
    if ((first_byte & 0xb0) != FIN) bad("FIN or reserved bits: first byte %02x", first_byte);
    if (connection->is_compressed && !options.deflate) bad("a compressed frame that was not negotiated");
}

static void keep_control(struct connection *connection, const uint8_t *bytes, size_t length) {
    if (connection->control_bytes + length > sizeof connection->control) {
        // While a Socket.IO connection opens, its packets may be longer than what matters of them.
        if (connection->state == STATE_READY)
            bad("unexpected frame %02x of %lu bytes", connection->header[0], connection->length);
        return;
    }
    memcpy(connection->control + connection->control_bytes, bytes, length);
    connection->control_bytes += length;
}

static void keep_deflated(struct connection *connection, const uint8_t *bytes, size_t length) {
    if (!connection->inflater) return;
    if (connection->deflated_bytes + length > DEFLATED_BYTES_MAX) {
        bad("a compressed message of more than %d bytes", DEFLATED_BYTES_MAX);
        return;
    }
    memcpy(connection->deflated + connection->deflated_bytes, bytes, length);
    connection->deflated_bytes += length;
}

static void take_payload(struct connection *connection, const uint8_t *bytes, size_t length) {
    if (!is_data(connection)) keep_control(connection, bytes, length);
    else if (connection->is_compressed) keep_deflated(connection, bytes, length);
    else if (options.mode == MODE_BROADCAST) take_broadcast_piece(connection, bytes, length);
    else take_echo_piece(connection, bytes, length);
}

/// Inflates the message of a sampled connection; returns its length.
static size_t inflate_message(struct connection *connection, uint8_t *out, size_t capacity) {
    static uint8_t tail[4] = { 0, 0, 0xff, 0xff };
    z_stream *inflater = connection->inflater;
    inflater->next_out = out;
    inflater->avail_out = capacity;
    inflater->next_in = connection->deflated;
    inflater->avail_in = connection->deflated_bytes;
    int result = inflate(inflater, Z_SYNC_FLUSH);
    if (result == Z_STREAM_END) {
        inflateReset(inflater);
    } else if (result == Z_OK || result == Z_BUF_ERROR) {
        inflater->next_in = tail;
        inflater->avail_in = sizeof tail;
        result = inflate(inflater, Z_SYNC_FLUSH);
        if (result != Z_OK && result != Z_BUF_ERROR) bad("inflating the tail: %d", result);
    } else {
        bad("inflating: %d", result);
    }
    return capacity - inflater->avail_out;
}

static void end_message(struct connection *connection) {
    static uint8_t inflated[DEFLATED_BYTES_MAX];
    const uint8_t *message = NULL;
    size_t length = 0;
    if (connection->is_compressed && connection->inflater) {
        message = inflated;
        length = inflate_message(connection, inflated, sizeof inflated);
    }
    if (options.mode == MODE_BROADCAST) end_broadcast_message(connection, message, length);
    else end_echo_message(connection, message, length);
}

static void end_socketio_packet(struct connection *connection) {
    const uint8_t *packet = connection->control;
    if (connection->state == STATE_SOCKETIO_OPEN && packet[0] == '0') {
        connection->state = STATE_SOCKETIO_CONNECT;
        queue_small_frame(connection, OPCODE_TEXT, "40", 2);
    } else if (connection->state == STATE_SOCKETIO_CONNECT && packet[0] == '4' && packet[1] == '0') {
        become_ready(connection);
    } else if (connection->control_bytes == 1 && packet[0] == '2') {
        pings_answered++;
        queue_small_frame(connection, OPCODE_TEXT, "3", 1);
    } else {
        bad("unexpected Socket.IO packet");
    }
}

static void end_frame(struct connection *connection) {
    const uint8_t *control = connection->control;
    if (is_data(connection)) {
        end_message(connection);
    } else if (connection->opcode == OPCODE_PING) {
        pings_answered++;
        queue_small_frame(connection, OPCODE_PONG, control, connection->control_bytes);
    } else if (connection->opcode == OPCODE_CLOSE) {
        bad("close frame %d", connection->control_bytes >= 2 ? control[0] << 8 | control[1] : 0);
    } else if (options.protocol == PROTOCOL_SOCKETIO && connection->opcode == OPCODE_TEXT) {
        end_socketio_packet(connection);
    } else {
        bad("unexpected frame %02x", connection->header[0]);
    }
}

void take_bytes(struct connection *connection, const uint8_t *bytes, size_t length) {
    while (length > 0) {
        if (connection->header_bytes < connection->header_wanted) {
            if (!take_header(connection, &bytes, &length)) break;
            begin_frame(connection);
        }
        size_t taken = connection->length - connection->offset;
        if (taken > length) taken = length;
        take_payload(connection, bytes, taken);
        bytes += taken;
        length -= taken;
        connection->offset += taken;
        payload_bytes += taken;
        if (connection->offset < connection->length) break;
        connection->header_bytes = 0;
        connection->header_wanted = 2;
        end_frame(connection);
    }
    if (options.mode == MODE_ECHO) answer_echoes(connection);
}
