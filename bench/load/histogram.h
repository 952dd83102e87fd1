// Durations by size: 64 steps per power of two, so a quantile is off by less than 1.6 %. And the clock they are taken from.
#pragma once
#include <stdint.h>
#include <time.h>

enum { STEPS = 64, POWERS = 42 };

struct histogram {
    uint64_t count;
    uint64_t max_ns;
    uint64_t buckets[STEPS * POWERS];
};

static inline uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static inline void record(struct histogram *histogram, uint64_t ns) {
    int power = ns < STEPS ? 0 : 63 - __builtin_clzll(ns) - 5;
    uint64_t step = power ? (ns >> (power - 1)) & (STEPS - 1) : ns;
    int index = power * STEPS + (int)step;
    if (index >= STEPS * POWERS) index = STEPS * POWERS - 1;
    histogram->buckets[index]++;
    histogram->count++;
    if (ns > histogram->max_ns) histogram->max_ns = ns;
}

/// In microseconds; the lower bound of the bucket.
static inline double quantile_us(const struct histogram *histogram, double part) {
    if (!histogram->count) return 0;
    uint64_t wanted = (uint64_t)(part * (histogram->count - 1)) + 1, seen = 0;
    for (int i = 0; i < STEPS * POWERS; i++) {
        seen += histogram->buckets[i];
        if (seen < wanted) continue;
        int power = i / STEPS;
        uint64_t step = i % STEPS;
        return (power ? (STEPS + step) << (power - 1) : step) / 1e3;
    }
    return histogram->max_ns / 1e3;
}
