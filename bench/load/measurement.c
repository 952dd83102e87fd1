// See measurement.h.
#include "measurement.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "options.h"

struct measurement measurement;

static FILE *open_proc(const char *name) {
    char path[64];
    if (!options.server_pid) return NULL;
    snprintf(path, sizeof path, "/proc/%d/%s", options.server_pid, name);
    return fopen(path, "r");
}

double server_cpu_seconds(void) {
    FILE *file = open_proc("stat");
    if (!file) return 0;
    char text[1024];
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    // The name in parentheses may contain anything; utime and stime are fields 14 and 15.
    const char *after_name = strrchr(text, ')');
    unsigned long user = 0, kernel = 0;
    if (!after_name) return 0;
    sscanf(after_name + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel);
    return (user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

double own_cpu_seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

double server_memory_mib(void) {
    FILE *file = open_proc("status");
    if (!file) return 0;
    char line[256];
    double mib = 0;
    while (fgets(line, sizeof line, file)) {
        if (!strncmp(line, "VmRSS:", 6)) mib = atof(line + 6) / 1024;
    }
    fclose(file);
    return mib;
}
