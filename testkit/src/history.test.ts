// The download over HTTP: the whole log on a connection of its own, equal to what was said live, proven by its last line, and
// gone on with after a break, byte for byte.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, ask, endOf, goOn, linesOf, open, sha256 } from './history-reader.ts';
import { type Json, NativeClient } from './native-client.ts';
import { startTestServer, type TestServer, temporaryDir } from './server.ts';

const TEXTS = 600;
const LONG = 'x'.repeat(2_000);
const FORMATS = ['jsonl', 'html', 'text', 'csv', 'markdown'] as const;

let server: TestServer;
let ada: NativeClient;
const dataDir = temporaryDir();

beforeAll(async () => {
  server = await startTestServer({ DATA_DIR: dataDir });
  ada = await NativeClient.enter(`ws://localhost:${server.port}/ws`, 'Ada');
  for (let i = 0; i < TEXTS; i += 100)
    await Promise.all(Array.from({ length: 100 }, (_, j) => ada.post(`${i + j} ${LONG}`)));
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const address = (query = ''): string => `http://localhost:${server.port}/api/rooms/lobby/history${query}`;
const errorOf = ({ bytes }: Answer): Json => JSON.parse(bytes.toString()).error;

describe('the history', () => {
  it('[L4][H3.1] is what was said live, entry for entry, between its head and its end', async () => {
    const { headers, bytes } = await ask(address());
    expect(headers).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': 'attachment; filename="lobby.jsonl"',
      'cache-control': 'no-store',
    });
    const { head, records, end } = linesOf(bytes);
    await ada.untilText(String(records.at(-1)?.text));
    expect(head).toMatchObject({ epoch: headers['x-wireroom-epoch'], spec: { format: 'jsonl' } });
    expect(String(head.until)).toBe(headers['x-wireroom-until']);
    expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: TEXTS + 1 }, (_, i) => i + 1));
    expect(records.filter(({ type }) => type === 'message')).toEqual(
      ada.entries.filter(({ type }) => type === 'message'),
    );
    expect(end).toMatchObject({ count: TEXTS + 1, first: 1, last: TEXTS + 1, broken: 0, gaps: [] });
  });

  it('[H3.1] begins after a seq, by slug or by id', async () => {
    const { head, records } = linesOf((await ask(address('?after=100'))).bytes);
    expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: TEXTS - 99 }, (_, i) => i + 101));
    const { roomId } = head.room as { roomId: string };
    const byId = linesOf((await ask(address(`?after=${TEXTS}`).replace('lobby', roomId))).bytes);
    expect(byId.records).toHaveLength(1);
    expect(linesOf((await ask(address('?after=1000000'))).bytes).end).toMatchObject({
      count: 0,
      first: null,
    });
  });

  it('[H3.2] comes packed as it is asked for, weights and refusals heeded', async () => {
    const plain = (await ask(address())).bytes;
    for (const [asked, coding] of [
      ['gzip', 'gzip'],
      ['br', 'br'],
      ['gzip;q=0.5, br', 'br'],
      ['*', 'gzip'],
    ] as const) {
      const packed = await ask(address(), { headers: { 'accept-encoding': asked } });
      expect(packed.headers['content-encoding'], asked).toBe(coding);
      expect(sha256(packed.bytes), asked).toBe(sha256(plain));
    }
    for (const refusal of [
      'gzip;q=0',
      'gzip;q=0, br;q=0, *',
      '*, gzip; q=0.0, br;q=0',
      '*;q=0',
      'identity',
    ]) {
      const answer = await ask(address(), { headers: { 'accept-encoding': refusal } });
      expect(answer.headers['content-encoding'], refusal).toBeUndefined();
    }
  });

  it('[H3.2] HEAD says what GET would, and nothing is made for it', async () => {
    const { status, headers, bytes } = await ask(address('?format=html'), { method: 'HEAD' });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['x-wireroom-until']).toBe(String(TEXTS + 1));
    expect(bytes).toHaveLength(0);
  });

  it.each(FORMATS)(
    '[H3.3] %s goes on from any byte, packed or not, and adds up to the same file',
    async (format) => {
      const query = `?format=${format}`;
      const whole = await ask(address(query));
      expect(endOf(whole.bytes)).toMatchObject({ type: 'end', count: TEXTS + 1 });
      const length = whole.bytes.byteLength;
      for (const at of [0, 1, 777, Math.floor(length / 2), length - 300, length - 10, length]) {
        const has = whole.bytes.subarray(0, at);
        const headers = { 'accept-encoding': at % 2 === 0 ? 'identity' : 'gzip' };
        const rest = await ask(address(goOn(whole, has, query)), { headers });
        expect(rest.status).toBe(200);
        expect(sha256(Buffer.concat([has, rest.bytes])), `at ${at}`).toBe(sha256(whole.bytes));
      }
    },
  );

  it('[H3.3] goes on after a record', async () => {
    const whole = await ask(address());
    const lines = whole.bytes.toString().split(/(?<=\n)/);
    const has = Buffer.from(lines.slice(0, 301).join(''));
    const query = goOn(whole, has).replace(/bytes=\d+/, 'seq=300');
    const rest = await ask(address(query));
    expect(sha256(Buffer.concat([has, rest.bytes]))).toBe(sha256(whole.bytes));
  });

  it('[H3.3] what is not what they have is refused, with a sentence', async () => {
    const whole = await ask(address());
    const has = whole.bytes.subarray(0, 5_000);
    const good = goOn(whole, has);
    for (const query of [
      good.replace(/prefix=\w+/, `prefix=${'0'.repeat(64)}`),
      good.replace(/epoch=[^&]+/, 'epoch=another'),
      good.replace(/until=\d+/, 'until=99999'),
      good.replace(/bytes=\d+/, 'bytes=99999999'),
      good.replace(/bytes=\d+/, 'seq=99999'),
      `${good}&tz=Asia%2FShanghai`,
    ]) {
      const answer = await ask(address(query));
      expect([answer.status, errorOf(answer).code], query).toEqual([409, 'history-changed']);
    }
  });

  it.each([
    ['?after=x', 'after'],
    ['?after=-1', 'after'],
    ['?after=', 'after'],
    ['?after=1e3', 'after'],
    ['?after=1&after=2', 'after'],
    [`?after=${'9'.repeat(400)}`, 'after'],
    ['?limit=5', 'limit'],
    ['?format=pdf', 'jsonl, html'],
    ['?from=yesterday', 'from'],
    ['?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'before'],
    ['?tz=Mars/Base', 'tz'],
    ['?bytes=5', 'until, epoch, prefix'],
  ])('refuses %s with a sentence', async (query, named) => {
    const answer = await ask(address(query));
    expect([answer.status, errorOf(answer).code]).toEqual([400, 'bad-query']);
    expect(errorOf(answer).message).toContain(named);
  });

  it('an unknown room is 404 no-room', async () => {
    const answer = await ask(address().replace('lobby', 'nowhere'));
    expect([answer.status, errorOf(answer).code]).toEqual([404, 'no-room']);
  });

  it('waits for slow readers, while the chat goes on; a reader that leaves is forgotten', async () => {
    const slow = await Promise.all(Array.from({ length: 12 }, () => open(address())));
    for (const response of slow) response.pause();
    await ada.post('while twelve downloads wait');
    for (const response of slow.slice(1)) response.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of slow[0] ?? []) chunks.push(chunk);
    // The end was fixed when the download began.
    expect(linesOf(Buffer.concat(chunks)).records).toHaveLength(TEXTS + 1);
    expect(await ada.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
    // Their places are free again: more than may run at once begin one after another.
    for (let i = 0; i < 20; i++) expect((await ask(address(`?after=${TEXTS}`))).status).toBe(200);
  }, 60_000);
});
