// The least that a WebSocket server can do, in C: one recv, one send. No limits, no fragments, no close handshake, and it
// knows the answer to one key only, the load generator's. What no server on this machine can be faster than.
//
//   climit PORT echo|bcast [uring]
//
// echo: unmasks in place, puts the shorter header in front, one send per read. bcast: the frame is made once, then one
// send per connection; with "uring" (when compiled with -DWITH_URING -luring) one batch of io_uring sends per message.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef WITH_URING
#include <liburing.h>
#endif

enum { EVENTS_MAX = 1024, READ_BYTES = 512 * 1024, URING_BATCH = 4096, MASK_BYTES = 4 };

struct connection {
    int fd, index;
    bool is_open, wants_out;
    char *in; // the beginning of a frame that has not come whole
    size_t in_bytes, in_capacity;
    char *out;
    size_t out_bytes, out_offset, out_capacity;
};

static struct connection **connections;
static int connection_count, connection_capacity, epoll_fd;
static bool is_broadcast, uses_uring;

// ---- writing ----

static void watch_out(struct connection *connection, bool wants_out) {
    if (connection->wants_out == wants_out) return;
    connection->wants_out = wants_out;
    struct epoll_event event = { EPOLLIN | (wants_out ? EPOLLOUT : 0), { .ptr = connection } };
    epoll_ctl(epoll_fd, EPOLL_CTL_MOD, connection->fd, &event);
}

static bool has_backlog(const struct connection *connection) { return connection->out_bytes != connection->out_offset; }

static void put(struct connection *connection, const char *bytes, size_t length) {
    if (!has_backlog(connection)) {
        connection->out_bytes = connection->out_offset = 0;
        ssize_t written = send(connection->fd, bytes, length, MSG_NOSIGNAL);
        if (written < 0 && errno != EAGAIN) return;
        if (written > 0) {
            bytes += written;
            length -= written;
        }
        if (!length) return;
    }
    if (connection->out_bytes + length > connection->out_capacity) {
        connection->out_capacity = (connection->out_bytes + length) * 2;
        connection->out = realloc(connection->out, connection->out_capacity);
    }
    memcpy(connection->out + connection->out_bytes, bytes, length);
    connection->out_bytes += length;
    watch_out(connection, true);
}

static void drain(struct connection *connection) {
    while (has_backlog(connection)) {
        const char *at = connection->out + connection->out_offset;
        ssize_t written = send(connection->fd, at, connection->out_bytes - connection->out_offset, MSG_NOSIGNAL);
        if (written < 0) return;
        connection->out_offset += written;
    }
    connection->out_bytes = connection->out_offset = 0;
    watch_out(connection, false);
}

#ifdef WITH_URING
static struct io_uring ring;

static void start_uring(void) {
    if (!io_uring_queue_init(URING_BATCH, &ring, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_COOP_TASKRUN)) return;
    perror("io_uring");
    exit(1);
}

/// Takes the results of a batch; what the sockets did not take is put the ordinary way.
static void finish_batch(int submitted, const char *bytes, size_t length) {
    struct io_uring_cqe *entry;
    unsigned head, seen = 0;
    io_uring_submit_and_wait(&ring, submitted);
    io_uring_for_each_cqe(&ring, head, entry) {
        size_t written = entry->res < 0 ? 0 : entry->res;
        if (written < length) put(io_uring_cqe_get_data(entry), bytes + written, length - written);
        seen++;
    }
    io_uring_cq_advance(&ring, seen);
}

static void put_to_all_by_uring(const char *bytes, size_t length) {
    for (int at = 0; at < connection_count;) {
        int submitted = 0;
        for (; at < connection_count && submitted < URING_BATCH; at++) {
            struct connection *connection = connections[at];
            if (has_backlog(connection)) {
                put(connection, bytes, length);
                continue;
            }
            struct io_uring_sqe *entry = io_uring_get_sqe(&ring);
            if (!entry) break;
            io_uring_prep_send(entry, connection->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
            io_uring_sqe_set_data(entry, connection);
            submitted++;
        }
        finish_batch(submitted, bytes, length);
    }
}
#else
static void start_uring(void) {
    fputs("compiled without io_uring\n", stderr);
    exit(1);
}

static void put_to_all_by_uring(const char *bytes, size_t length) { (void)bytes, (void)length; }
#endif

static void put_to_all(const char *bytes, size_t length) {
    if (uses_uring) put_to_all_by_uring(bytes, length);
    else for (int i = 0; i < connection_count; i++) put(connections[i], bytes, length);
}

// ---- reading ----

struct header {
    size_t bytes; // without the mask
    uint64_t length;
};

/// False when the header has not come whole.
static bool read_header(const uint8_t *frame, size_t available, struct header *header) {
    if (available < 2) return false;
    header->length = frame[1] & 127;
    header->bytes = header->length < 126 ? 2 : header->length == 126 ? 4 : 10;
    if (available < header->bytes + MASK_BYTES) return false;
    if (header->bytes > 2) header->length = 0;
    for (size_t i = 2; i < header->bytes; i++) header->length = header->length << 8 | frame[i];
    return true;
}

/// `to` lies at least four bytes before `from`, so going forwards is safe.
static void unmask(uint8_t *to, const uint8_t *from, uint64_t length, const uint8_t *mask) {
    uint32_t once;
    memcpy(&once, mask, MASK_BYTES);
    uint64_t twice = (uint64_t)once << 32 | once, i = 0;
    for (; i + 8 <= length; i += 8) {
        uint64_t word;
        memcpy(&word, from + i, 8);
        word ^= twice;
        memcpy(to + i, &word, 8);
    }
    for (; i < length; i++) to[i] = from[i] ^ ((uint8_t *)&once)[i & 3];
}

/// Returns how many bytes were used; the replies are made at the front of the same bytes.
static size_t take_frames(struct connection *connection, char *bytes, size_t length) {
    size_t used = 0, made = 0;
    struct header header;
    while (read_header((uint8_t *)bytes + used, length - used, &header)) {
        uint8_t *frame = (uint8_t *)bytes + used;
        size_t frame_bytes = header.bytes + MASK_BYTES + header.length;
        if (length - used < frame_bytes) break;
        uint8_t head[10], mask[MASK_BYTES];
        memcpy(head, frame, header.bytes);
        memcpy(mask, frame + header.bytes, MASK_BYTES);
        head[1] &= 127;
        char *reply = bytes + made;
        unmask((uint8_t *)reply + header.bytes, frame + header.bytes + MASK_BYTES, header.length, mask);
        memcpy(reply, head, header.bytes);
        used += frame_bytes;
        if (is_broadcast) put_to_all(reply, header.bytes + header.length);
        else made += header.bytes + header.length;
    }
    if (made) put(connection, bytes, made);
    return used;
}

static void open_connection(struct connection *connection) {
    static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                 "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    connection->is_open = true;
    if (connection_count == connection_capacity) {
        connection_capacity = connection_capacity ? connection_capacity * 2 : 1024;
        connections = realloc(connections, connection_capacity * sizeof *connections);
    }
    connection->index = connection_count;
    connections[connection_count++] = connection;
    put(connection, answer, sizeof answer - 1);
}

static void close_connection(struct connection *connection) {
    if (connection->is_open) {
        connections[connection->index] = connections[--connection_count];
        connections[connection->index]->index = connection->index;
    }
    close(connection->fd);
    free(connection->in);
    free(connection->out);
    free(connection);
}

/// Appends to the frame that has not come whole.
static void read_behind(struct connection *connection) {
    if (connection->in_capacity - connection->in_bytes < READ_BYTES) {
        connection->in_capacity = connection->in_bytes + 2 * READ_BYTES;
        connection->in = realloc(connection->in, connection->in_capacity);
    }
    ssize_t length = recv(connection->fd, connection->in + connection->in_bytes, READ_BYTES, 0);
    if (length < 0 && errno == EAGAIN) return;
    if (length <= 0) {
        close_connection(connection);
        return;
    }
    connection->in_bytes += length;
    size_t used = take_frames(connection, connection->in, connection->in_bytes);
    connection->in_bytes -= used;
    if (connection->in_bytes && used) memmove(connection->in, connection->in + used, connection->in_bytes);
    if (connection->in_bytes || connection->in_capacity <= 4 * READ_BYTES) return;
    free(connection->in);
    connection->in = NULL;
    connection->in_capacity = 0;
}

static void read_some(struct connection *connection) {
    static char bytes[READ_BYTES];
    if (connection->in_bytes) {
        read_behind(connection);
        return;
    }
    ssize_t length = recv(connection->fd, bytes, sizeof bytes, 0);
    if (length < 0 && errno == EAGAIN) return;
    if (length <= 0) {
        close_connection(connection);
        return;
    }
    if (!connection->is_open) {
        open_connection(connection);
        return;
    }
    size_t used = take_frames(connection, bytes, length);
    size_t left = length - used;
    if (!left) return;
    if (connection->in_capacity < left) {
        connection->in_capacity = left + 4096;
        connection->in = realloc(connection->in, connection->in_capacity);
    }
    memcpy(connection->in, bytes + used, left);
    connection->in_bytes = left;
}

// ---- listening ----

static void accept_all(int listener) {
    int one = 1;
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct connection *connection = calloc(1, sizeof *connection);
        connection->fd = fd;
        struct epoll_event event = { EPOLLIN, { .ptr = connection } };
        epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
    }
}

static int listen_on(int port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(0x7f000001) } };
    if (bind(listener, (void *)&address, sizeof address) || listen(listener, 4096)) {
        perror("listen");
        exit(1);
    }
    struct epoll_event event = { EPOLLIN, { .ptr = NULL } };
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &event);
    return listener;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fputs("usage: climit PORT echo|bcast [uring]\n", stderr);
        return 2;
    }
    is_broadcast = !strcmp(argv[2], "bcast");
    uses_uring = argc > 3 && !strcmp(argv[3], "uring");
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (uses_uring) start_uring();
    epoll_fd = epoll_create1(0);
    int listener = listen_on(atoi(argv[1]));
    for (;;) {
        static struct epoll_event events[EVENTS_MAX];
        int count = epoll_wait(epoll_fd, events, EVENTS_MAX, -1);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!connection) {
                accept_all(listener);
                continue;
            }
            if (events[i].events & EPOLLOUT) drain(connection);
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_some(connection);
        }
    }
}
