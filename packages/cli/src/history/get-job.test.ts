// `wireroom history get --job` with a real server; and with one that cuts connections in the middle of the file.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memoryFile, rememberedToken } from '../chat/memory-file.ts';
import { filledServer } from './filled-server.fixture.ts';

const at = filledServer();

const token = (): string => rememberedToken(memoryFile(at.ann), at.socketUrl) ?? '';

const ran = (args: readonly string[], env: Record<string, string> = { WIREROOM_TOKEN: token() }) =>
  at.run(args, { XDG_CONFIG_HOME: at.folder, ...env });
const get = (out: string, ...flags: readonly string[]) =>
  ran(['get', 'lobby', '--url', at.url, '--out', join(at.folder, out), ...flags]);
const asker = () => ({ authorization: `Bearer ${token()}` });
const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${at.url}${path}`, { ...init, headers: asker() });
const begin = async () => {
  const response = await ask('/api/rooms/lobby/history/jobs', { method: 'POST' });
  const { job }: { readonly job: { readonly id: string } } = await response.json();
  return job.id;
};

describe('get --job', { timeout: 120_000 }, () => {
  it('[H2.16] has the server make the file, brings it whole, and leaves nothing there', async () => {
    expect(await get('job.jsonl', '--job')).toMatchObject({
      code: 0,
      printed: expect.stringContaining('whole and proven'),
    });
    await get('plain.jsonl');
    expect(readFileSync(join(at.folder, 'job.jsonl'))).toEqual(readFileSync(join(at.folder, 'plain.jsonl')));
    expect(statSync(join(at.folder, 'job.jsonl')).mode & 0o777).toBe(0o600);
    expect(readdirSync(at.folder).toSorted()).toEqual(['job.jsonl', 'plain.jsonl']);
    // Were they kept, the fifth would be one too many.
    for (let count = 0; count < 5; count++)
      expect(await get(`${count}.csv`, '--job', '--format', 'csv')).toMatchObject({
        code: 0,
        complained: '',
      });
  });

  it('[H2.16] goes on in the middle of the file after breaks, by ranges', async () => {
    const proxy = await cuttingProxy();
    const out = join(at.folder, 'cut.jsonl');
    const { code } = await ran(['get', 'lobby', '--url', proxy.address, '--out', out, '--job']);
    proxy.close();
    expect(code).toBe(0);
    expect(proxy.ranges.length).toBeGreaterThan(2);
    expect(proxy.ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
    await get('plain.jsonl');
    expect(readFileSync(out)).toEqual(readFileSync(join(at.folder, 'plain.jsonl')));
  });

  it('[H2.16] that the server has no more is said, and a plain one goes on from what is there', async () => {
    await get('plain.jsonl');
    const plain = readFileSync(join(at.folder, 'plain.jsonl'));
    const { until, epoch } = JSON.parse(plain.toString().split('\n')[0] ?? '');
    const asked = { url: at.socketUrl, room: 'lobby', spec: { format: 'jsonl' } };
    const part = join(at.folder, 'x.jsonl.part');
    const note = { asked, until, epoch, job: 'A'.repeat(22) };
    writeFileSync(part, plain.subarray(0, 50_001));
    writeFileSync(`${part}.json`, JSON.stringify(note));
    const { code, complained } = await get('x.jsonl', '--job');
    expect(code).toBe(2);
    expect(complained).toMatch(/has this download no more.*without --job goes on from there.*\(no-job\)/s);
    expect(await get('x.jsonl')).toMatchObject({ code: 0, complained: expect.stringContaining('Going on') });
    expect(readFileSync(join(at.folder, 'x.jsonl'))).toEqual(plain);
    // One of which nothing had come is asked for anew.
    writeFileSync(`${part}.json`, JSON.stringify({ asked, job: 'A'.repeat(22) }));
    rmSync(join(at.folder, 'x.jsonl'));
    expect((await get('x.jsonl', '--job')).complained).toContain('asks for it anew');
    expect((await get('x.jsonl', '--job')).code).toBe(0);
  });

  it('[H2.16] says what stands in its way: nobody who asks, too many of them, words that do not go together', async () => {
    const args = ['get', 'lobby', '--url', at.url, '--job', '--out'];
    const out = join(at.folder, 'x.jsonl');
    expect(await ran([...args, out], {})).toMatchObject({
      code: 2,
      complained: expect.stringContaining('put a token into WIREROOM_TOKEN'),
    });
    expect((await ran([...args, out], { WIREROOM_TOKEN: 'nobody' })).complained).toContain('(bad-token)');
    expect((await ran([...args, '-'])).complained).toContain('name one with --out');
    expect((await get('x.jsonl', '--job', '--via', 'websocket')).complained).toContain('comes over HTTP');
    const ids = await Promise.all([begin(), begin(), begin(), begin()]);
    const refused = await get('x.jsonl', '--job');
    expect(refused).toMatchObject({ code: 2, complained: expect.stringContaining('(too-many-downloads)') });
    for (const id of ids)
      expect((await ask(`/api/history/jobs/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(existsSync(`${out}.part`)).toBe(false);
  });
});

/** In front of the real one: lets through 100,000 bytes of a file, and cuts. */
async function cuttingProxy() {
  const ranges: string[] = [];
  const proxy = createServer(async (request, response) => {
    const { host: _, connection: __, ...headers } = request.headers;
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const isFile = request.url?.endsWith('/file') === true;
    if (isFile) ranges.push(request.headers.range ?? '');
    const answer = await fetch(`${at.url}${request.url}`, {
      method: request.method ?? 'GET',
      headers: Object.fromEntries(
        ['authorization', 'content-type', 'range'].flatMap((name) => {
          const value = headers[name];
          return typeof value === 'string' ? [[name, value]] : [];
        }),
      ),
      ...(pieces.length > 0 && { body: Buffer.concat(pieces) }),
    });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    const body = Buffer.from(await answer.arrayBuffer());
    if (!isFile || body.length <= 100_000) return response.end(body);
    response.write(body.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 50));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  const close = (): void => {
    proxy.closeAllConnections();
    proxy.close();
  };
  return { ranges, address: `http://127.0.0.1:${port}`, close };
}
