// `wireroom capacity` as a program: small loads against a server of its own, a server that runs, a peer; and Ctrl-C in the middle. Figures
// of a busy machine prove nothing, so none is looked at but counts.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { readCapacityFile } from '@wireroom/capacity';
import { afterEach, expect, it } from 'vitest';
import { commandLine } from './command-line.ts';
import { startTestServer, temporaryDir } from './server.ts';

/** Several processes start from source, beside other tests. */
const PATIENCE_MS = 180_000;
const SMALL = ['--quick', '--seconds', '1', '--readers', '16', '--senders', '4', '--rate', '5', '--no-costs'];

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function folder(): string {
  const place = temporaryDir();
  cleanUps.push(() => rmSync(place, { recursive: true, force: true }));
  return place;
}

interface Running {
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  /** Ctrl-C, once this has been said. */
  interruptAt(text: RegExp): void;
}

function capacity(...args: string[]): Running {
  const child = spawn(process.execPath, commandLine('capacity', ...args), {
    env: { ...process.env, LANG: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  cleanUps.push(() => child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  let awaited: RegExp | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    if (awaited?.test(stderr) !== true) return;
    awaited = undefined;
    child.kill('SIGINT');
  });
  return {
    ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr }))),
    interruptAt(text) {
      awaited = text;
    },
  };
}

const reportIn = (place: string) => readCapacityFile(readFileSync(join(place, 'capacity.json'), 'utf8'));

it(
  '[Q16] measures a server of its own and a Socket.IO room by the same plan, and leaves one report',
  async () => {
    const place = folder();
    const { code, stdout, stderr } = await capacity(...SMALL, '--peer', 'socketio', '--out', place).ended;
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/\n\s+at /) });
    expect(stdout).toContain(`The report: ${join(place, 'capacity.html')}`);
    const { peers = [], ...own } = reportIn(place);
    for (const report of [own, ...peers]) {
      expect(report.isComplete).toBe(true);
      expect(report.steps.map(({ mix }) => mix.readers)).toEqual([8, 16]);
      for (const step of report.steps) expect([step.lost, step.repeated, step.refused]).toEqual([0, 0, 0]);
    }
    expect([own, ...peers].map(({ target }) => target.kind)).toEqual(['own', 'socketio']);
    const page = readFileSync(join(place, 'capacity.html'), 'utf8');
    expect(page).toContain('id="beside"');
    expect(page.endsWith('</html>\n')).toBe(true);
  },
  PATIENCE_MS,
);

it(
  '[Q13] Ctrl-C after the first load: a report of that load, and exit code 130',
  async () => {
    const place = folder();
    const running = capacity(...SMALL, '--seconds', '5', '--out', place);
    // A step that has been measured.
    running.interruptAt(/8 people/);
    // What it said stands in the failure.
    expect(await running.ended).toMatchObject({ code: 130, stderr: expect.not.stringMatching(/\n\s+at /) });
    const report = reportIn(place);
    expect(report.isComplete).toBe(false);
    expect(report.cutBy).toContain('Ctrl-C');
    expect(report.steps.map(({ mix }) => mix.readers)).toEqual([8]);
    expect(readFileSync(join(place, 'capacity.html'), 'utf8')).toContain('This run did not finish.');
  },
  PATIENCE_MS,
);

it(
  '[Q10] measures a server that runs already, and says that what is posted stays there',
  async () => {
    const server = await startTestServer({ RATE_LIMIT: 'off' });
    cleanUps.push(() => server.stop());
    const { code, stdout, stderr } = await capacity(...SMALL, `localhost:${server.port}`, '--json').ended;
    expect(stderr).toContain('What is posted stays in the room “lobby”');
    expect(code).toBe(0);
    const report = readCapacityFile(stdout);
    expect(report.target.kind).toBe('wireroom');
    expect(report.steps.at(-1)?.deliveriesPerSecond).toBeGreaterThan(0);
  },
  PATIENCE_MS,
);

it(
  '[Q16] an address where nobody listens is a sentence and exit code 1',
  async () => {
    const probe = net.createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const address = probe.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => probe.close(resolve));
    const { code, stderr } = await capacity(...SMALL, `ws://127.0.0.1:${port}/ws`, '--json').ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`ws://127.0.0.1:${port}/ws could not be entered`);
    expect(stderr).not.toMatch(/\n\s+at /);
  },
  PATIENCE_MS,
);
