// What the load generator was asked to do: read once from the command line, then only looked at.
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum mode { MODE_ECHO, MODE_BROADCAST, MODE_CONNECT, MODE_IDLE };
enum protocol { PROTOCOL_WS, PROTOCOL_SOCKETIO, PROTOCOL_RAW };
enum content { CONTENT_LETTERS, CONTENT_BINARY, CONTENT_JSON, CONTENT_CHINESE };

struct options {
    enum mode mode;
    enum protocol protocol;
    enum content content;
    const char *host;
    const char *path;
    int port;
    int server_pid;       // whose CPU time and memory are read; 0: nobody's
    int connections;
    int opening_max;      // handshakes under way at once
    int source_addresses; // more than one: 127.0.0.2 and up, for more connections than one address has ports
    size_t size;          // bytes of a message
    bool is_mix;          // echo: 80 % of 20 B, 15 % of 512 B, 5 % of 16 KiB instead of one size
    int fragments;        // echo: frames that one message is sent in
    int depth;            // echo: messages in flight per connection
    int publishers;       // broadcast: connections that send
    int window;           // broadcast: a publisher's messages that are not yet at all receivers
    double rate;          // broadcast: messages a second from all publishers together; 0: a closed loop
    int slow_percent;     // broadcast: so many connections stop reading
    bool deflate;         // offers permessage-deflate, and insists on it
    double seconds;
    double warm_seconds;
};

extern struct options options;

/// Ends the program with a message for an option that makes no sense.
void read_options(int argc, char **argv);
