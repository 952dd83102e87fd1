// See handshake.h.
#define _GNU_SOURCE
#include "handshake.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "connection.h"
#include "failure.h"
#include "options.h"
#include "receive.h"

// Key and answer are those of RFC 6455 section 1.3.
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
#define OFFER "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"

enum { ANSWER_BYTES_MAX = 2047 };

struct agreement agreement = { .client_window_bits = 15 };

void send_request(struct connection *connection) {
    char request[512];
    int length = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: " KEY "\r\nSec-WebSocket-Version: 13\r\n%s\r\n",
        options.path, options.host, options.port, options.deflate ? OFFER : "");
    queue_bytes(connection, request, length);
    flush_connection(connection);
}

static void note_extension(const char *header) {
    const char *extension = header ? strstr(header, "permessage-deflate") : NULL;
    if (!extension) return;
    if (!options.deflate) bad("the server chose an extension that was not offered");
    if (agreement.deflating++) return;
    char *kept = agreement.extension;
    snprintf(kept, sizeof agreement.extension, "%.*s", (int)strcspn(extension, "\r\n"), extension);
    agreement.is_client_without_history = strstr(kept, "client_no_context_takeover") != NULL;
    const char *bits = strstr(kept, "client_max_window_bits=");
    if (bits) agreement.client_window_bits = atoi(bits + strlen("client_max_window_bits="));
}

static void check_head(const char *head) {
    if (strncmp(head, "HTTP/1.1 101", 12)) die("handshake: %.60s", head);
    const char *accept = strcasestr(head, "Sec-WebSocket-Accept:");
    if (!accept || !strstr(accept, ACCEPT)) die("handshake: wrong Sec-WebSocket-Accept");
    note_extension(strcasestr(head, "Sec-WebSocket-Extensions:"));
}

void take_answer(struct connection *connection, const uint8_t *bytes, size_t length) {
    if (!connection->answer) connection->answer = malloc(ANSWER_BYTES_MAX + 1);
    // Frames may stand behind the head; only the head has to fit.
    size_t taken = ANSWER_BYTES_MAX - connection->answer_bytes;
    if (taken > length) taken = length;
    memcpy(connection->answer + connection->answer_bytes, bytes, taken);
    int before = connection->answer_bytes;
    connection->answer_bytes += taken;
    connection->answer[connection->answer_bytes] = 0;
    char *end = memmem(connection->answer, connection->answer_bytes, "\r\n\r\n", 4);
    if (!end) {
        if (connection->answer_bytes == ANSWER_BYTES_MAX) die("the answer to the handshake is too long");
        return;
    }
    size_t head_bytes = end + 4 - connection->answer;
    end[2] = 0;
    check_head(connection->answer);
    free(connection->answer);
    connection->answer = NULL;
    connection->answer_bytes = 0;
    // A Socket.IO connection is there only when its namespace has answered.
    if (options.protocol == PROTOCOL_SOCKETIO) connection->state = STATE_SOCKETIO_OPEN;
    else become_ready(connection);
    size_t used = head_bytes - before;
    if (used < length) take_bytes(connection, bytes + used, length - used);
}
