// What the blocks of the course must contain: regions of files, what a command prints, what a scene looks like.
// Runs commands and servers, on the loopback only. The blocks themselves are read by course-blocks.ts.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { WebSocketServer } from '@wireroom/websocket';
import type { Block, Language } from './course-blocks.ts';
import { steadyCapture } from './course-captures.ts';
import { root } from './root.mjs';

/** A command of the course is quick; one that is not ends here. */
const commandMsMax = 60_000;
const outputBytesMax = 1024 * 1024;
const fromSource = `"${process.execPath}" --conditions=@wireroom/source --import tsx`;

/** The lines between `// #region name` and `// #endregion`, moved to the left margin; undefined where there is no such region. */
export function regionOf(file: string, name: string): string | undefined {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const start = lines.findIndex((line) => line.trim() === `// #region ${name}`);
  const end = lines.findIndex((line, index) => index > start && /^\s*\/\/ #endregion\b/.test(line));
  if (start < 0 || end < 0) return undefined;
  const indent = lines[start]?.indexOf('/') ?? 0;
  return lines
    .slice(start + 1, end)
    .map((line) => line.slice(Math.min(indent, line.search(/\S|$/))))
    .join('\n');
}

/** A whole file, as a `conf` block shows it. */
export const textOfFile = (file: string): string => readFileSync(join(root, file), 'utf8').trimEnd();

export interface Outcome {
  readonly exitCode: number | null;
  /** Standard output and error as they came. */
  readonly output: string;
}

/** Runs a `sh run` block as a reader with this language would, beside the server that it asks for. */
export async function runBlock({ code, attributes }: Block, language: Language): Promise<Outcome> {
  const [, scene] = /^npx wireroom scene ([a-z\d-]+)$/.exec(code.trim()) ?? [];
  if (scene !== undefined) return runScene(scene, language);
  const server = await startServer(attributes.server);
  try {
    return await run(code.replaceAll('$URL', server.url), language);
  } finally {
    await server.stop();
  }
}

/** Scenes are shown so often that a process for each would be most of the time of the tests. */
async function runScene(name: string, language: Language): Promise<Outcome> {
  const { scene } = await import('@wireroom/cli/scene');
  let output = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      output += String(chunk);
      done();
    },
  });
  const exitCode = await scene([name, '--lang', language], {
    input: Readable.from([]),
    output: sink,
    errors: sink,
    env: {},
    onInterrupt: () => () => undefined,
  });
  return { exitCode, output };
}

/** What takes seconds to start with npm is started without it; the program is the same. */
const withoutNpm = (command: string): string =>
  command
    .replaceAll(/^npx wireroom\b/gm, `${fromSource} packages/cli/src/main.ts`)
    .replaceAll(/^npm run exercise\b( --(?= ))?/gm, `${fromSource} examples/course/exercise.ts`)
    .replaceAll(/^npm run measure\b/gm, `${fromSource} examples/course/measure.ts`)
    .replaceAll(/^npm run example\b/gm, fromSource);

function run(command: string, language: Language): Promise<Outcome> {
  const env = {
    ...process.env,
    LANG: language === 'zh' ? 'zh_CN.UTF-8' : 'en_US.UTF-8',
    LC_ALL: '',
    NO_COLOR: '1',
  };
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', withoutNpm(command)], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: commandMsMax,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= outputBytesMax) chunks.push(chunk);
      });
    }
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output: Buffer.concat(chunks).toString() }));
  });
}

interface Running {
  /** Stands for `$URL`. */
  readonly url: string;
  stop(): Promise<void>;
}

async function startServer(name: string | undefined): Promise<Running> {
  if (name === undefined) return { url: '$URL', stop: async () => undefined };
  if (name === 'echo') return startEcho();
  if (name === 'chat') {
    const { startTestServer } = await import('@wireroom/testkit');
    const server = await startTestServer();
    return { url: `ws://127.0.0.1:${server.socketPort}`, stop: () => server.stop() };
  }
  throw new Error(`there is no server "${name}" (echo, chat)`);
}

async function startEcho(): Promise<Running> {
  const server = new WebSocketServer({
    onConnection: (connection) => connection.handle({ message: (message) => connection.send(message) }),
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  return { url: `ws://127.0.0.1:${port}`, stop: async () => void (await server.close()) };
}

/** The same of a block: of what was measured no figure counts, and no column's width, but every word. */
export const steadyOf = ({ kind, attributes }: Block, text: string): string =>
  'measured' in attributes
    ? text
        .trimEnd()
        .replaceAll(/\d+(?:[.,]\d+)*/g, '#')
        .replaceAll(/[ ─]+/g, ' ')
    : steady(kind === 'capture' ? steadyCapture(text) : text);

/** The text without what differs from run to run: ports, times, what waits in memory, and masking keys with what hangs on them. */
export const steady = (text: string): string =>
  text
    .trimEnd()
    .replaceAll(/((?:127\.0\.0\.1|localhost):)\d+/g, '$1PORT')
    .replaceAll(/\b\d+(?:\.\d+)? ?(ns|µs|ms|s|[KM]iB)\b/g, 'SOME $1')
    .replaceAll(/\d+ 毫秒/g, 'SOME 毫秒')
    .replaceAll(/(?:\d+ ){9}\d+/g, 'SOME counts')
    .replaceAll(/\d+ records? with \d+ bytes not kept/g, 'SOME records not kept')
    .replaceAll(/\b(key[=: ]+)(?:[0-9a-f]{2} ?){4}\b/gi, '$1KEY')
    .replaceAll(/^(.*Sec-WebSocket-(?:Key|Accept):).*$/gim, '$1 …');
