import { afterEach, describe, expect, it } from 'vitest';
import type { Case, Verdict } from '../case.ts';
import { CASES } from '../cases/cases.ts';
import { QUICK_PACE } from '../pace.ts';
import { type Faults, FaultyServer } from '../testing/faulty-server.ts';
import type { Direction } from '../wire/deflate.ts';
import { CLOSE, type Frame, text } from '../wire/frame.ts';
import { acceptOf, writeAnswer } from '../wire/http.ts';
import { testServer } from './server-run.ts';
import type { CaseResult } from './trial.ts';

/** Who is known to make mistakes need not be waited for long. */
const PACE = {
  ...QUICK_PACE,
  pauseMs: 50,
  promptMs: 300,
  replyTimeoutMs: 400,
  largeTimeoutMs: 2_000,
  messagesMax: 10,
};

/** What should pass may take its time. */
const PATIENT = { ...PACE, replyTimeoutMs: 15_000, largeTimeoutMs: 15_000 };

let server: FaultyServer | undefined;

afterEach(() => server?.close());

async function resultsOf(
  faults: Faults,
  chosen: (tested: Case) => boolean,
  pace = PACE,
): Promise<CaseResult[]> {
  server = new FaultyServer(faults);
  return testServer(await server.listen(), { cases: CASES.filter(chosen), pace });
}

const inSection =
  (...sections: string[]) =>
  ({ section }: Case): boolean =>
    sections.includes(section);
const withId =
  (pattern: RegExp) =>
  ({ id }: Case): boolean =>
    pattern.test(id);

const idsOf = (results: readonly CaseResult[], verdict: Verdict): string[] =>
  results.filter((result) => result.verdict === verdict).map(({ id }) => id);
const verdictsOf = (results: readonly CaseResult[]): Set<Verdict> =>
  new Set(results.map(({ verdict }) => verdict));
const notesOf = (results: readonly CaseResult[]): string => results.flatMap(({ notes }) => notes).join('\n');

describe('a server that takes everything', () => {
  it('passes what is allowed', async () => {
    const results = await resultsOf(
      {},
      withId(/^(1\.|2\.[1-4678]|5\.[1-7][wfb]|6\.[12579]\.1|7\.1\.1|7\.7|10\.[345])/),
      PATIENT,
    );
    expect(results.length).toBeGreaterThan(100);
    expect(idsOf(results, 'pass').length).toBe(results.length);
  });

  it('fails every reserved bit, opcode, illegal fragment and wrong mask', async () => {
    const results = await resultsOf(
      {},
      (tested) => inSection('3', '4')(tested) || withId(/^(2\.5|5\.(8|1\d|2\d)|15\.1)/)(tested),
    );
    const notFailed = results.filter(({ verdict }) => verdict !== 'fail').map(({ id }) => id);
    // It does close when it gets a Close frame, only with the wrong code: that is not strict.
    const onCloseFrames = /^(3\.[1-7]\.4|5\.11|15\.1\.6)/;
    expect(notFailed.filter((id) => !onCloseFrames.test(id))).toEqual([]);
    expect(results.length).toBeGreaterThan(150);
  });

  it('fails bad text by the echo of it', async () => {
    const results = await resultsOf(
      {},
      (tested) => tested.section === '6' && /not valid|surrogate in the middle|bad/.test(tested.title),
    );
    expect(results.length).toBeGreaterThan(100);
    expect(verdictsOf(results)).toEqual(new Set(['fail']));
  });

  it('fails bad Close frames, since it sends them back', async () => {
    const results = await resultsOf({}, withId(/^7\.(3\.[27]|5|9)/));
    expect(verdictsOf(results)).toEqual(new Set(['fail']));
  });

  it('fails handshakes that no server may take, and is told of those that none should', async () => {
    const results = await resultsOf({}, withId(/^14\.[12]\./));
    expect(verdictsOf(results.filter(({ id }) => id.startsWith('14.1.')))).toEqual(new Set(['fail']));
    expect(idsOf(results, 'pass')).toEqual([]);
  });

  it('is not strict about long forms', async () => {
    const results = await resultsOf({}, withId(/^15\.2\.[1-6]/));
    expect(verdictsOf(results)).toEqual(new Set(['non-strict']));
  });

  it('has no compression, which is no failure', async () => {
    const results = await resultsOf({}, withId(/^(12\.1|13\.1|17\.1)\./));
    expect(verdictsOf(results)).toEqual(new Set(['unimplemented']));
  });
});

describe('one mistake each', () => {
  const mistakes: readonly (readonly [string, Faults, RegExp])[] = [
    ['masks its frames', { send: (frame) => [{ ...frame, mask: 'wrong' }] }, /a masked frame/],
    ['sets a reserved bit', { send: (frame) => [{ ...frame, rsv: 1 }] }, /reserved bits 1/],
    ['uses long forms', { send: (frame) => [{ ...frame, lengthBytes: 8 }] }, /shortest form/],
    ['answers twice', { send: (frame) => [frame, frame] }, /unasked for|after the Close frame/],
    ['answers nothing', { send: () => [] }, /did not come|no Close frame/],
    [
      'echoes with one byte changed',
      {
        send: (frame) => [
          frame.opcode === CLOSE
            ? frame
            : { ...frame, payload: Buffer.from(frame.payload ?? []).fill('#', 0, 1) },
        ],
      },
      /instead of/,
    ],
    [
      'sends text after its Close frame',
      { send: (frame) => (frame.opcode === CLOSE ? [frame, text('late')] : [frame]) },
      /after the Close frame/,
    ],
    [
      'closes with a code that must not be sent',
      {
        send: (frame) => [frame.opcode === CLOSE ? { ...frame, payload: Buffer.from('03ee', 'hex') } : frame],
      },
      /close code 1006/,
    ],
    ['never ends TCP', { staysOpen: true }, /did not end TCP/],
    ['does not know the key', { answer: () => writeAnswer('another') }, /Sec-WebSocket-Accept is wrong/],
    [
      'accepts an extension that nobody offered',
      { answer: (key) => writeAnswer(key, { 'Sec-WebSocket-Extensions': 'permessage-deflate' }) },
      /was not offered/,
    ],
    [
      'chooses a subprotocol that nobody offered',
      { answer: (key) => writeAnswer(key, { 'Sec-WebSocket-Protocol': 'chat' }) },
      /subprotocol/,
    ],
    ['speaks HTTP only', { answer: () => 'HTTP/1.1 200 OK\r\n\r\n' }, /200 OK/],
    ['speaks something else', { answer: () => 'SSH-2.0\r\nhello\r\n\r\n' }, /not a header field/],
  ];

  it.each(mistakes)('a server that %s fails', async (_, faults, note) => {
    const results = await resultsOf(faults, withId(/^(1\.1\.2w|6\.2\.1w)$/));
    expect(verdictsOf(results)).toEqual(new Set(['fail']));
    expect(notesOf(results)).toMatch(note);
  });

  it('mixes up a large message in its middle', async () => {
    const spoil = (frame: Frame): readonly Frame[] => {
      const payload = Buffer.from(frame.payload ?? []);
      if (payload.length > 50_000) payload[40_000] = 0x23;
      return [{ ...frame, payload }];
    };
    const results = await resultsOf({ send: spoil }, withId(/^(1\.2\.8w|9\.2\.1)$/));
    expect(verdictsOf(results)).toEqual(new Set(['fail']));
  });
});

describe('a server that cheats with compression', () => {
  const FULL: Direction = { keepsHistory: true, windowBits: 15 };
  const cheating = (parameters: string, promised: Direction, really: Direction): Faults => ({
    answer: (key) => writeAnswer(key, { 'Sec-WebSocket-Extensions': `permessage-deflate${parameters}` }),
    deflate: { agreement: { server: promised, client: FULL }, really },
  });
  const short = { keepsHistory: true, windowBits: 9 };
  const none = { keepsHistory: false, windowBits: 15 };

  it('passes when it does not', async () => {
    const results = await resultsOf(
      cheating('', FULL, FULL),
      withId(/^(12\.[1-5]\.[1-8]|13\.1\.\d)$/),
      PATIENT,
    );
    expect(notesOf(results)).toBe('');
    expect(verdictsOf(results)).toEqual(new Set(['pass']));
  });

  it('fails when it keeps a history that it promised to forget', async () => {
    const results = await resultsOf(
      cheating('; server_no_context_takeover', none, FULL),
      withId(/^13\.2\.[2-9]$/),
    );
    expect(verdictsOf(results)).toEqual(new Set(['fail']));
  });

  it('fails when it looks further back than it promised', async () => {
    const results = await resultsOf(
      cheating('; server_max_window_bits=9', short, FULL),
      withId(/^13\.3\.[4-9]$/),
    );
    expect(verdictsOf(results)).toEqual(new Set(['fail']));
  });

  it('fails when it looks further back inside one message of 4 KiB, without any history', async () => {
    const parameters = '; server_no_context_takeover; server_max_window_bits=9';
    const faults = cheating(parameters, { keepsHistory: false, windowBits: 9 }, none);
    expect(verdictsOf(await resultsOf(faults, withId(/^13\.5\.[5-9]$/)))).toEqual(new Set(['fail']));
  });

  it('fails when it accepts less than was asked for', async () => {
    const results = await resultsOf(cheating('', FULL, FULL), withId(/^13\.[235]\.1$/));
    expect(notesOf(results)).toMatch(/asked for/);
    expect(verdictsOf(results)).toEqual(new Set(['fail']));
  });
});

describe('a server that is not there', () => {
  it('fails every case, and the run ends', async () => {
    server = new FaultyServer();
    const url = await server.listen();
    await server.close();
    const results = await testServer(url, { cases: CASES.filter(inSection('2', '14')), pace: PACE });
    expect(verdictsOf(results)).toEqual(new Set(['fail']));
    expect(notesOf(results)).toContain('ECONNREFUSED');
  });

  it('is as bad as one that says nothing', async () => {
    const results = await resultsOf({ answer: () => '' }, withId(/^(1\.1\.1|14\.1\.1)/));
    expect(verdictsOf(results)).toEqual(new Set(['fail']));
    expect(acceptOf('dGhlIHNhbXBsZSBub25jZQ==')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  });
});
