// Every starter fails its grader with a sentence that helps, every solution passes, and the mistakes that people make in
// between are found and named.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXERCISE_COUNT, type Grade, gradeExercise } from '@wireroom/conformance';
import { WebSocketServer } from '@wireroom/websocket';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer as OtherServer } from 'ws';
import { Program } from './program.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const filesIn = (folder: string): string[] => readdirSync(join(here, folder)).sort();
const read = (folder: string, file: string): string => readFileSync(join(here, folder, file), 'utf8');
const numberOf = (file: string): number => Number(file.slice(0, 2));

/** For one program from its start to its grade, on a machine that does much else. */
const gradeMsMax = 180_000;
/** How long a grade waits for one thing. Where all comes in the end, a busy machine has its time; where something never comes, each wait costs it. */
const patienceMs = { solution: 15_000, failure: 5_000 } as const;

/** The course as JavaScript: some sixty programs start from there without a loader. By tsx, as learners do, run those of `npm run exercise`. */
let compiled: string;
beforeAll(() => {
  compiled = mkdtempSync(join(tmpdir(), 'wireroom-course-'));
  writeFileSync(join(compiled, 'package.json'), '{ "type": "module" }');
  copyFileSync(join(here, 'page.html'), join(compiled, 'page.html'));
  compile(read('.', 'serve.ts'), 'serve.ts');
  for (const folder of ['exercises', 'solutions']) {
    mkdirSync(join(compiled, folder));
    for (const file of filesIn(folder)) compile(read(folder, file), join(folder, file));
  }
});
afterAll(() => rmSync(compiled, { recursive: true }));

/** Where it lies then. `path`: its place in the course. */
function compile(text: string, path: string): string {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
  };
  const file = join(compiled, path.replace(/\.ts$/, '.js'));
  writeFileSync(file, ts.transpileModule(text, { compilerOptions, fileName: path }).outputText);
  return file;
}

async function grade(exercise: number, file: string, kind: keyof typeof patienceMs): Promise<Grade> {
  const program = new Program(file, []);
  try {
    const url = await program.url();
    if (url === undefined) throw new Error(program.lastLines().join('\n'));
    return await gradeExercise(exercise, url, { patienceMs: patienceMs[kind] });
  } finally {
    program.stop();
  }
}

describe('the twelve exercises', () => {
  it('have a starter and a solution each, with the same name', () => {
    expect(filesIn('exercises')).toHaveLength(EXERCISE_COUNT);
    expect(filesIn('solutions')).toEqual(filesIn('exercises'));
  });

  it.each(filesIn('exercises'))('%s: starter and solution differ only between the marks', (file) => {
    const around = (text: string): string[] => text.split(/(?<=\/\/ #region yours\n).*?(?=\/\/ #endregion)/s);
    const [before = '', after = '', ...more] = around(read('exercises', file));
    expect(more).toEqual([]);
    expect([before, after]).toEqual(around(read('solutions', file)));
  });

  it.concurrent.each(filesIn('exercises'))(
    '%s: the starter fails, and is told what to do',
    async (file) => {
      const { isPassed, steps } = await grade(
        numberOf(file),
        join(compiled, 'exercises', file.replace('.ts', '.js')),
        'failure',
      );
      expect(isPassed).toBe(false);
      const failed = steps.filter(({ state }) => state === 'failed');
      expect(failed).toHaveLength(1);
      for (const { found, hint } of failed) {
        expect(found?.zh).toMatch(/[\u4e00-\u9fff]/);
        expect(found?.en).toMatch(/[a-z]{3}/);
        expect(hint?.zh).toMatch(/[\u4e00-\u9fff]/);
        expect(hint?.en).toMatch(/[a-z]{3}/);
      }
    },
    gradeMsMax,
  );

  it.concurrent.each(filesIn('solutions'))(
    '%s: the solution passes',
    async (file) => {
      const { steps } = await grade(
        numberOf(file),
        join(compiled, 'solutions', file.replace('.ts', '.js')),
        'solution',
      );
      expect(steps.filter(({ state }) => state !== 'passed')).toEqual([]);
    },
    gradeMsMax,
  );
});

/** A mistake put into a solution: the text that is replaced, what stands there instead, and a word of what is told about it. */
const mistakes: readonly (readonly [exercise: number, right: string, wrong: string, told: RegExp])[] = [
  [1, '.update(key + GUID)', '.update(key)', /GUID is missing/],
  [1, '.update(key + GUID)', '.update(GUID + key)', /other way round/],
  [1, "digest('base64')", "digest('hex')", /This is hex/],
  [1, 'E914-47DA-95CA-C5AB0DC85B11', 'E914-47DA-95CA-C5AB0DC85B11'.toLowerCase(), /36 characters/],
  [1, '258EAFA5', '258EAF5', /lacks an A/],
  [1, "lines.join('\\r\\n')}\\r\\n\\r\\n`", "lines.join('\\n')}\\n\\n`", /ends with \\r\\n/],
  [1, "lines.join('\\r\\n')}\\r\\n\\r\\n`", "lines.join('\\r\\n')}\\r\\n`", /empty line/],
  [1, "if (key === undefined) return 'HTTP/1.1 400", "if (key === null) return 'HTTP/1.1 400", /with 400/],
  [2, ' >> 4', '', /0x70/],
  [2, 'second & 0b0111_1111', 'second', /0x7f/],
  [2, 'first & 0b0000_1111', 'first & 0b0000_0111', /0x0f/],
  [3, 'i % 4', '0', /first byte of the key/],
  [3, 'i % 4', 'i < 4 ? i : 0', /first four bytes are right/],
  [4, 'SHORT_HEAD_BYTES + head.length', 'bytes.length', /6 \+ length/],
  [6, 'readUInt16BE', 'readUInt16LE', /readUInt16BE/],
  [6, 'writeUInt16BE', 'writeUInt16LE', /writeUInt16BE/],
  [6, 'length < 65_536 ? 4', 'length < 32_768 ? 4', /shortest form/],
  [6, 'length > PAYLOAD_BYTES_MAX', 'length > Number.MAX_SAFE_INTEGER', /1009/],
  [7, 'frameOf(PONG, payload)', 'frameOf(PONG, Buffer.alloc(0))', /carries the payload/],
  [7, 'if (opcode === PING)', 'if (opcode === PING || opcode === PONG)', /heartbeat/],
  [8, 'this.#parts = [];\n    this.#bytes', 'this.#bytes', /forget its pieces/],
  [8, 'this.#bytes > PAYLOAD_BYTES_MAX', 'this.#bytes < 0', /passes PAYLOAD_BYTES_MAX/],
  [8, '!isUtf8(payload)', 'false', /isUtf8/],
  [9, 'socket.end(frameOf', 'socket.write(frameOf', /socket\.end\(\)/],
  [9, '![1004, 1005, 1006].includes(code)', 'true', /never travel/],
  [9, 'payload.length === 0', 'false', /without|two bytes/i],
  [10, 'if (member.writableLength > WAITING_BYTES_MAX) member.destroy();', '', /writableLength/],
  [10, 'this.#members.add(socket);', 'if (this.#members.size < 2) this.#members.add(socket);', /everybody/],
  [11, 'if (known) return', 'if (known && draft === text) return', /each draft/],
  [11, 'log.after(after)', 'log.after(0)', /doubled|not due/],
  [11, 'log.after(after)', 'log.after(after + 1)', /1 lost/],
  [12, 'await drained(socket)', 'await Promise.resolve()', /drain/],
  [12, "'Transfer-Encoding: chunked'", "'X-Nothing: here'", /not an object in JSON/],
];

describe('mistakes that people make', () => {
  it.concurrent.each(mistakes)(
    'exercise %d: %j instead as %j is told about: %s',
    async (exercise, right, wrong, told) => {
      const name = filesIn('solutions').find((file) => numberOf(file) === exercise) ?? '';
      const text = read('solutions', name);
      expect(text).toContain(right);
      const at = mistakes.findIndex((row) => row[1] === right && row[2] === wrong);
      const file = compile(text.replace(right, wrong), `exercises/mistake-${exercise}-${at}.ts`);
      const { steps } = await grade(exercise, file, 'failure');
      const failed = steps.find(({ state }) => state === 'failed');
      expect(`${failed?.found?.en} ${failed?.hint?.en}`).toMatch(told);
    },
    gradeMsMax,
  );
});

describe('servers that nobody wrote for the course', () => {
  it.each([1, 3, 4, 5, 6, 7, 8, 9])('pass exercise %d, as an echo: the engine, and ws', async (exercise) => {
    const engine = new WebSocketServer({
      onConnection: (connection) => connection.handle({ message: (message) => connection.send(message) }),
    });
    const { port } = await engine.listen({ port: 0, host: '127.0.0.1' });
    const other = new OtherServer({ port: 0, host: '127.0.0.1', maxPayload: 1024 * 1024 });
    other.on('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
    await once(other, 'listening');
    const address = other.address();
    const otherPort = typeof address === 'object' && address !== null ? address.port : 0;
    for (const url of [`ws://127.0.0.1:${port}`, `ws://127.0.0.1:${otherPort}`]) {
      const { steps } = await gradeExercise(exercise, url);
      expect(steps.filter(({ state }) => state !== 'passed')).toEqual([]);
    }
    other.close();
    await engine.close();
  });
});

describe('npm run exercise', { timeout: gradeMsMax }, () => {
  const run = (...args: string[]): { status: number | null; output: string } => {
    const node = ['--conditions=@wireroom/source', '--import', 'tsx', join(here, 'exercise.ts'), ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, node, { encoding: 'utf8' });
    return { status, output: stdout + stderr };
  };

  it('exits with 0 for a solution, 1 for a starter, 2 for what it cannot do', () => {
    expect(run('1', join(here, 'solutions/01-handshake.ts'), '--lang', 'en')).toMatchObject({ status: 0 });
    expect(run('01', 'zh').output).toContain('还没有通过：0/8');
    expect(run('13', '--lang=en')).toEqual({
      status: 2,
      output: 'usage: npm run exercise NN [FILE] [zh|en] (NN from 01 to 12)\n',
    });
    expect(run('1', 'nowhere.ts', '--lang=en')).toEqual({
      status: 2,
      output: 'there is no such file: nowhere.ts\n',
    });
  });

  it('shows what a program says that ends by itself', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wireroom-course-'));
    const file = join(folder, 'broken.ts');
    writeFileSync(file, "throw new Error('a mistake of mine');\n");
    const { status, output } = run('1', file, '--lang=en');
    rmSync(folder, { recursive: true });
    expect(status).toBe(1);
    expect(output).toContain('Your program ended by itself');
    expect(output).toContain('a mistake of mine');
  });
});
