import { WebSocketServer } from '@wireroom/websocket';
import { afterEach, expect, test, vi } from 'vitest';
import { createChat, memoryStorage } from './node.ts';
import { nodeTransport } from './node-transport.ts';
import {
  globalTransport,
  type OpenTransport,
  type TransportHandlers,
  webSocketTransport,
} from './transport.ts';

class FakeWebSocket extends EventTarget {
  static made: FakeWebSocket | undefined;
  readonly sent: unknown[] = [];
  readonly url: string;
  readonly subprotocols: readonly string[];

  constructor(url: string, subprotocols: string[]) {
    super();
    this.url = url;
    this.subprotocols = subprotocols;
    FakeWebSocket.made = this;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(code: number, reason: string): void {
    this.sent.push({ code, reason });
  }
}

function handlersInto(log: unknown[]): TransportHandlers {
  return {
    open: () => log.push('open'),
    message: (text) => log.push(text),
    close: (code, reason) => log.push({ code, reason }),
  };
}

test('[C4] a browser’s WebSocket is asked for with our subprotocol, and only its texts are heard', () => {
  const log: unknown[] = [];
  const transport = webSocketTransport(FakeWebSocket)('ws://test/ws', handlersInto(log));
  const socket = FakeWebSocket.made;
  expect(socket).toMatchObject({ url: 'ws://test/ws', subprotocols: ['wireroom.v1'] });
  socket?.dispatchEvent(new Event('open'));
  socket?.dispatchEvent(new MessageEvent('message', { data: 'hello' }));
  socket?.dispatchEvent(new MessageEvent('message', { data: new ArrayBuffer(1) }));
  socket?.dispatchEvent(new Event('error'));
  socket?.dispatchEvent(Object.assign(new Event('close'), { code: 4100, reason: 'slow' }));
  expect(log).toEqual(['open', 'hello', { code: 4100, reason: 'slow' }]);
  transport.send('text');
  transport.close(1000, '');
  expect(socket?.sent).toEqual(['text', { code: 1000, reason: '' }]);
});

test('[C2] a runtime without WebSocket says what to do', () => {
  vi.stubGlobal('WebSocket', undefined);
  expect(() => globalTransport('ws://test', handlersInto([]))).toThrow('pass openTransport');
  vi.unstubAllGlobals();
});

const running: WebSocketServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close({ timeoutMs: 200 })));
});

async function listen(options: ConstructorParameters<typeof WebSocketServer>[0]): Promise<string> {
  const server = new WebSocketServer(options);
  running.push(server);
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return `ws://127.0.0.1:${port}/ws`;
}

/** Resolves with the log once the transport is closed. */
function run(
  open: OpenTransport,
  url: string,
  opened: (send: (text: string) => void) => void,
): Promise<unknown[]> {
  const log: unknown[] = [];
  return new Promise((resolve) => {
    const transport = open(url, {
      ...handlersInto(log),
      open: () => {
        log.push('open');
        opened((text) => transport.send(text));
      },
      close: (code, reason) => {
        log.push({ code, reason });
        resolve(log);
      },
    });
  });
}

test('[C4] in Node the engine carries the texts, both ways, under our subprotocol', async () => {
  const url = await listen({
    decide: ({ subprotocols }) => ({ accept: true, subprotocol: subprotocols[0] ?? '' }),
    onConnection: (connection) =>
      connection.handle({
        message: (message) => {
          connection.send(new Uint8Array(3));
          connection.send(`${connection.subprotocol}: ${message.text()}`);
          connection.close(4100, 'enough');
        },
      }),
  });
  const log = await run(nodeTransport, url, (send) => send('hello'));
  expect(log).toEqual(['open', 'wireroom.v1: hello', { code: 4100, reason: 'enough' }]);
});

test('[C2] in Node a refused handshake is a close without an opening, with the server’s reason', async () => {
  const url = await listen({
    decide: () => ({ accept: false, status: 403, reason: 'not from here' }),
    onConnection: () => {},
  });
  const [event] = await run(nodeTransport, url, () => {});
  expect(event).toMatchObject({ code: 1006, reason: expect.stringContaining('403') });
});

test('[C7] in Node an attempt that is given up leaves no connection', async () => {
  let connectionCount = 0;
  const url = await listen({
    onConnection: () => {
      connectionCount += 1;
    },
  });
  const log: unknown[] = [];
  const closed = new Promise<void>((resolve) => {
    const handlers = { ...handlersInto(log), close: () => resolve() };
    nodeTransport(url, handlers).close(1000, '');
  });
  await closed;
  expect(log).toEqual([]);
  expect(connectionCount).toBe(0);
});

test('[C2] in Node an address that is none stops the client, and says why', () => {
  const chat = createChat({ url: 'http://127.0.0.1:1', storage: memoryStorage() });
  chat.enter('Ada');
  expect(chat.snapshot().connection).toMatchObject({
    state: 'stopped',
    reason: expect.stringContaining('ws:'),
  });
});
