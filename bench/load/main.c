// The load generator for WebSocket servers: one thread, one epoll loop. This file runs a mode and prints its result, one
// JSON object; the exit status is 1 if anything was wrong. README.md says what is measured, options.c how it is asked for.
//
//   load echo    -p PORT -c CONNECTIONS -s BYTES -d IN_FLIGHT -t SECONDS
//   load bcast   -p PORT -c CONNECTIONS -s BYTES -P PUBLISHERS [-R MESSAGES_PER_SECOND] -t SECONDS
//   load connect -p PORT -c AT_ONCE -t SECONDS       (handshakes, each connection closed at once)
//   load idle    -p PORT -c CONNECTIONS --pid PID    (memory per idle connection)
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include "broadcast.h"
#include "connection.h"
#include "echo.h"
#include "failure.h"
#include "measurement.h"
#include "options.h"
#include "receive.h"

static const uint64_t SECOND_NS = 1000000000ull;
static const uint64_t TURN_NS_MAX = 100000000ull;
enum { CONNECT_SECONDS_MAX = 60, LAST_SECONDS_MAX = 20, IDLE_SECONDS = 3, SPARE_FILES = 20 };

/// What one stretch of time cost.
struct stretch {
    double seconds, server_cpu, own_cpu;
    uint64_t payload_bytes;
};

static void raise_file_limit(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if ((unsigned long)options.connections + SPARE_FILES > limit.rlim_cur)
        die("needs ulimit -n %d", options.connections + SPARE_FILES);
}

static void run_for(double seconds) {
    uint64_t end = now_ns() + seconds * SECOND_NS;
    for (uint64_t now; (now = now_ns()) < end;) {
        uint64_t wait = end - now;
        if (options.mode == MODE_BROADCAST) {
            uint64_t due = publish_due(now);
            if (due < wait) wait = due;
        }
        poll_events(wait < TURN_NS_MAX ? wait : TURN_NS_MAX);
    }
}

static struct stretch measure_for(double seconds) {
    uint64_t begin = now_ns(), bytes = payload_bytes;
    double server = server_cpu_seconds(), own = own_cpu_seconds();
    run_for(seconds);
    return (struct stretch){
        .seconds = (now_ns() - begin) / 1e9,
        .server_cpu = server_cpu_seconds() - server,
        .own_cpu = own_cpu_seconds() - own,
        .payload_bytes = payload_bytes - bytes,
    };
}

static double connect_all(void) {
    uint64_t begin = now_ns();
    for (int next = 0; connections_ready < options.connections;) {
        while (next < options.connections && connections_opened - connections_ready < options.opening_max)
            open_connection(&connections[next++]);
        poll_events(TURN_NS_MAX);
        if (now_ns() - begin > CONNECT_SECONDS_MAX * SECOND_NS)
            die("only %d of %d connections after %d s", connections_ready, options.connections, CONNECT_SECONDS_MAX);
    }
    if (options.deflate && agreement.deflating != options.connections)
        die("permessage-deflate on %d of %d connections", agreement.deflating, options.connections);
    return (now_ns() - begin) / 1e9;
}

static void print_stretch(const char *mode, uint64_t units, struct stretch stretch) {
    printf("{\"mode\":\"%s\",\"connections\":%d,\"rate\":%.0f", mode, options.connections, units / stretch.seconds);
    printf(",\"serverCpu\":%.3f,\"generatorCpu\":%.3f,\"cpuUs\":%.3f", stretch.server_cpu / stretch.seconds,
        stretch.own_cpu / stretch.seconds, units ? stretch.server_cpu * 1e6 / units : 0);
}

static void print_times(const char *prefix, const struct histogram *times) {
    printf(",\"%sP50Us\":%.1f,\"%sP99Us\":%.1f,\"%sMaxUs\":%.1f", prefix, quantile_us(times, .5), prefix,
        quantile_us(times, .99), prefix, times->max_ns / 1e3);
}

static int print_end(void) {
    printf(",\"pings\":%lu,\"errors\":%lu,\"error\":\"%s\"}\n", pings_answered, failures, first_failure());
    return failures ? 1 : 0;
}

static int run_connect(void) {
    for (int i = 0; i < options.connections; i++) open_connection(&connections[i]);
    run_for(options.warm_seconds);
    handshakes = 0;
    memset(&handshake_times, 0, sizeof handshake_times);
    struct stretch stretch = measure_for(options.seconds);
    print_stretch("connect", handshakes, stretch);
    print_times("each", &handshake_times);
    return print_end();
}

static uint64_t messages_in_flight(void) {
    return options.mode == MODE_BROADCAST ? broadcasts_in_flight() : echoes_in_flight;
}

static void wait_for_last(void) {
    measurement.is_over = true;
    for (uint64_t end = now_ns() + LAST_SECONDS_MAX * SECOND_NS; messages_in_flight() && now_ns() < end;)
        poll_events(TURN_NS_MAX / 2);
    if (messages_in_flight()) bad("%lu messages missing at the end", messages_in_flight());
}

static int run_idle(void) {
    double before = server_memory_mib();
    double connect_seconds = connect_all();
    prepare_echo();
    run_for(IDLE_SECONDS);
    double idle = server_memory_mib();
    read_ns = now_ns();
    for (int i = 0; i < options.connections; i++) {
        send_echoes(&connections[i], 1);
        if (i % 256 == 255) poll_events(0);
    }
    run_for(IDLE_SECONDS);
    // On a busy machine ten thousand answers may take longer; then the memory is that of a later moment.
    wait_for_last();
    double after = server_memory_mib();
    printf("{\"mode\":\"idle\",\"connections\":%d,\"rate\":%.0f,\"rssBeforeMib\":%.1f", options.connections,
        options.connections / connect_seconds, before);
    printf(",\"idleKib\":%.2f,\"idleAfterMessageKib\":%.2f", (idle - before) * 1024 / options.connections,
        (after - before) * 1024 / options.connections);
    return print_end();
}

static int run_messages(void) {
    connect_all();
    read_ns = now_ns();
    if (options.mode == MODE_BROADCAST) {
        prepare_broadcast();
        // Whoever joins late would miss the first message; without a handshake nothing tells when all are there.
        run_for(options.protocol == PROTOCOL_RAW ? 1 : 0.1);
        begin_broadcast();
    } else {
        prepare_echo();
        read_ns = now_ns();
        for (int i = 0; i < options.connections; i++) send_echoes(&connections[i], options.depth);
    }
    run_for(options.warm_seconds);
    measurement.is_running = true;
    struct stretch stretch = measure_for(options.seconds);
    measurement.is_running = false;
    double memory = server_memory_mib();
    wait_for_last();
    bool is_echo = options.mode == MODE_ECHO;
    print_stretch(is_echo ? "echo" : "bcast", is_echo ? measurement.messages : measurement.deliveries, stretch);
    printf(",\"messages\":%.1f,\"MBps\":%.1f", measurement.messages / stretch.seconds,
        stretch.payload_bytes / stretch.seconds / 1e6);
    print_times("each", &measurement.each);
    if (!is_echo) print_times("last", &measurement.last);
    if (options.deflate) printf(",\"extension\":\"%s\"", agreement.extension);
    if (options.slow_percent) printf(",\"slowCut\":%d", slow_connections_cut());
    printf(",\"rssMib\":%.1f", memory);
    return print_end();
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    raise_file_limit();
    make_connections();
    switch (options.mode) {
    case MODE_CONNECT: return run_connect();
    case MODE_IDLE: return run_idle();
    default: return run_messages();
    }
}
