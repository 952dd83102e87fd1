// See echo-stream.h. With a history kept, the first time round differs from the others: then there is nothing to look back
// at. From the second time on, what a message may look back at is the same every time, since all variants together are
// longer than the window (32 KiB) and so are what is laid out: one cold round, and one warm round that repeats.
#include "echo-stream.h"
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "failure.h"
#include "frame.h"
#include "options.h"

enum { MIX_VARIANTS = 60, HISTORY_BYTES_MIN = 64 * 1024 };

struct round {
    uint8_t *bytes;
    uint64_t *offsets; // one more than there are variants: the last is the length
};

static int variants;
static struct payload *payloads;
static struct round cold, warm;
static int cold_messages; // variants, or 0 when there is no cold round
static uint64_t cold_bytes, warm_bytes;

static int variants_wanted(void) {
    if (options.is_mix) return MIX_VARIANTS;
    if (options.deflate) return HISTORY_BYTES_MIN / options.size + 1;
    if (options.size > 65536) return 4;
    return options.size > 2048 ? 16 : 64;
}

/// Of twenty messages one is large and three are middling, and never two large ones in a row.
static size_t size_of_variant(int variant) {
    if (!options.is_mix) return options.size;
    int place = variant * 7 % 20;
    return place == 0 ? 16384 : place <= 3 ? 512 : 20;
}

static size_t put_fragments(uint8_t *at, const struct payload *payload, const uint8_t *mask) {
    size_t end = 0, from = 0;
    for (int i = 0; i < options.fragments; i++) {
        bool is_last = i == options.fragments - 1;
        size_t length = is_last ? payload->length - from : payload->length / options.fragments;
        uint8_t first_byte = (i ? OPCODE_CONTINUATION : message_opcode()) | (is_last ? FIN : 0);
        end += put_frame(at + end, first_byte, payload->bytes + from, length, mask);
        from += length;
    }
    return end;
}

/// Deflates a message as RFC 7692 section 7.2.1 says: flushed, without the four bytes at its end.
static size_t put_deflated(uint8_t *at, const struct payload *payload, const uint8_t *mask, z_stream *deflater) {
    uint8_t *out = malloc(payload->length + 256);
    deflater->next_in = payload->bytes;
    deflater->avail_in = payload->length;
    deflater->next_out = out;
    deflater->avail_out = payload->length + 256;
    if (deflate(deflater, Z_SYNC_FLUSH) != Z_OK || !deflater->avail_out) die("deflate failed");
    size_t length = payload->length + 256 - deflater->avail_out - 4;
    size_t end = put_frame(at, FIN | RSV1 | message_opcode(), out, length, mask);
    free(out);
    return end;
}

static struct round lay_out(z_stream *deflater, bool keeps_history) {
    size_t capacity = 0;
    for (int i = 0; i < variants; i++) capacity += payloads[i].length + 256 + options.fragments * HEADER_BYTES_MAX;
    struct round round = { malloc(capacity), calloc(variants + 1, sizeof(uint64_t)) };
    for (int i = 0; i < variants; i++) {
        uint32_t random = next_random();
        uint8_t mask[4];
        memcpy(mask, &random, 4);
        uint8_t *at = round.bytes + round.offsets[i];
        size_t length;
        if (deflater) {
            if (!keeps_history) deflateReset(deflater);
            length = put_deflated(at, &payloads[i], mask, deflater);
        } else {
            length = put_fragments(at, &payloads[i], options.protocol == PROTOCOL_RAW ? NULL : mask);
        }
        round.offsets[i + 1] = round.offsets[i] + length;
    }
    return round;
}

void build_echo_stream(bool keeps_history, int window_bits) {
    variants = variants_wanted();
    payloads = calloc(variants, sizeof *payloads);
    for (int i = 0; i < variants; i++) payloads[i] = make_payload(size_of_variant(i));
    if (!options.deflate) {
        warm = lay_out(NULL, false);
    } else {
        z_stream deflater = { 0 };
        if (deflateInit2(&deflater, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK)
            die("no deflater for a window of %d bits", window_bits);
        if (keeps_history) {
            cold = lay_out(&deflater, true);
            cold_messages = variants;
            cold_bytes = cold.offsets[variants];
        }
        warm = lay_out(&deflater, keeps_history);
        deflateEnd(&deflater);
    }
    warm_bytes = warm.offsets[variants];
}

uint64_t stream_position(uint64_t message) {
    if (message < (uint64_t)cold_messages) return cold.offsets[message];
    message -= cold_messages;
    return cold_bytes + message / variants * warm_bytes + warm.offsets[message % variants];
}

size_t stream_slice(uint64_t position, uint64_t max, const uint8_t **bytes) {
    bool is_cold = position < cold_bytes;
    uint64_t at = is_cold ? position : (position - cold_bytes) % warm_bytes;
    uint64_t left = (is_cold ? cold_bytes : warm_bytes) - at;
    *bytes = (is_cold ? cold.bytes : warm.bytes) + at;
    return left < max ? left : max;
}

const uint8_t *stream_payload(uint64_t message, size_t *length) {
    const struct payload *payload = &payloads[message % variants];
    *length = payload->length;
    return payload->bytes;
}

uint64_t stream_start(uint32_t connection) { return cold_messages ? 0 : connection % variants; }
