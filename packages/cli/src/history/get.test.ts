// `wireroom history get`, and `verify --against`, with a real server; and with one whose bytes stop coming.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chat } from '../chat/chat.ts';
import { FakeIo } from '../terminal/fake-io.fixture.ts';
import { filledServer } from './filled-server.fixture.ts';
import { history } from './history.ts';
import { fixtureHead, historyText } from './history-file.fixture.ts';
import { ProgressLine } from './progress-line.ts';

const OWNER_ONLY = 0o600;
const at = filledServer();

const ran = (args: readonly string[], env = at.ann) => at.run(args, env);
const get = (out: string, ...flags: readonly string[]) =>
  ran(['get', 'lobby', '--url', at.url, '--out', join(at.folder, out), ...flags]);
const verify = (...names: readonly string[]) => ran(['verify', ...names]);
const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('get', { timeout: 60_000 }, () => {
  it.each(['jsonl', 'html', 'text', 'csv', 'markdown'])(
    '[H2.11] brings %s that is whole, for its owner only',
    async (format) => {
      const { code, printed } = await get('history', '--format', format);
      expect(printed).toContain('whole and proven');
      expect(code).toBe(0);
      const path = join(at.folder, 'history');
      expect(modeOf(path)).toBe(OWNER_ONLY);
      expect(readdirSync(at.folder)).toEqual(['history']);
      expect(await verify(path, '--against', at.url)).toMatchObject({ code: 0, complained: '' });
    },
  );

  it('[H2.11] brings the same over the second WebSocket, and to the output', async () => {
    await get('file', '--via', 'http');
    await get('websocket', '--via', 'websocket');
    const file = readFileSync(join(at.folder, 'file'), 'utf8');
    expect(readFileSync(join(at.folder, 'websocket'), 'utf8')).toBe(file);
    const { printed, code } = await ran(['get', `${at.url}/api/rooms/lobby/history`, '--out', '-']);
    expect({ printed, code }).toEqual({ printed: file, code: 0 });
  });

  it('[H2.11] goes on from what is there, to the byte', async () => {
    await get('whole.jsonl');
    const whole = readFileSync(join(at.folder, 'whole.jsonl'));
    const { until, epoch } = JSON.parse(whole.toString().split('\n')[0] ?? '');
    const part = join(at.folder, 'again.jsonl.part');
    const asked = { url: at.socketUrl, room: 'lobby', spec: { format: 'jsonl' } };
    writeFileSync(part, whole.subarray(0, 100_001));
    writeFileSync(`${part}.json`, JSON.stringify({ asked, until, epoch }));
    const { code, complained } = await get('again.jsonl');
    expect(complained).toContain('Going on with');
    expect(code).toBe(0);
    expect(readFileSync(join(at.folder, 'again.jsonl')).equals(whole)).toBe(true);
    // Bytes that the server would not have sent: it begins anew.
    writeFileSync(part.replace('again', 'forged'), whole.subarray(0, 100_001).fill(0x21, 90_000));
    writeFileSync(`${part.replace('again', 'forged')}.json`, JSON.stringify({ asked, until, epoch }));
    const forged = await get('forged.jsonl');
    expect(forged.complained).toContain('Beginning anew.');
    expect(forged.code).toBe(0);
    expect(readdirSync(at.folder).toSorted()).toEqual(['again.jsonl', 'forged.jsonl', 'whole.jsonl']);
  });

  it('[H2.11] touches nothing that is there already, or of another download', async () => {
    writeFileSync(join(at.folder, 'mine.jsonl'), 'mine');
    expect(await get('mine.jsonl')).toMatchObject({
      code: 2,
      complained: expect.stringContaining('is there already'),
    });
    expect(readFileSync(join(at.folder, 'mine.jsonl'), 'utf8')).toBe('mine');
    const note = { asked: { url: at.url, room: 'other', spec: { format: 'jsonl' } }, until: 3, epoch: 'e' };
    writeFileSync(join(at.folder, 'x.jsonl.part'), 'theirs');
    writeFileSync(join(at.folder, 'x.jsonl.part.json'), JSON.stringify(note));
    expect(await get('x.jsonl')).toMatchObject({
      code: 2,
      complained: expect.stringContaining('of another download'),
    });
    expect(readFileSync(join(at.folder, 'x.jsonl.part'), 'utf8')).toBe('theirs');
  });

  it('[H2.11] that is interrupted leaves what has come, says the command, and that goes on', async () => {
    const { address, letGo, dispose } = await stallingServer();
    const out = join(at.folder, 'slow.jsonl');
    const args = ['get', 'lobby', '--url', address, '--out', out, '--via', 'http'];
    const io = new FakeIo({ env: at.ann });
    const stopped = history(args, io);
    while (!existsSync(`${out}.part`) || statSync(`${out}.part`).size === 0) await new Promise(setImmediate);
    io.interrupt();
    expect(await stopped).toBe(1);
    expect(io.complained).toContain(
      `in ${out}.part; this goes on from there:\n  wireroom history get lobby --url ${address}`,
    );
    expect([modeOf(`${out}.part`), modeOf(`${out}.part.json`)]).toEqual([OWNER_ONLY, OWNER_ONLY]);
    letGo();
    expect((await ran(args)).code).toBe(0);
    await get('plain.jsonl');
    expect(readFileSync(out, 'utf8')).toBe(readFileSync(join(at.folder, 'plain.jsonl'), 'utf8'));
    await dispose();
  });

  it('[H2.12] does not fetch parts again that are whole, and goes on with the next', async () => {
    await get('lobby.html', '--format', 'html');
    const { head } = endOf(readFileSync(join(at.folder, 'lobby.html'), 'utf8'));
    const first = historyText(fixtureHead('html', { ...head, spec: { format: 'html' } }), {
      to: 10,
      more: { next: 10 },
    });
    writeFileSync(join(at.folder, 'lobby.html'), first.text);
    const { code, printed } = await get('', '--format', 'html');
    expect(printed).toMatch(
      /lobby\.html is there already, and whole\.\n.*lobby-after-10\.html: \d+ records, #11 to/,
    );
    expect(code).toBe(0);
    const parts = ['lobby.html', 'lobby-after-10.html'].map((name) => join(at.folder, name));
    expect(await verify(...parts)).toMatchObject({ code: 0 });
    // The first of them is not of this server, and it says so.
    expect(await verify(...parts, '--against', at.url)).toMatchObject({ code: 1 });
  });

  it('[H2.13] takes a token from the environment, and does without one that was forgotten', async () => {
    const args = ['get', 'lobby', '--url', at.url, '--out', '-'];
    expect(await ran(args, { ...at.ann, WIREROOM_TOKEN: 'nobody' })).toMatchObject({
      code: 2,
      complained: expect.stringContaining('(bad-token)'),
    });
    const other = mkdtempSync(join(tmpdir(), 'wireroom-get-other-'));
    const remembered = {
      [`wireroom:${at.socketUrl}:identity`]: JSON.stringify({
        guests: [{ name: 'A', token: 'gone' }],
      }),
    };
    const visitor = { XDG_CONFIG_HOME: other };
    await chat([at.url, '--forget'], new FakeIo({ env: visitor }));
    writeFileSync(join(other, 'chat.json'), JSON.stringify(remembered));
    expect(await ran(args, visitor)).toMatchObject({ code: 0 });
    rmSync(other, { recursive: true });
  });

  it('[H2.11] says what is wrong with a command in a sentence, and exits with 2', async () => {
    const complaint = async (...args: readonly string[]) => {
      const { code, complained } = await ran(['get', ...args]);
      expect(code).toBe(2);
      return complained;
    };
    expect(await complaint()).toContain('name the room');
    expect(await complaint('lobby', 'other')).toContain('one room at a time');
    expect(await complaint('lobby', '--format', 'pdf')).toContain('--format is one of: jsonl, html');
    expect(await complaint('lobby', '--from', 'monday')).toContain('--from is a day or an instant');
    expect(await complaint('lobby', '--tz', 'Atlantis')).toContain('--tz is the name of a time zone');
    expect(await complaint('lobby', '--token', 'x')).toContain("'--token'");
    expect(await complaint('https://chat.example/')).toContain('names no room');
    expect(await complaint('nowhere', '--url', at.url, '--out', '-')).toContain('(no-room)');
  });
});

describe('verify --against', { timeout: 60_000 }, () => {
  it('[H2.15] tells a file that proves itself from what the server has', async () => {
    const forged = join(at.folder, 'forged.jsonl');
    writeFileSync(forged, historyText(fixtureHead('jsonl')).text);
    expect(await verify(forged, '--against', at.url)).toMatchObject({
      code: 2,
      complained: expect.stringContaining('(no-room)'),
    });
    await get('real.text', '--format', 'text');
    const real = readFileSync(join(at.folder, 'real.text'), 'utf8');
    const { head } = endOf(real);
    const other = historyText(fixtureHead('text', { ...head, spec: { format: 'text' } }), { to: 20 });
    writeFileSync(forged, other.text);
    expect(await verify(forged)).toMatchObject({ code: 0 });
    expect(await verify(forged, '--against', at.url)).toMatchObject({
      code: 1,
      complained: expect.stringContaining(`is NOT what ${at.url} has`),
    });
  });
});

describe('the line of progress', () => {
  const picture = { until: 100, epoch: fixtureHead('jsonl').epoch };
  const progress = { via: 'http', isResuming: false, picture } as const;

  it('[H2.14] has share, rate and time left in a terminal', () => {
    const io = new FakeIo();
    Object.assign(io.errors, { isTTY: true });
    let now = 0;
    const line = new ProgressLine(io, 'lobby.jsonl', () => now);
    line.estimate = { ...picture, records: 100, bytes: 1, parts: 1 };
    // What was there before counts for the share, not for the rate.
    line.show({ ...progress, bytes: 1_000_000, records: 20 });
    now = 2000;
    line.show({ ...progress, bytes: 1_204_800, records: 40 });
    expect(io.complained).toContain('lobby.jsonl  40 %  40 records  1.1 MiB  100.0 KiB/s  6 s left');
    line.show({ ...progress, bytes: 1, records: 1, waiting: { code: 'x', message: 'Gone.', retryAt: 5000 } });
    expect(io.complained).toContain('Gone. Again in 3 s');
    line.clear();
    expect(io.complained.endsWith('\r\u001b[K')).toBe(true);
  });

  it('[H2.14] is not there where there is no terminal', () => {
    const io = new FakeIo();
    const line = new ProgressLine(io, 'lobby.jsonl');
    line.show({ ...progress, bytes: 1, records: 1 });
    line.clear();
    expect(io.complained).toBe('');
  });
});

function endOf(file: string) {
  return JSON.parse(/wireroom-end (\{.*\})/.exec(file)?.[1] ?? '');
}

/** In front of the real one: of the first download it lets some bytes through, and no more. */
async function stallingServer() {
  let isStalling = true;
  const proxy = createServer(async (request, response) => {
    const { authorization = '' } = request.headers;
    const answer = await fetch(`${at.url}${request.url}`, {
      headers: authorization ? { authorization } : {},
    });
    const { 'content-encoding': _, 'content-length': __, ...headers } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, headers);
    const body = Buffer.from(await answer.arrayBuffer());
    if (!isStalling) return response.end(body);
    return response.write(body.subarray(0, 20_000));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    letGo: () => {
      isStalling = false;
    },
    dispose: () => {
      proxy.closeAllConnections();
      return new Promise((resolve) => proxy.close(resolve));
    },
  };
}
