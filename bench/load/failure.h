// What goes wrong in a run. A wrong answer of the server is counted and the run goes on; what makes it senseless ends it.
#pragma once
#include <stdint.h>
#include <stdnoreturn.h>

extern uint64_t failures;

/// Counts; the first one's words are kept for the result.
__attribute__((format(printf, 1, 2))) void bad(const char *format, ...);

/// Prints a result that consists of the error, and exits.
noreturn __attribute__((format(printf, 1, 2))) void die(const char *format, ...);

/// The first failure, fit to stand in quotes in JSON; empty when there was none.
const char *first_failure(void);
