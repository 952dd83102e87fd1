// See failure.h.
#include "failure.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FAILURES_MAX = 1000 };

uint64_t failures;
static char first[256];

/// Quotes, backslashes and control characters have no place in a JSON string.
static void make_quotable(char *text) {
    for (; *text; text++) {
        if (*text == '"' || *text == '\\' || (unsigned char)*text < ' ') *text = ' ';
    }
}

static noreturn void end_with(const char *text) {
    fprintf(stderr, "load: %s\n", text);
    printf("{\"error\":\"%s\",\"errors\":%lu}\n", text, failures);
    exit(1);
}

void bad(const char *format, ...) {
    if (!failures++) {
        va_list list;
        va_start(list, format);
        vsnprintf(first, sizeof first, format, list);
        va_end(list);
        make_quotable(first);
    }
    if (failures > FAILURES_MAX) end_with(first);
}

void die(const char *format, ...) {
    char text[256];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    make_quotable(text);
    failures++;
    end_with(text);
}

const char *first_failure(void) { return first; }
