// See connection.h. Everything is one epoll loop in one thread.
#define _GNU_SOURCE
#include "connection.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "echo-stream.h"
#include "failure.h"
#include "frame.h"
#include "handshake.h"
#include "options.h"
#include "receive.h"

enum { EVENTS_MAX = 1024, READ_BYTES = 256 * 1024, DEFLATED_BYTES_MAX = 128 * 1024, SLOW_RECEIVE_BYTES = 4096 };

struct connection *connections;
int connections_opened, connections_ready, handshakes;
struct histogram handshake_times;
static int epoll_fd;

static bool is_publisher(int index) {
    int apart = options.connections / options.publishers;
    return index % apart == 0 && index / apart < options.publishers;
}

/// The last of every so many, so that they are spread over the server's list.
static bool is_slow(int index) {
    if (!options.slow_percent) return false;
    int apart = 100 / options.slow_percent;
    return index % apart == apart - 1 && !is_publisher(index);
}

static void give_inflater(struct connection *connection) {
    connection->inflater = calloc(1, sizeof *connection->inflater);
    inflateInit2(connection->inflater, -15);
    connection->deflated = malloc(DEFLATED_BYTES_MAX);
}

void make_connections(void) {
    epoll_fd = epoll_create1(0);
    connections = calloc(options.connections, sizeof *connections);
    for (int i = 0; i < options.connections; i++) {
        struct connection *connection = &connections[i];
        connection->index = i;
        connection->sent_ns = calloc(options.depth, sizeof(uint64_t));
        if (options.deflate && (i == 0 || i == options.connections / 2)) give_inflater(connection);
        if (options.mode != MODE_BROADCAST) continue;
        connection->expected = calloc(options.publishers, sizeof(uint32_t));
        connection->is_slow = is_slow(i);
    }
}

static void bind_source(int fd, uint32_t index) {
    int one = 1;
    struct sockaddr_in source = { .sin_family = AF_INET };
    source.sin_addr.s_addr = htonl(0x7f000002 + index % options.source_addresses);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(fd, (void *)&source, sizeof source)) die("bind: %s", strerror(errno));
}

void open_connection(struct connection *connection) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    if (fd < 0) die("socket: %s", strerror(errno));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connection->is_slow) {
        int bytes = SLOW_RECEIVE_BYTES;
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    }
    if (options.source_addresses > 1) bind_source(fd, connection->index);
    struct sockaddr_in target = { .sin_family = AF_INET, .sin_port = htons(options.port) };
    inet_pton(AF_INET, options.host, &target.sin_addr);
    if (connect(fd, (void *)&target, sizeof target) && errno != EINPROGRESS) die("connect: %s", strerror(errno));
    connection->fd = fd;
    connection->state = STATE_CONNECTING;
    connection->header_bytes = 0;
    connection->header_wanted = 2;
    connection->length = connection->offset = 0;
    connection->out_bytes = connection->out_offset = 0;
    connection->answer_bytes = 0;
    connection->wants_out = true;
    connection->opened_ns = now_ns();
    connections_opened++;
    struct epoll_event event = { .events = EPOLLIN | EPOLLOUT, .data.ptr = connection };
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event)) die("epoll_ctl: %s", strerror(errno));
}

/// After the result was measured: the socket goes without TIME_WAIT, so that ports do not run out.
static void reopen(struct connection *connection) {
    struct linger reset = { 1, 0 };
    setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(connection->fd);
    open_connection(connection);
}

void become_ready(struct connection *connection) {
    connection->state = STATE_READY;
    connections_ready++;
    handshakes++;
    record(&handshake_times, now_ns() - connection->opened_ns);
    if (connection->is_slow) epoll_ctl(epoll_fd, EPOLL_CTL_DEL, connection->fd, NULL);
}

bool is_alive(const struct connection *connection) {
    struct tcp_info info;
    socklen_t length = sizeof info;
    if (getsockopt(connection->fd, IPPROTO_TCP, TCP_INFO, &info, &length)) return false;
    return info.tcpi_state == TCP_ESTABLISHED;
}

// ---- writing ----

static void watch_out(struct connection *connection, bool wants_out) {
    if (connection->wants_out == wants_out) return;
    connection->wants_out = wants_out;
    struct epoll_event event = { .events = EPOLLIN | (wants_out ? EPOLLOUT : 0), .data.ptr = connection };
    epoll_ctl(epoll_fd, EPOLL_CTL_MOD, connection->fd, &event);
}

/// How much the socket took; 0 when it is full, or gone.
static size_t write_some(struct connection *connection, const void *bytes, size_t length) {
    ssize_t written = send(connection->fd, bytes, length, MSG_NOSIGNAL);
    if (written > 0) return written;
    if (errno == EAGAIN) watch_out(connection, true);
    else bad("send: %s", strerror(errno));
    return 0;
}

void flush_connection(struct connection *connection) {
    while (connection->out_offset < connection->out_bytes) {
        const uint8_t *at = connection->out + connection->out_offset;
        size_t written = write_some(connection, at, connection->out_bytes - connection->out_offset);
        if (!written) return;
        connection->out_offset += written;
    }
    connection->out_offset = connection->out_bytes = 0;
    while (connection->written < connection->to_write) {
        const uint8_t *at;
        size_t length = stream_slice(connection->written, connection->to_write - connection->written, &at);
        size_t written = write_some(connection, at, length);
        if (!written) return;
        connection->written += written;
    }
    watch_out(connection, false);
}

void queue_bytes(struct connection *connection, const void *bytes, size_t length) {
    if (connection->out_bytes + length > connection->out_capacity) {
        connection->out_capacity = (connection->out_bytes + length) * 2;
        connection->out = realloc(connection->out, connection->out_capacity);
    }
    memcpy(connection->out + connection->out_bytes, bytes, length);
    connection->out_bytes += length;
}

void queue_small_frame(struct connection *connection, uint8_t opcode, const void *payload, size_t length) {
    static const uint8_t mask[4] = { 0x1b, 0xc3, 0x5a, 0x97 };
    uint8_t frame[sizeof connection->control + HEADER_BYTES_MAX];
    queue_bytes(connection, frame, put_frame(frame, FIN | opcode, payload, length, mask));
    flush_connection(connection);
}

// ---- events ----

static void begin_handshake(struct connection *connection) {
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error) die("connect: %s", strerror(error));
    if (options.protocol == PROTOCOL_RAW) {
        watch_out(connection, false);
        become_ready(connection);
        return;
    }
    connection->state = STATE_HANDSHAKE;
    send_request(connection);
}

static void read_some(struct connection *connection) {
    static uint8_t bytes[READ_BYTES];
    ssize_t length = recv(connection->fd, bytes, sizeof bytes, 0);
    if (length < 0 && errno == EAGAIN) return;
    if (length <= 0) {
        const char *why = length ? strerror(errno) : "end of stream";
        die("connection %u closed by server after %lu messages: %s", connection->index, connection->received, why);
    }
    read_ns = now_ns();
    if (connection->state == STATE_HANDSHAKE) take_answer(connection, bytes, length);
    else take_bytes(connection, bytes, length);
    if (options.mode == MODE_CONNECT && connection->state == STATE_READY) reopen(connection);
}

static void handle(const struct epoll_event *event) {
    struct connection *connection = event->data.ptr;
    if (connection->state == STATE_CONNECTING) {
        if (event->events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) begin_handshake(connection);
        return;
    }
    if (event->events & EPOLLOUT) flush_connection(connection);
    if (event->events & (EPOLLIN | EPOLLERR | EPOLLHUP)) read_some(connection);
}

void poll_events(uint64_t ns) {
    static struct epoll_event events[EVENTS_MAX];
    struct timespec time = { ns / 1000000000ull, ns % 1000000000ull };
    int count = epoll_pwait2(epoll_fd, events, EVENTS_MAX, &time, NULL);
    if (count < 0 && errno != EINTR) die("epoll_wait: %s", strerror(errno));
    for (int i = 0; i < count; i++) handle(&events[i]);
}
