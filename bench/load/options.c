// The command line of the load generator. What the options mean is in options.h.
#include "options.h"
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include "failure.h"

struct options options = {
    .host = "127.0.0.1", .connections = 100, .opening_max = 64, .source_addresses = 1, .size = 20, .fragments = 1,
    .depth = 1, .publishers = 1, .window = 32, .seconds = 3, .warm_seconds = 1,
};

enum { PID = 256, PROTOCOL, CONTENT, DEFLATE, MIX, FRAGMENTS, SLOW, SOURCES, PATH, OPENING, WINDOW, HOST };

static const struct option LONG_OPTIONS[] = {
    { "pid", 1, 0, PID }, { "proto", 1, 0, PROTOCOL }, { "content", 1, 0, CONTENT }, { "deflate", 0, 0, DEFLATE },
    { "mix", 0, 0, MIX }, { "fragments", 1, 0, FRAGMENTS }, { "slow", 1, 0, SLOW }, { "srcips", 1, 0, SOURCES },
    { "path", 1, 0, PATH }, { "opening", 1, 0, OPENING }, { "window", 1, 0, WINDOW }, { "host", 1, 0, HOST }, { 0 },
};

static int one_of(const char *what, const char *given, const char *const *names) {
    for (int i = 0; names[i]; i++) {
        if (!strcmp(names[i], given)) return i;
    }
    die("unknown %s: %s", what, given);
}

static void take(int option, const char *value) {
    static const char *const protocols[] = { "ws", "sio", "raw", NULL };
    static const char *const contents[] = { "letters", "binary", "json", "chinese", NULL };
    switch (option) {
    case 'p': options.port = atoi(value); break;
    case 'c': options.connections = atoi(value); break;
    case 's': options.size = strtoul(value, NULL, 10); break;
    case 'd': options.depth = atoi(value); break;
    case 't': options.seconds = atof(value); break;
    case 'w': options.warm_seconds = atof(value); break;
    case 'P': options.publishers = atoi(value); break;
    case 'R': options.rate = atof(value); break;
    case PID: options.server_pid = atoi(value); break;
    case PROTOCOL: options.protocol = one_of("protocol", value, protocols); break;
    case CONTENT: options.content = one_of("content", value, contents); break;
    case DEFLATE: options.deflate = true; break;
    case MIX: options.is_mix = true; break;
    case FRAGMENTS: options.fragments = atoi(value); break;
    case SLOW: options.slow_percent = atoi(value); break;
    case SOURCES: options.source_addresses = atoi(value); break;
    case PATH: options.path = value; break;
    case OPENING: options.opening_max = atoi(value); break;
    case WINDOW: options.window = atoi(value); break;
    case HOST: options.host = value; break;
    default: die("unknown option");
    }
}

static void check(void) {
    bool is_broadcast = options.mode == MODE_BROADCAST;
    if (options.port <= 0) die("-p PORT is needed");
    if (options.connections < 1 || options.depth < 1 || options.fragments < 1) die("counts begin at 1");
    if (is_broadcast && (options.publishers < 1 || options.publishers > options.connections))
        die("publishers are some of the connections");
    if (is_broadcast && options.size < 12) die("a broadcast needs at least 12 bytes for its number");
    if (is_broadcast && options.content == CONTENT_CHINESE) die("a broadcast's number is written in letters");
    if (is_broadcast && options.deflate && options.publishers != 1) die("--deflate needs one publisher");
    if (options.content == CONTENT_CHINESE && options.size % 3) die("three bytes a character: %zu", options.size);
    if (options.slow_percent < 0 || options.slow_percent > 50) die("--slow goes from 0 to 50");
    if (options.deflate && options.protocol != PROTOCOL_WS) die("--deflate is for plain WebSocket");
    if (options.deflate && options.fragments > 1) die("--deflate and --fragments do not go together");
}

void read_options(int argc, char **argv) {
    static const char *const modes[] = { "echo", "bcast", "connect", "idle", NULL };
    if (argc < 2) die("usage: load echo|bcast|connect|idle -p PORT ...");
    options.mode = one_of("mode", argv[1], modes);
    optind = 2;
    for (int c; (c = getopt_long(argc, argv, "p:c:s:d:t:w:P:R:", LONG_OPTIONS, NULL)) != -1;) take(c, optarg);
    if (!options.path) {
        options.path = options.protocol == PROTOCOL_SOCKETIO ? "/socket.io/?EIO=4&transport=websocket" : "/";
    }
    check();
}
