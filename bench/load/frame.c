// See frame.h. Contents: random letters, random bytes, one chat message as JSON, or Chinese text.
#include "frame.h"
#include <stdlib.h>
#include <string.h>
#include "failure.h"
#include "options.h"

static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char WORDS[] = "the server keeps every message in order and sends it to all members of the room as fast as it "
                            "can while clients come and go ";
static const char JSON_HEAD[] = "{\"id\":\"000000000000\",\"type\":\"chat\",\"room\":\"general\",\"from\":{\"id\":184467,"
                                "\"name\":\"Ada Lovelace\"},\"ts\":1790000000000,\"text\":\"";
enum { JSON_ID = 7 };

static uint32_t random_state = 12345;

uint32_t next_random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

uint8_t message_opcode(void) { return options.content == CONTENT_BINARY ? OPCODE_BINARY : OPCODE_TEXT; }

static size_t put_header(uint8_t *at, uint8_t first_byte, uint64_t length, bool is_masked) {
    uint8_t mask_bit = is_masked ? 0x80 : 0;
    at[0] = first_byte;
    if (length < 126) {
        at[1] = mask_bit | length;
        return 2;
    }
    int bytes = length < 65536 ? 2 : 8;
    at[1] = mask_bit | (bytes == 2 ? 126 : 127);
    for (int i = 0; i < bytes; i++) at[2 + i] = length >> 8 * (bytes - 1 - i);
    return 2 + bytes;
}

size_t put_frame(uint8_t *at, uint8_t first_byte, const uint8_t *payload, size_t length, const uint8_t *mask) {
    size_t header = put_header(at, first_byte, length, mask != NULL);
    if (!mask) {
        memcpy(at + header, payload, length);
        return header + length;
    }
    memcpy(at + header, mask, 4);
    header += 4;
    for (size_t i = 0; i < length; i++) at[header + i] = payload[i] ^ mask[i & 3];
    return header + length;
}

static void fill_json(uint8_t *at, size_t size) {
    size_t head = sizeof JSON_HEAD - 1;
    if (size < head + 3) die("JSON needs %zu bytes", head + 3);
    memcpy(at, JSON_HEAD, head);
    for (int i = 0; i < 12; i++) at[JSON_ID + i] = LETTERS[next_random() & 63];
    // Words in another order each time: what repeats is what repeats in a chat.
    size_t from = next_random() % (sizeof WORDS - 1);
    for (size_t i = 0; i < size - head - 2; i++) {
        char letter = WORDS[(from + i) % (sizeof WORDS - 1)];
        if (letter == ' ' && (next_random() & 1)) from = next_random() % (sizeof WORDS - 1);
        at[head + i] = letter;
    }
    memcpy(at + size - 2, "\"}", 2);
}

/// Characters from U+4E00 on: three bytes each.
static void fill_chinese(uint8_t *at, size_t size) {
    for (size_t i = 0; i + 3 <= size; i += 3) {
        uint32_t character = 0x4e00 + next_random() % 0x5000;
        at[i] = 0xe0 | character >> 12;
        at[i + 1] = 0x80 | (character >> 6 & 0x3f);
        at[i + 2] = 0x80 | (character & 0x3f);
    }
}

static void fill(uint8_t *at, size_t size) {
    switch (options.content) {
    case CONTENT_JSON: fill_json(at, size); return;
    case CONTENT_CHINESE: fill_chinese(at, size); return;
    case CONTENT_BINARY:
        for (size_t i = 0; i < size; i++) at[i] = next_random();
        return;
    case CONTENT_LETTERS:
        for (size_t i = 0; i < size; i++) at[i] = LETTERS[next_random() & 63];
    }
}

struct payload make_payload(size_t size) {
    bool is_wrapped = options.protocol == PROTOCOL_SOCKETIO;
    const char *before = is_wrapped ? "42[\"m\",\"" : "", *after = is_wrapped ? "\"]" : "";
    size_t before_length = strlen(before), after_length = strlen(after);
    struct payload payload = { .length = before_length + size + after_length };
    payload.bytes = malloc(payload.length + 1);
    memcpy(payload.bytes, before, before_length);
    fill(payload.bytes + before_length, size);
    memcpy(payload.bytes + before_length + size, after, after_length);
    payload.hole = before_length + (options.content == CONTENT_JSON ? JSON_ID : 0);
    return payload;
}
