// See echo.h.
#include "echo.h"
#include <string.h>
#include "connection.h"
#include "echo-stream.h"
#include "failure.h"
#include "measurement.h"
#include "options.h"
#include "receive.h"

uint64_t echoes_in_flight;
static int answers_due;

void prepare_echo(void) {
    build_echo_stream(options.deflate && !agreement.is_client_without_history, agreement.client_window_bits);
    for (int i = 0; i < options.connections; i++) {
        struct connection *connection = &connections[i];
        connection->sent = connection->received = stream_start(i);
        connection->written = connection->to_write = stream_position(connection->sent);
    }
}

void send_echoes(struct connection *connection, int count) {
    for (int i = 0; i < count; i++) {
        connection->sent_ns[connection->sent % options.depth] = read_ns;
        connection->sent++;
    }
    connection->to_write = stream_position(connection->sent);
    echoes_in_flight += count;
    flush_connection(connection);
}

void answer_echoes(struct connection *connection) {
    int count = answers_due;
    answers_due = 0;
    if (count > 0 && !measurement.is_over) send_echoes(connection, count);
}

void take_echo_piece(struct connection *connection, const uint8_t *bytes, size_t length) {
    size_t expected_length;
    const uint8_t *expected = stream_payload(connection->received, &expected_length);
    if (connection->length != expected_length) bad("length %lu instead of %zu", connection->length, expected_length);
    else if (memcmp(bytes, expected + connection->offset, length)) bad("message %lu differs", connection->received);
}

void end_echo_message(struct connection *connection, const uint8_t *message, size_t length) {
    size_t expected_length;
    const uint8_t *expected = stream_payload(connection->received, &expected_length);
    if (message && (length != expected_length || memcmp(message, expected, length)))
        bad("inflated message %lu differs (%zu bytes)", connection->received, length);
    if (connection->received == connection->sent) bad("a message that was not sent came back");
    if (measurement.is_running) {
        record(&measurement.each, read_ns - connection->sent_ns[connection->received % options.depth]);
        measurement.messages++;
    }
    connection->received++;
    echoes_in_flight--;
    answers_due++;
}
