// What a run counts while it is being measured, and what it knows of the server's process.
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "histogram.h"

struct measurement {
    bool is_running;
    bool is_over;                  // nothing more is sent
    uint64_t messages, deliveries; // deliveries: one message at one receiver
    struct histogram each;         // echo: there and back; broadcast: to one receiver
    struct histogram last;         // broadcast: to the last receiver
};

extern struct measurement measurement;

/// Seconds of CPU of the server, all its threads; of this program.
double server_cpu_seconds(void);
double own_cpu_seconds(void);
/// Resident memory of the server in MiB.
double server_memory_mib(void);
