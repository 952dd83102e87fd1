// One download in a process of its own: over HTTP or the second WebSocket, into a file. What it has got stays there when the server
// dies. Says on stdout how it went, as one line of JSON.
import { closeSync, openSync, writeSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from '@wireroom/websocket';

export interface DownloadTold {
  readonly isFinished: boolean;
  readonly bytes: number;
  readonly ms: number;
  readonly epoch: string;
  readonly until: number;
  readonly problem?: string;
}

const [via = 'http', port = '0', file = '', resumption = ''] = process.argv.slice(2);
const output = openSync(file, resumption === '' ? 'w' : 'a', 0o600);
const begunAt = performance.now();
let bytes = 0;
let head = { epoch: '', until: 0 };
const take = (piece: Uint8Array): void => {
  bytes += piece.length;
  writeSync(output, piece);
};

function overHttp(): Promise<void> {
  const query = new URLSearchParams({ format: 'jsonl', ...parsed(resumption) });
  return new Promise((resolve, reject) => {
    get(`http://127.0.0.1:${port}/api/rooms/lobby/history?${query}`, (response) => {
      const { 'x-wireroom-epoch': epoch, 'x-wireroom-until': until } = response.headers;
      head = { epoch: String(epoch), until: Number(until) };
      if (response.statusCode !== 200) {
        response.setEncoding('utf8').once('data', (text: string) => reject(new Error(text)));
        return;
      }
      response.on('data', take);
      response.on('error', reject);
      response.on('end', resolve);
    }).on('error', reject);
  });
}

async function overWebSocket(): Promise<void> {
  const connection = await connect(`ws://127.0.0.1:${port}/history`);
  await new Promise<void>((resolve, reject) => {
    connection.handle({
      message: (message) => {
        if (message.kind === 'binary') return take(message.data);
        const event = JSON.parse(message.text()) as { type: string; epoch: string; until: number };
        if (event.type === 'begin') head = event;
        else if (event.type === 'finished') resolve();
        else reject(new Error(message.text()));
      },
      close: ({ code }) => reject(new Error(`closed with ${code}`)),
    });
    connection.send(
      JSON.stringify({ type: 'download', room: 'lobby', format: 'jsonl', ...numbers(resumption) }),
    );
  });
}

const parsed = (json: string): Record<string, string> => (json === '' ? {} : JSON.parse(json));

/** In JSON `until` and `bytes` are numbers. */
function numbers(json: string): Record<string, unknown> {
  const { until, bytes: has, ...others } = parsed(json);
  return json === '' ? {} : { ...others, until: Number(until), bytes: Number(has) };
}

const tell = (isFinished: boolean, problem?: string): void => {
  closeSync(output);
  const ms = performance.now() - begunAt;
  const told: DownloadTold = { isFinished, bytes, ms, ...head, ...(problem !== undefined && { problem }) };
  process.stdout.write(`${JSON.stringify(told)}\n`, () => process.exit(0));
};
try {
  await (via === 'http' ? overHttp() : overWebSocket());
  tell(true);
} catch (error) {
  tell(false, error instanceof Error ? error.message : String(error));
}
