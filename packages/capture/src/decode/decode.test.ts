// What decoding finds: frames with every field in its place, messages, faults, gaps; the same however the bytes are cut.
import { constants, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isFaultCode } from '../explain/fault-text.ts';
import { CAPTURE_LIMITS } from '../limits.ts';
import {
  ACCEPT,
  ascii,
  closePayload,
  type FrameSketch,
  frame,
  head,
  KEY,
  randomOf,
  recut,
  request,
  Wire,
} from '../testing/wire.ts';
import { meaningLines } from '../text/meaning-text.ts';
import { acceptSteps } from './accept.ts';
import { CaptureDecoder, decode } from './decode.ts';

const KEY_BYTES = [0x37, 0xfa, 0x21, 0x3d];
const DEFLATE = {
  request: ['Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'],
  answer: ['Sec-WebSocket-Extensions: permessage-deflate'],
};
const deflated = (text: string): Uint8Array =>
  deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);

const faultsOf = (sketch: FrameSketch, direction: 'in' | 'out' = 'in'): string[] => {
  const decoded = decode(new Wire().handshake().add(direction, frame(sketch)).capture);
  const shown = decoded.frames[0] ?? decoded.unfinished[direction]?.frame;
  return [...(shown?.faults ?? []), ...decoded.messages.flatMap(({ faults }) => faults)].map(
    ({ code }) => code,
  );
};

describe('the handshake', () => {
  it('[K1] is read from both heads, with the accept value step by step', () => {
    const { handshake } = decode(new Wire().handshake().capture);
    expect(handshake.request).toMatchObject({ method: 'GET', target: '/ws', version: 'HTTP/1.1' });
    expect(handshake.response).toMatchObject({ status: 101, reasonPhrase: 'Switching Protocols' });
    expect(handshake.accept).toEqual(acceptSteps(KEY));
    expect(handshake.accept?.accept).toBe(ACCEPT);
    expect(handshake).toMatchObject({ sentAccept: ACCEPT, isAcceptRight: true, faults: [] });
  });

  it('[K1] tells the place of each header in the stream', () => {
    const bytes = request();
    const { handshake } = decode(new Wire().add('in', bytes).capture);
    const host = handshake.request?.headers[0];
    expect(new TextDecoder().decode(bytes.subarray(host?.span.from, host?.span.to))).toBe(
      'Host: 127.0.0.1:8090',
    );
    expect(handshake.request?.span).toEqual({ from: 0, to: bytes.length });
  });

  it.each([
    ['answer-accept-wrong', [`Sec-WebSocket-Accept: ${acceptSteps('x').accept}`]],
    ['answer-accept-missing', []],
    ['answer-subprotocol', [`Sec-WebSocket-Accept: ${ACCEPT}`, 'Sec-WebSocket-Protocol: chat']],
    ['answer-extension', [`Sec-WebSocket-Accept: ${ACCEPT}`, 'Sec-WebSocket-Extensions: permessage-deflate']],
  ])('[K2] %s is told', (code, fields) => {
    const lines = [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      ...fields,
    ];
    const { handshake } = decode(new Wire().add('in', request()).add('out', head(lines)).capture);
    expect(handshake.faults.map((found) => found.code)).toEqual([code]);
  });

  it('[K2] lines that end with LF alone are told, and read all the same', () => {
    const text = new TextDecoder().decode(request()).replaceAll('\r\n', '\n');
    const { handshake } = decode(new Wire().add('in', ascii(text)).capture);
    expect(handshake.faults.map(({ code }) => code)).toEqual(['line-end']);
    expect(handshake.accept?.key).toBe(KEY);
  });

  it('[K2] what a request lacks is told', () => {
    const { handshake } = decode(
      new Wire().add('in', head(['POST /ws HTTP/1.0', `Sec-WebSocket-Key: a`])).capture,
    );
    expect(handshake.faults.map(({ code }) => code)).toEqual([
      'request-method',
      'request-version',
      'request-host',
      'request-upgrade',
      'request-connection',
      'request-key',
      'request-websocket-version',
    ]);
  });

  it('[K2] a refusal has a body, and no frames are looked for in it', () => {
    const wire = new Wire().add('in', request()).add('out', head(['HTTP/1.1 403 Forbidden']));
    const decoded = decode(wire.add('out', ascii('not from here')).capture);
    expect(decoded.handshake.body).toBe('not from here');
    expect(decoded.frames).toEqual([]);
  });

  it('[K2] HTTP after the switch is told, and frames after it are found', () => {
    const wire = new Wire().handshake().add('out', frame({ payload: 'a' }));
    const decoded = decode(
      wire.add('out', head(['HTTP/1.1 101 Again'])).add('out', frame({ payload: 'b' })).capture,
    );
    expect(decoded.handshake.faults.map(({ code }) => code)).toEqual(['second-answer']);
    expect(decoded.messages.map(({ text }) => text)).toEqual(['a', 'b']);
    expect(decoded.frames.map(({ index }) => index)).toEqual([0, 1]);
  });

  it('[K2] what is no HTTP is not taken for frames', () => {
    const decoded = decode(new Wire().add('in', Uint8Array.from([0x16, 3, 1, 2, 0])).capture);
    expect(decoded.handshake.faults.map(({ code }) => code)).toEqual(['not-http']);
    expect(decoded.unfinished.in).toMatchObject({ kind: 'undecodable', from: 0, to: 5 });
  });

  it('[K12] a head that does not end is given up at its limit', () => {
    const decoded = decode(
      new Wire().add('in', ascii(`GET /${'a'.repeat(CAPTURE_LIMITS.headBytesMax)}`)).capture,
    );
    expect(decoded.handshake.faults.map(({ code }) => code)).toEqual(['head-too-large']);
  });
});

describe('frames', () => {
  it('[K3] every field has its value and its place', () => {
    const wire = new Wire().handshake();
    const start = request().length;
    const { frames } = decode(wire.add('in', frame({ payload: 'Hello', key: KEY_BYTES })).capture);
    expect(frames).toEqual([
      expect.objectContaining({
        direction: 'in',
        index: 0,
        fin: true,
        rsv1: false,
        opcode: 1,
        masked: true,
        lengthForm: 7,
        isShortestForm: true,
        payloadLength: 5,
        maskingKey: Uint8Array.from(KEY_BYTES),
        raw: Uint8Array.from([0x7f, 0x9f, 0x4d, 0x51, 0x58]),
        payload: ascii('Hello'),
        span: { from: start, to: start + 11 },
        fields: {
          head: { from: start, to: start + 2 },
          maskingKey: { from: start + 2, to: start + 6 },
          payload: { from: start + 6, to: start + 11 },
        },
        messageIndex: 0,
        faults: [],
      }),
    ]);
  });

  it.each<[string, FrameSketch, ('in' | 'out')?]>([
    ['client-unmasked', { payload: 'a' }],
    ['server-masked', { payload: 'a', key: KEY_BYTES }, 'out'],
    ['rsv-not-agreed', { payload: 'a', rsv: 4 }, 'out'],
    ['rsv-not-agreed', { payload: 'a', rsv: 1 }, 'out'],
    ['opcode-reserved', { opcode: 3 }, 'out'],
    ['opcode-reserved', { opcode: 11 }, 'out'],
    ['control-fragmented', { opcode: 9, fin: false }, 'out'],
    ['control-too-long', { opcode: 9, payload: 'a'.repeat(126) }, 'out'],
    ['length-not-shortest', { payload: 'a', form: 16 }, 'out'],
    ['length-not-shortest', { payload: 'a'.repeat(65_535), form: 64 }, 'out'],
    ['length-top-bit', { length: 2n ** 63n, form: 64 }, 'out'],
    ['continuation-without-start', { opcode: 0 }, 'out'],
    ['close-one-byte', { opcode: 8, payload: 'a' }, 'out'],
    ['close-code', { opcode: 8, payload: closePayload(1006) }, 'out'],
    ['close-reason-utf8', { opcode: 8, payload: Uint8Array.from([3, 232, 0xff]) }, 'out'],
    ['text-utf8', { payload: Uint8Array.from([0x61, 0xc3]) }, 'out'],
  ])('[K4] %s is told, and the frame is shown', (code, sketch, direction) => {
    expect(faultsOf(sketch, direction)).toEqual([code]);
    expect(isFaultCode(code)).toBe(true);
  });

  it.each([0, 125, 126, 65_535, 65_536])('[K4] %i bytes in their shortest form are no fault', (length) => {
    expect(faultsOf({ opcode: 2, payload: new Uint8Array(length), key: KEY_BYTES })).toEqual([]);
  });

  it('[K4] a new message inside a fragmented one and a frame after the Close are told', () => {
    const wire = new Wire().handshake();
    for (const sketch of [{ fin: false, payload: 'a' }, { payload: 'b' }, { opcode: 8 }, { opcode: 9 }])
      wire.add('out', frame(sketch));
    expect(decode(wire.capture).frames.map(({ faults }) => faults.map(({ code }) => code))).toEqual([
      [],
      ['message-inside-message'],
      [],
      ['after-close'],
    ]);
  });

  it('[K4] the place of the first wrong byte of a text is told, counted in the whole message', () => {
    const wire = new Wire().handshake().add('out', frame({ fin: false, payload: 'abc' }));
    const { messages } = decode(
      wire.add('out', frame({ opcode: 0, payload: Uint8Array.from([0x64, 0xc3, 0x28]) })).capture,
    );
    expect(messages[0]?.faults[0]?.values).toEqual({ position: 5 });
  });

  it('[K12] of a giant frame the beginning is kept, and the frame after it is found', () => {
    const giant = new Uint8Array(CAPTURE_LIMITS.frameBytesMax + 10);
    const wire = new Wire().handshake().add('out', frame({ opcode: 2, payload: giant }));
    const { frames, messages } = decode(wire.add('out', frame({ payload: 'after' })).capture);
    expect(frames[0]).toMatchObject({ payloadLength: giant.length, faults: [] });
    expect(frames[0]?.raw.length).toBe(CAPTURE_LIMITS.frameBytesMax);
    expect(messages[0]).toMatchObject({ isWhole: false, carriedLength: giant.length });
    expect(messages[1]?.text).toBe('after');
  });
});

describe('messages', () => {
  it('[K5] fragments are joined, control frames between them are none of it', () => {
    const wire = new Wire().handshake();
    const sketches = [
      { fin: false, payload: '你'.repeat(10) },
      { opcode: 9, payload: 'p' },
      { opcode: 0, fin: false },
      { opcode: 0, payload: '!' },
    ];
    for (const sketch of sketches) wire.add('in', frame({ ...sketch, key: KEY_BYTES }));
    const { messages, frames } = decode(wire.capture);
    expect(messages).toMatchObject([
      { index: 0, type: 'text', frames: [0, 2, 3], text: `${'你'.repeat(10)}!` },
    ]);
    expect(frames.map(({ messageIndex }) => messageIndex)).toEqual([0, undefined, 0, 0]);
  });

  it('[K6] compressed messages are inflated, each with the context of those before it', () => {
    const texts = ['once upon a time', 'once upon a time, again', ''];
    const payloads = contextDeflated(texts);
    const wire = new Wire().handshake(DEFLATE);
    for (const payload of payloads) wire.add('in', frame({ rsv: 4, payload, key: KEY_BYTES }));
    const { messages, frames } = decode(wire.capture);
    expect(messages.map(({ text }) => text)).toEqual(texts);
    expect(messages.every(({ isCompressed, faults }) => isCompressed && faults.length === 0)).toBe(true);
    expect(frames.every(({ faults }) => faults.length === 0)).toBe(true);
  });

  it('[K6] without the context each is inflated by itself; damage is told and ends there', () => {
    const wire = new Wire().handshake({
      ...DEFLATE,
      answer: [`${DEFLATE.answer[0]}; server_no_context_takeover`],
    });
    wire.add('out', frame({ rsv: 4, payload: Uint8Array.from([0xff, 0xff]) }));
    wire.add('out', frame({ rsv: 4, payload: deflated('well') }));
    const { messages } = decode(wire.capture);
    expect(messages[0]?.faults.map(({ code }) => code)).toEqual(['inflate-failed']);
    expect(messages[1]?.text).toBe('well');
  });

  it('[K6] after damage in a kept context the later ones are said to be unreadable', () => {
    const wire = new Wire()
      .handshake(DEFLATE)
      .add('out', frame({ rsv: 4, payload: Uint8Array.from([0xff, 0xff]) }));
    const { messages } = decode(wire.add('out', frame({ rsv: 4, payload: deflated('well') })).capture);
    expect(messages[1]).toMatchObject({ faults: [], remarks: [{ code: 'context-lost' }] });
    expect(messages[1]?.text).toBeUndefined();
  });

  it('[K12] a bomb is inflated up to the limits, and no more is kept', () => {
    const payload = deflated('\0'.repeat(CAPTURE_LIMITS.inflatedBytesMax + 1));
    const { messages } = decode(
      new Wire().handshake(DEFLATE).add('out', frame({ opcode: 2, rsv: 4, payload })).capture,
    );
    expect(messages[0]?.data.length).toBe(CAPTURE_LIMITS.messageBytesMax);
    expect(messages[0]).toMatchObject({
      isWhole: false,
      remarks: [{ code: 'inflated-too-large' }],
      faults: [],
    });
  });

  it('[K7] commands and events of Wireroom are named', () => {
    const wire = new Wire().handshake();
    wire.add(
      'in',
      frame({ payload: '{"type":"post","ref":1,"room":"lobby","draftId":"d","text":"x"}', key: KEY_BYTES }),
    );
    wire.add(
      'out',
      frame({ payload: '{"type":"entry","entry":{"type":"message","roomId":"r","seq":7,"draftId":"d"}}' }),
    );
    expect(decode(wire.capture).messages.map(({ meaning }) => meaning)).toEqual([
      { language: 'wireroom', role: 'command', type: 'post', ref: 1, room: 'lobby', draftId: 'd' },
      { language: 'wireroom', role: 'event', type: 'entry', roomId: 'r', seq: 7, draftId: 'd' },
    ]);
  });

  it('[K7] so are what is said of messages and rooms, coming back, and a restart', () => {
    const wire = new Wire().handshake();
    const said = [
      ['in', '{"type":"edit","ref":1,"room":"lobby","draftId":"d","target":7,"text":"x"}'],
      ['in', '{"type":"resume","ref":2,"cursors":[["lobby","e",7],["tea","e",1]]}'],
      ['out', '{"type":"resumed","ref":2,"rooms":[{"resume":"refused","room":"tea"}],"isLast":true}'],
      ['out', '{"type":"entry","entry":{"type":"react","roomId":"r","seq":8,"draftId":"f","target":7}}'],
      ['out', '{"type":"heads","heads":[["r","e",9]]}'],
      ['out', '{"type":"restarting","reconnectAfterMs":2345}'],
    ] as const;
    for (const [direction, payload] of said)
      wire.add(direction, frame({ payload, ...(direction === 'in' && { key: KEY_BYTES }) }));
    const { messages } = decode(wire.capture);
    expect(messages.map(({ meaning }) => meaning)).toEqual([
      {
        ...{ language: 'wireroom', role: 'command', type: 'edit', ref: 1 },
        ...{ room: 'lobby', draftId: 'd', target: 7 },
      },
      { language: 'wireroom', role: 'command', type: 'resume', ref: 2, rooms: 2 },
      { language: 'wireroom', role: 'event', type: 'resumed', ref: 2, rooms: 1 },
      {
        ...{ language: 'wireroom', role: 'event', type: 'entry', roomId: 'r', seq: 8 },
        ...{ draftId: 'f', entryType: 'react', target: 7 },
      },
      { language: 'wireroom', role: 'event', type: 'heads', rooms: 1 },
      { language: 'wireroom', role: 'event', type: 'restarting', reconnectAfterMs: 2345 },
    ]);
    expect(messages.flatMap(({ meaning }) => meaningLines(meaning))).toEqual([
      '= command edit, ref 1, room lobby, target 7',
      '= command resume, ref 2, rooms 2',
      '= event resumed, ref 2, rooms 1',
      '= event entry react, room r, seq 8, target 7',
      '= event heads, rooms 1',
      '= event restarting, back in 2345 ms',
    ]);
  });
});

/** By one compressor, as a sender that keeps its context: each piece ends with a sync flush, which is left off. */
function contextDeflated(texts: readonly string[]): Uint8Array[] {
  let before = 0;
  return texts.map((_, index) => {
    const chunks = texts.slice(0, index + 1);
    const all = deflateAll(chunks);
    const piece = all.subarray(before, all.length - 4);
    before = all.length;
    return piece;
  });
}

function deflateAll(texts: readonly string[]): Uint8Array {
  // zlib's synchronous API has no flush between writes: the same result comes from a dictionary of what was before.
  const pieces = texts.map((text, index) => {
    const dictionary = ascii(texts.slice(0, index).join(''));
    return deflateRawSync(text, {
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(dictionary.length > 0 && { dictionary }),
    });
  });
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

describe('pings and closing', () => {
  it('[K8] a ping is paired with its pong, and timed', () => {
    const wire = new Wire().handshake().add('out', frame({ opcode: 9, payload: 'x' }));
    wire.add('out', frame({ opcode: 9, payload: 'lost' }));
    wire.add('in', frame({ opcode: 10, payload: 'x', key: KEY_BYTES }));
    expect(decode(wire.capture).pings).toEqual([
      { ping: 0, direction: 'out', pong: 0, roundTripMicros: 2_000 },
      { ping: 1, direction: 'out' },
    ]);
  });

  it('[K8] who began the closing, its code, and the answer', () => {
    const wire = new Wire()
      .handshake()
      .add('in', frame({ opcode: 8, payload: closePayload(1000, 'bye'), key: KEY_BYTES }));
    const decoded = decode(wire.add('out', frame({ opcode: 8, payload: closePayload(1000) })).capture);
    expect(decoded.frames[0]?.close).toEqual({ code: 1000, reason: 'bye' });
    expect(decoded.closing).toMatchObject({
      begunBy: 'in',
      firstFrame: 0,
      answerFrame: 0,
      answeredAfterMicros: 1_000,
    });
  });
});

describe('gaps', () => {
  it('[K9] inside a payload of known length decoding goes on after it', () => {
    const whole = frame({ opcode: 2, payload: 'abcdefghij' });
    const wire = new Wire()
      .handshake()
      .add('out', whole.subarray(0, 5))
      .lose('out', 4)
      .add('out', whole.subarray(9));
    const decoded = decode(wire.add('out', frame({ payload: 'next' })).capture);
    expect(decoded.frames[0]).toMatchObject({ payloadLength: 10, payload: ascii('abc') });
    expect(decoded.messages[0]).toMatchObject({ isWhole: false, remarks: [{ code: 'payload-missing' }] });
    expect(decoded.messages[1]?.text).toBe('next');
    expect(decoded.gaps).toHaveLength(1);
  });

  it('[K9] elsewhere nothing is guessed, until the recorder marks where a frame begins', () => {
    const wire = new Wire()
      .handshake()
      .add('out', frame({ payload: 'one' }))
      .lose('out', 20);
    wire.add('out', frame({ payload: 'unseen' }));
    expect(decode(wire.capture).frames).toHaveLength(1);
    expect(decode(wire.capture).unfinished.out).toMatchObject({
      kind: 'undecodable',
      remarks: [{ code: 'bytes-missing' }],
    });
    wire.add('out', frame({ payload: 'seen' }), {
      anchor: { frameAt: 0, frames: 5, messages: 4, isInMessage: false },
    });
    const decoded = decode(wire.capture);
    expect(decoded.messages.map(({ index, text }) => [index, text])).toEqual([
      [0, 'one'],
      [4, 'seen'],
    ]);
    expect(decoded.frames[1]?.index).toBe(5);
    expect(decoded.gaps[0]).toMatchObject({ direction: 'out', undecodable: expect.anything() });
    expect(decoded.unfinished.out).toBeUndefined();
  });

  it('[K9] a capture that begins later is decoded from its anchor on', () => {
    const anchor = { frameAt: 2, frames: 9, messages: 3, isInMessage: true };
    const bytes = Uint8Array.from([
      1,
      2,
      ...frame({ opcode: 0, payload: 'tail' }),
      ...frame({ payload: 'new' }),
    ]);
    const decoded = decode(new Wire().lose('out', 100).add('out', bytes, { anchor }).capture);
    expect(decoded.frames.map(({ index, messageIndex, faults }) => [index, messageIndex, faults])).toEqual([
      [9, 2, []],
      [10, 3, []],
    ]);
  });
});

describe('the decoder', () => {
  it('[K10] finds the same however the bytes are cut', () => {
    const wire = new Wire().handshake(DEFLATE);
    wire.add('in', frame({ rsv: 4, payload: deflated('hello '.repeat(50)), key: KEY_BYTES }));
    wire.add('in', frame({ fin: false, payload: 'ab', key: KEY_BYTES }));
    wire.add('in', frame({ opcode: 0, payload: 'c'.repeat(200), key: KEY_BYTES }));
    wire
      .add('out', frame({ payload: 'x', form: 64 }))
      .add('out', frame({ opcode: 8, payload: closePayload(1001) }));
    const whole = summary(decode(wire.capture));
    for (let seed = 1; seed <= 50; seed++) {
      const random = randomOf(seed);
      const cut = recut(wire.capture, () => Math.ceil(random() ** 3 * 40));
      expect(summary(decode(cut)), `seed ${seed}`).toEqual(whole);
    }
  });

  it('[K11] gives out the same objects where nothing changed', () => {
    const decoder = new CaptureDecoder();
    const wire = new Wire().handshake().add('in', frame({ payload: 'a', key: KEY_BYTES }));
    for (const record of wire.records) decoder.push(record);
    const before = decoder.decoded;
    expect(decoder.decoded).toBe(before);
    decoder.push({
      kind: 'bytes',
      at: 9_000_000,
      direction: 'out',
      offset: request().length,
      bytes: new Uint8Array(0),
    });
    const after = decoder.decoded;
    expect(after.frames).toBe(before.frames);
    expect(after.messages).toBe(before.messages);
    expect(after.handshake).toBe(before.handshake);
    expect(before.frames).toHaveLength(1);
  });

  it('[K11] tells what each record brought', () => {
    const decoder = new CaptureDecoder();
    const wire = new Wire().handshake().add('in', frame({ payload: 'a', key: KEY_BYTES }));
    const changes = wire.records.map((record) => decoder.push(record));
    expect(changes[1]?.request?.method).toBe('GET');
    expect(changes[2]?.response?.status).toBe(101);
    expect(changes[3]?.messages.map(({ text }) => text)).toEqual(['a']);
  });

  it('[K12] any bytes in any cuts are decoded without throwing', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const random = randomOf(seed);
      const wire = seed % 4 === 0 ? new Wire() : new Wire().handshake(seed % 2 === 0 ? DEFLATE : {});
      for (let piece = 0; piece < 20; piece++) {
        const bytes = Uint8Array.from({ length: Math.floor(random() ** 4 * 400) }, () => random() * 256);
        if (random() < 0.1) wire.lose('in', Math.floor(random() * 50));
        wire.add(random() < 0.5 ? 'in' : 'out', bytes);
      }
      const { frames, messages } = decode(wire.capture);
      for (const { payloadLength, raw, span } of frames) {
        expect(raw.length, `seed ${seed}`).toBeLessThanOrEqual(payloadLength);
        expect(span.to - span.from, `seed ${seed}`).toBeGreaterThanOrEqual(payloadLength);
      }
      expect(messages.length, `seed ${seed}`).toBeLessThanOrEqual(frames.length);
    }
  });

  it('[K12] the oldest frames are let go of at the limit, and counted', () => {
    const decoder = new CaptureDecoder();
    for (const record of new Wire().handshake().records) decoder.push(record);
    const empty = Uint8Array.from({ length: 2_000 }, (_, index) => (index % 2 === 0 ? 0x8a : 0));
    let offset = new Wire()
      .handshake()
      .records.reduce(
        (sum, record) =>
          sum + (record.kind === 'bytes' && record.direction === 'out' ? record.bytes.length : 0),
        0,
      );
    for (let at = 0; at <= CAPTURE_LIMITS.framesMax; at += 1_000) {
      decoder.push({ kind: 'bytes', at, direction: 'out', offset, bytes: empty });
      offset += empty.length;
    }
    const { frames, forgotten } = decoder.decoded;
    expect(frames.length).toBeLessThanOrEqual(CAPTURE_LIMITS.framesMax);
    expect(frames.length + forgotten.frames).toBe(CAPTURE_LIMITS.framesMax + 1_000);
    expect(frames.at(-1)?.index).toBe(CAPTURE_LIMITS.framesMax + 999);
  });
});

function summary({ handshake, frames, messages, closing, pings }: ReturnType<typeof decode>) {
  const { request: asked, response } = handshake;
  return {
    handshake: [asked?.headers, response?.headers, handshake.faults],
    frames: frames.map(({ chunks: _chunks, ...rest }) => rest),
    messages,
    closing,
    pings,
  };
}
