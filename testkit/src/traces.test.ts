// One message as one trace, at a collector of the test's own: what a running server sends there, what it does not say, and what
// becomes of the chat where the collector is away.

import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { io } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import { NativeClient } from './native-client.ts';
import { spawnServer, startTestServer, type TestServer, temporaryDir } from './server.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

class Collector {
  readonly #server: Server;
  readonly bodies: string[] = [];
  readonly paths: string[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        this.bodies.push(body);
        this.paths.push(`${request.method} ${request.url} ${request.headers['content-type']}`);
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
  }

  static async start(): Promise<Collector> {
    const collector = new Collector();
    await new Promise<void>((resolve) => collector.#server.listen(0, '127.0.0.1', resolve));
    cleanUps.push(() => collector.#server.close());
    return collector;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }

  /** Exports come every two seconds; the test's own time is the bound. */
  async until(isIt: (span: Span) => boolean): Promise<void> {
    while (!this.spans.some(isIt)) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  get spans(): readonly Span[] {
    return this.bodies.flatMap((body) =>
      (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }).resourceSpans.flatMap(
        ({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans),
      ),
    );
  }
}

/** A server whose exporter reads this address from the environment. */
async function traced(
  endpoint: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  const before = process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = endpoint;
  try {
    return await startTestServer({ TRACES: 'otlp', TRACES_RATIO: '1', ...settings });
  } finally {
    if (before === undefined) delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
    else process.env.OTEL_EXPORTER_OTLP_ENDPOINT = before;
  }
}

const enter = async (server: { readonly port: number }, name: string, query = ''): Promise<NativeClient> => {
  const client = await NativeClient.enter(`ws://localhost:${server.port}/ws${query}`, name);
  cleanUps.push(() => client.socket.terminate());
  return client;
};

const attribute = (span: Span | undefined, key: string): unknown => {
  const value = span?.attributes.find((each) => each.key === key)?.value ?? {};
  const plain = value.stringValue ?? value.intValue ?? value.doubleValue;
  return typeof plain === 'string' && /^\d+$/.test(plain) ? Number(plain) : plain;
};

describe('traces of messages', () => {
  it('[M10] a message is one trace through its stations, also while its author watches it', async () => {
    const collector = await Collector.start();
    const server = await traced(collector.url);
    const ada = await enter(server, 'Ada', '?record=1');
    const bo = await enter(server, 'Bo');
    const cy = io(`ws://localhost:${server.port}`, { transports: ['websocket'], reconnection: false });
    cleanUps.push(() => cy.close());
    const isHeard = new Promise((resolve) =>
      cy.on('message', (said) => said.message === 'traced' && resolve(said)),
    );
    cy.send({ type: 'LOGIN', name: 'Cy' });
    await bo.until((event) => JSON.stringify(event).includes('"name":"Cy"'));
    const posted = await ada.post('traced');
    await Promise.all([bo.untilText('traced'), isHeard]);
    await collector.until((span) => attribute(span, 'wireroom.seq') === posted.seq);
    await server.stop();
    expect(collector.paths[0]).toBe('POST /v1/traces application/json');
    const root = collector.spans.find(
      (span) => span.name === 'message' && attribute(span, 'wireroom.seq') === posted.seq,
    );
    expect(attribute(root, 'wireroom.room_id')).toBe(posted.roomId);
    expect(attribute(root, 'wireroom.gateway')).toBe('native');
    const parts = collector.spans.filter(
      ({ traceId, name }) => traceId === root?.traceId && name !== 'message',
    );
    expect(parts.map(({ name }) => name).sort()).toEqual([
      'acknowledge',
      'admit',
      'commit',
      'decode',
      'deliver',
      'queue',
      'return',
    ]);
    for (const part of parts) {
      expect(part.parentSpanId).toBe(root?.spanId);
      expect(BigInt(part.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(root?.startTimeUnixNano ?? 0));
      expect(BigInt(part.endTimeUnixNano)).toBeLessThanOrEqual(BigInt(root?.endTimeUnixNano ?? 0));
      expect(BigInt(part.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(part.startTimeUnixNano));
    }
    const named = (name: string) => parts.find((part) => part.name === name);
    expect(attribute(named('commit'), 'wireroom.batch_size')).toBeGreaterThan(0);
    expect(attribute(named('deliver'), 'wireroom.readers.native')).toBe(2);
    expect(attribute(named('deliver'), 'wireroom.readers.socketio')).toBe(1);
  }, 120_000);

  it('[M11] what people say, their names and their tokens are in no span', async () => {
    const collector = await Collector.start();
    const server = await traced(collector.url);
    const ada = await enter(server, 'Ada-of-the-spans');
    const welcome = ada.received.find(({ type }) => type === 'welcome');
    await ada.post('a text of the spans');
    const refused = await ada.ask({ type: 'post', room: 'no-such-room', text: 'a refused text' });
    await collector.until(({ status }) => status.code === 2);
    await server.stop();
    const sent = collector.bodies.join('\n');
    expect(
      attribute(
        collector.spans.find(({ status }) => status.code === 2),
        'wireroom.refused',
      ),
    ).toBe(refused.code);
    for (const secret of [
      'Ada-of',
      'a text of',
      'a refused',
      'no-such-room',
      String(welcome?.token),
      '127.0.0.1',
    ])
      expect(sent).not.toContain(secret);
  }, 120_000);

  it('[M13] the ratio says how many are traced; with traces off nothing is sent', async () => {
    const collector = await Collector.start();
    const server = await traced(collector.url, { TRACES_RATIO: '0.5' });
    const ada = await enter(server, 'Ada');
    for (let count = 0; count < 64; count += 1) await ada.post(String(count));
    await collector.until(({ name }) => name === 'message');
    await server.stop();
    const roots = collector.spans.filter(({ name }) => name === 'message').length;
    // By chance neither none nor all: once in 2^63 runs.
    expect(roots).toBeGreaterThan(0);
    expect(roots).toBeLessThan(64);
    const quiet = await traced(collector.url, { TRACES: 'off' });
    const before = collector.bodies.length;
    await (await enter(quiet, 'Bo')).post('untraced');
    await quiet.stop();
    expect(collector.bodies.length).toBe(before);
  }, 120_000);

  it('[M12] where the collector is away the chat goes on, and the log has one line about it', async () => {
    const dataDir = temporaryDir();
    cleanUps.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const server = await spawnServer({
      ...{ DATA_DIR: dataDir, TRACES: 'otlp', TRACES_RATIO: '1', LOG_LEVEL: 'info' },
      // Nobody listens there.
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_OTLP_TIMEOUT: '300' },
    });
    const ada = await enter(server, 'Ada');
    // More than the queue takes, over several exports.
    for (let round = 0; round < 8; round += 1) {
      const posts = Array.from({ length: 100 }, (_, index) => ada.post(`${round} ${index}`));
      for (const posted of await Promise.all(posts)) expect(posted.type).toBe('posted');
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
    const isTold = (): boolean => server.stderr().includes('does not take traces');
    while (!isTold()) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await server.end('SIGTERM')).toBe(0);
    expect(server.stderr().match(/does not take traces/g)).toHaveLength(1);
    expect(
      server
        .stderr()
        .split('\n')
        .filter((line) => line.includes('"level":50')),
    ).toEqual([]);
  }, 120_000);
});
