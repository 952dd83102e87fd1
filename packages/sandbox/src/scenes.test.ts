// Every scene is played, and what it shows is what its text says: by what is decoded from the wire, not only by having run.
import { type Capture, type CaptureRecord, type CloseRecord, decode } from '@wireroom/capture';
import { describe, expect, it } from 'vitest';
import { playScene } from './play.ts';
import type { PlayOptions } from './scene.ts';

/** How the program is told that a connection has ended. */
const ends = ({ records }: Capture): CloseRecord | undefined =>
  records.find((record) => record.kind === 'close');
const endings = (captures: readonly Capture[]): unknown[] =>
  captures.map((capture) => [ends(capture)?.code, ends(capture)?.wasClean]);
const statuses = (captures: readonly Capture[]): unknown[] =>
  captures.map((capture) => decode(capture).handshake.response?.status);
/** Frames as `> opcode payload`, `<` from the server; what is not text in hex. */
const frames = (capture: Capture): string[] =>
  decode(capture).frames.map(({ direction, opcode, payload, fin }) => {
    const text = opcode === 8 ? Buffer.from(payload).toString('hex') : Buffer.from(payload).toString();
    return `${direction === 'in' ? '>' : '<'} ${opcode}${fin ? '' : '+'} ${text}`.trimEnd();
  });
const faultsOf = (capture: Capture): string[] => {
  const { handshake, frames: all, messages } = decode(capture);
  return [handshake, ...all, ...messages].flatMap(({ faults }) => faults.map(({ code }) => code));
};
const notes = ({ records }: Capture): (string | undefined)[] =>
  records.flatMap((record) => (record.kind === 'note' ? [record.id] : []));
const noteOf = (captures: readonly Capture[], id: string): string =>
  captures
    .flatMap(({ records }) => records)
    .flatMap((record) => (record.kind === 'note' && record.id === id ? [record.text] : []))[0] ?? '';

async function play(name: string, options?: PlayOptions): Promise<readonly [Capture, ...Capture[]]> {
  const { captures } = await playScene(name, options);
  const [first, ...rest] = captures;
  if (first === undefined) throw new Error(`${name} has recorded nothing`);
  return [first, ...rest];
}

const CLOSE_1000 = ['> 8 03e8', '< 8 03e8'];

describe('scenes about frames', () => {
  it('[T10] masking: one text and its echo, masked and not masked', async () => {
    const [capture] = await play('masking');
    expect(frames(capture)).toEqual(['> 1 Hello, 世界', '< 1 Hello, 世界', ...CLOSE_1000]);
    expect(decode(capture).frames.map(({ masked }) => masked)).toEqual([true, false, true, false]);
    expect(decode(capture).handshake.isAcceptRight).toBe(true);
    expect(faultsOf(capture)).toEqual([]);
  });

  it('[T10] fragmented-message: three frames and a ping between them are one message', async () => {
    const [capture] = await play('fragmented-message');
    expect(frames(capture)).toEqual([
      '> 1+ Three',
      '> 0+ frames,',
      '> 9 in between',
      '< 10 in between',
      '> 0 one message',
      '< 1 Three frames, one message',
      ...CLOSE_1000,
    ]);
    expect(decode(capture).messages[0]?.frames).toEqual([0, 1, 3]);
  });

  it('[T10] ping: each end pings, the pong carries the same bytes', async () => {
    const [capture] = await play('ping');
    const { pings } = decode(capture);
    expect(pings.map(({ direction, pong }) => [direction, pong !== undefined])).toEqual([
      ['in', true],
      ['out', true],
    ]);
  });

  it('[T10] two-frames-one-write: one read, two frames, both answered', async () => {
    const [capture] = await play('two-frames-one-write');
    const [first, second] = decode(capture).frames;
    expect([first?.chunks, second?.chunks]).toEqual([[1], [1]]);
    expect(frames(capture)).toContain('< 1 second');
  });

  it('[T10] frame-in-three-writes: one frame, three reads, cut inside its header', async () => {
    const [capture] = await play('frame-in-three-writes');
    expect(decode(capture).frames[0]?.chunks).toEqual([1, 2, 3]);
    expect(
      decode(capture)
        .chunks.in.map(({ bytes }) => bytes.length)
        .slice(1, 4),
    ).toEqual([1, 9, 11]);
    expect(frames(capture)).toContain('< 1 in three pieces');
  });

  it('[T10] compressed: the second time the same line is much smaller', async () => {
    const [capture] = await play('compressed');
    const sent = decode(capture).messages.filter(({ direction }) => direction === 'in');
    expect(sent.map(({ isCompressed, text }) => [isCompressed, text])).toEqual([
      [true, 'The same line again and again compresses well.'],
      [true, 'The same line again and again compresses well.'],
    ]);
    const [first = 0, second = 0] = sent.map(({ carriedLength }) => carriedLength);
    expect(second).toBeLessThan(first / 4);
    expect(faultsOf(capture)).toEqual([]);
  });

  it.each([
    ['bad-utf8', 1007, ['text-utf8'], 'utf8-invalid'],
    ['unmasked-frame', 1002, ['client-unmasked'], 'mask-missing'],
    ['reserved-bit', 1002, ['rsv-not-agreed'], 'reserved-bits'],
    ['reserved-opcode', 1002, ['opcode-reserved'], 'opcode-reserved'],
    ['length-not-shortest', 1002, ['length-not-shortest'], 'length-not-shortest'],
    ['control-too-long', 1002, ['control-too-long'], 'control-too-long'],
    ['close-1006', 1002, ['close-code'], 'close-code-invalid'],
  ])('[T10] %s: the server closes with %i', async (name, code, faults, error) => {
    const [capture] = await play(name);
    expect(faultsOf(capture)).toEqual(faults);
    expect(ends(capture)).toMatchObject({ code, error: { code: error } });
    const closes = decode(capture).frames.filter(
      ({ direction, opcode }) => direction === 'out' && opcode === 8,
    );
    expect(closes.map(({ close }) => close?.code)).toEqual([code]);
  });

  it('[T10] giant-length: 1009 after fourteen bytes', async () => {
    const [capture] = await play('giant-length');
    expect(decode(capture).chunks.in[1]?.bytes.length).toBe(14);
    expect(ends(capture)).toMatchObject({ code: 1009, error: { code: 'message-too-large' } });
  });

  it('[T10] own-bytes: sends what was given, and closes where it can', async () => {
    const [capture] = await play('own-bytes', { bytes: Buffer.from('818400000000' + '74657374', 'hex') });
    expect(frames(capture)).toEqual(['> 1 test', '< 1 test', ...CLOSE_1000]);
  });

  it('[T10] own-bytes: hangs up where a Close frame would be payload', async () => {
    const [capture] = await play('own-bytes', { bytes: Buffer.from('818400000000', 'hex') });
    expect(notes(capture)).toEqual(['own-bytes-sent', 'own-bytes-unfinished']);
    expect(endings([capture])).toEqual([[1006, false]]);
    expect(decode(capture).unfinished.in?.kind).toBe('frame');
  });

  it('[T10] own-bytes: shows the refusal of bytes that are no frame', async () => {
    const [capture] = await play('own-bytes', { bytes: Buffer.from('GET / HTTP/1.1\r\n\r\n') });
    expect(ends(capture)).toMatchObject({ code: 1002 });
  });
});

describe('scenes about the life of a connection', () => {
  it('[T10] clean-close: both say Close, the client first', async () => {
    const [capture] = await play('clean-close');
    expect(ends(capture)).toMatchObject({ code: 1000, reason: 'done', wasClean: true, begunBy: 'client' });
  });

  it('[T10] cut-tcp: half a frame, no Close, 1006', async () => {
    const [capture] = await play('cut-tcp');
    expect(ends(capture)).toMatchObject({ code: 1006, error: { code: 'connection-lost' } });
    expect(decode(capture).unfinished.in?.kind).toBe('frame');
  });

  it('[T10] slow-reader: given up with 1013 at the bound, and told so behind all that was under way', async () => {
    const [capture] = await play('slow-reader');
    expect(ends(capture)).toMatchObject({ code: 1013, error: { code: 'outgoing-overflow' } });
    expect(Number(/(\d+) KiB/.exec(noteOf([capture], 'reader-given-up'))?.[1])).toBeLessThanOrEqual(256);
    const closes = decode(capture).frames.filter(({ opcode }) => opcode === 8);
    expect(closes.map(({ direction, close }) => [direction, close?.code])).toEqual([
      ['out', 1013],
      ['in', 1013],
    ]);
  });

  it('[T10] drop-five-seconds: an unanswered ping, and 1006', async () => {
    const [capture] = await play('drop-five-seconds', { pauseMs: 400 });
    expect(decode(capture).pings.map(({ direction, pong }) => [direction, pong])).toEqual([
      ['out', undefined],
    ]);
    expect(endings([capture])).toEqual([[1006, false]]);
    expect(notes(capture)).toEqual(['traffic-dropped', 'server-gave-up', 'traffic-back']);
  });

  it.each([
    ['half-handshake', 408, 'head-timeout', []],
    ['wrong-version', 426, 'version-unsupported', ['request-websocket-version']],
    ['missing-key', 400, 'key-invalid', ['request-key']],
  ])('[T10] %s: refused with %i', async (name, status, error, faults) => {
    const [capture] = await play(name, { pauseMs: 60 });
    expect(decode(capture).handshake.response?.status).toBe(status);
    expect(ends(capture)).toMatchObject({ code: 1006, error: { code: error } });
    expect(faultsOf(capture)).toEqual(faults);
  });
});

describe('faults and their cures', () => {
  it('[T11] idle-connection-closed: 1006 without pings; with them it outlives the proxy’s patience', async () => {
    const captures = await play('idle-connection-closed');
    expect(endings(captures)).toEqual([
      [1006, false],
      [1000, true],
    ]);
    const pings = captures.map(
      (capture) => decode(capture).pings.filter(({ pong }) => pong !== undefined).length,
    );
    expect(pings[0]).toBe(0);
    expect(pings[1]).toBeGreaterThanOrEqual(4);
    expect(lasted(captures[1])).toBeGreaterThan(400_000);
  });

  it('[T11] upgrade-header-missing: what comes out of the proxy asks for nothing: 426; passed on: 101', async () => {
    const captures = await play('upgrade-header-missing');
    expect(statuses(captures)).toEqual([426, 426, 101, 101]);
    expect(captures.map(faultsOf)).toEqual([
      [],
      ['request-version', 'request-upgrade', 'request-connection'],
      [],
      [],
    ]);
  });

  it('[T11] closed-1006: killed says nothing, an error 1011, a restart 1012', async () => {
    const captures = await play('closed-1006');
    expect(endings(captures)).toEqual([
      [1006, false],
      [1011, false],
      [1012, true],
    ]);
    const said = captures.map(
      (capture) =>
        decode(capture).frames.find(({ direction, opcode }) => direction === 'out' && opcode === 8)?.close
          ?.code,
    );
    expect(said).toEqual([undefined, 1011, 1012]);
  });

  it('[T11] sticky-sessions-missing: 400 at the other server; with a cookie all is answered by one', async () => {
    const captures = await play('sticky-sessions-missing');
    const polls = captures.map(({ records }) =>
      records.flatMap((record) =>
        record.kind === 'poll' && record.direction === 'out' ? [record.status] : [],
      ),
    );
    expect(polls).toEqual([
      [200, 400],
      [200, 200, 200],
    ]);
    expect(noteOf(captures, 'session-unknown')).toContain('Session ID unknown');
  });

  it('[T11] origin-refused: 403 by the list, 101 once the origin is on it', async () => {
    const captures = await play('origin-refused');
    expect(statuses(captures)).toEqual([403, 101]);
    const verdicts = captures.map(({ records }) =>
      records.flatMap((record) => (record.kind === 'verdict' ? [record.isAllowed] : [])),
    );
    expect(verdicts).toEqual([[false], [true]]);
  });

  it('[T11] mixed-content: a TLS record where HTTP was expected; behind TLS it works', async () => {
    const captures = await play('mixed-content');
    expect([...(decode(captures[0]).chunks.in[0]?.bytes.subarray(0, 3) ?? [])]).toEqual([0x16, 0x03, 0x01]);
    expect(ends(captures[0])).toMatchObject({ code: 1006, error: { code: 'head-malformed' } });
    const [, second] = captures;
    expect(second?.records[0]).toMatchObject({ kind: 'open', tls: { protocol: 'TLSv1.2' } });
    expect(statuses(captures).at(1)).toBe(101);
    expect(endings(captures).at(1)).toEqual([1000, true]);
  });

  it('[T11] token-expired: refused as often as it is presented; welcome once it is forgotten', async () => {
    const captures = await play('token-expired');
    const answers = captures.map((capture) => answersIn(capture, 'type'));
    expect(answers).toEqual([['refused'], ['refused'], ['refused'], ['refused', 'welcome']]);
  });

  it('[T11] slow-reader-fills-memory: MiB wait without looking; with looking never more than a message', async () => {
    const captures = await play('slow-reader-fills-memory');
    expect(Number(/(\d+) MiB/.exec(noteOf(captures, 'memory-filled'))?.[1])).toBeGreaterThanOrEqual(4);
    expect(Number(/than (\d+) KiB/.exec(noteOf(captures, 'memory-bounded'))?.[1])).toBeLessThanOrEqual(192);
    expect(endings(captures)).toEqual([
      [1006, false],
      [1000, true],
    ]);
  });

  it('[T11] message-too-big: 1009, and 1009 again; in parts it arrives', async () => {
    const captures = await play('message-too-big');
    expect(endings(captures)).toEqual([
      [1009, false],
      [1009, false],
      [1000, true],
    ]);
    const parts = decode(captures[2] ?? captures[0]).messages.filter(({ text }) => text?.includes('"part"'));
    expect(parts.every(({ carriedLength }) => carriedLength <= 1024)).toBe(true);
    const whole = parts.map(({ text = '{}' }) => String(JSON.parse(text).text)).join('');
    expect(whole).toBe('iVBORw0KGgo'.repeat(150));
  });

  it('[T11] thundering-herd: all in one slot, the last waits for all; spread out nobody does', async () => {
    const captures = await play('thundering-herd');
    const [herd = [], spread = []] = captures.map((capture) =>
      (/: ([\d ]+)\.$/.exec(noteOf([capture], 'herd-arrivals'))?.[1] ?? '').split(' ').map(Number),
    );
    expect(Math.max(...herd)).toBeGreaterThan(2 * Math.max(...spread));
    const [first = 0, second = 0] = captures.map((capture) =>
      Number(/was (\d+) ms/.exec(noteOf([capture], 'herd-longest-wait'))?.[1]),
    );
    expect(first).toBeGreaterThan(second);
  });

  it('[T11] lost-last-message: two of three; with a look at the head all three', async () => {
    const captures = await play('lost-last-message', { pauseMs: 20 });
    expect(answersIn(captures[0], 'seq')).toEqual([1, 2]);
    const last = decode(captures[1] ?? captures[0]).messages.at(-1)?.text;
    expect(JSON.parse(last ?? '')).toMatchObject({ type: 'page', entries: [{ seq: 3 }] });
  });

  it('[T11] duplicate-on-retry: twice in the log without a draftId, once with it', async () => {
    const captures = await play('duplicate-on-retry');
    expect(captures.map((capture) => answersIn(capture, 'seq'))).toEqual([[1], [2], [1], [1]]);
    expect(noteOf(captures.slice(0, 2), 'in-the-log')).toContain('2');
    expect(noteOf(captures.slice(2), 'in-the-log')).toContain('1');
  });

  it('[T11] clock-skew: by the clocks the answer comes first, by seq the question does', async () => {
    const captures = await play('clock-skew');
    expect(noteOf(captures, 'order-by-clock')).toContain('Bob, Ada');
    expect(noteOf(captures, 'order-by-seq')).toContain('Ada, Bob');
    expect(captures.map((capture) => answersIn(capture, 'seq'))).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('[T11] connection-leak: five stay without pings, none with them', async () => {
    // Pings come after a quarter of it: by then, on a busy machine too, all clients are there and have gone silent.
    const captures = await play('connection-leak', { pauseMs: 2_000 });
    expect(noteOf(captures, 'leaked')).toContain('5');
    expect(noteOf(captures, 'leak-found')).toContain('0');
    const pings = captures.map((capture) => decode(capture).pings.map(({ pong }) => pong));
    expect(pings).toEqual([[], [undefined]]);
    expect(ends(captures[1] ?? captures[0])?.error?.code).toBe('pong-timeout');
  });

  it('[T11] compression-bomb: inflated whole by the first server, refused with 1009 by the second', async () => {
    const captures = await play('compression-bomb');
    expect(frames(captures[0])).toContain('< 1 8388608 bytes');
    expect(ends(captures[1] ?? captures[0])).toMatchObject({
      code: 1009,
      error: { code: 'message-too-large' },
    });
    const [bomb] = decode(captures[0]).messages;
    expect(bomb?.carriedLength).toBeLessThan(10_000);
  });
});

/** One field of each JSON message from the server. */
function answersIn(capture: Capture, field: string): unknown[] {
  return decode(capture).messages.flatMap(({ direction, text = '{}' }) =>
    direction === 'out' ? [JSON.parse(text)[field]] : [],
  );
}

/** From the first record to the last, in microseconds. */
function lasted(capture: Capture | undefined): number {
  const records: readonly CaptureRecord[] = capture?.records ?? [];
  return (records.at(-1)?.at ?? 0) - (records[0]?.at ?? 0);
}
