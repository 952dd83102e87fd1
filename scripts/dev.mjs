// `npm run dev`: the server from source, restarted when a file changes, and Vite's server for the page beside it, which passes
// /ws and /api on. Both end when this ends. Nothing is built; flags after `--` go to the server.
import './preflight.mjs';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { root } from './root.mjs';

const readyWithinMs = 30_000;
const pollEveryMs = 200;
/** A stop that is asked for twice in this time is one: terminal and npm both pass the same Ctrl-C on. */
const sameStopMs = 1_000;

const flags = process.argv.slice(2);
const serverPort = /--port[= ](\d+)/.exec(flags.join(' '))?.[1] ?? process.env.PORT ?? '3000';
const pagePort = process.env.PAGE_PORT ?? '5173';
const serverUrl = `http://localhost:${serverPort}`;
const pageUrl = `http://localhost:${pagePort}`;

/** @type {{ name: string, child: import('node:child_process').ChildProcess, ended: Promise<void> }[]} */
const running = [];
let isEnding = false;
let endingSinceMs = 0;

/**
 * In a process group of its own: a terminal's Ctrl-C goes to a whole group, and each would get it twice, from there and from us.
 * @param {string} name
 * @param {readonly string[]} args for node
 */
function launch(name, args) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_ENV: 'development', WIREROOM_URL: serverUrl },
  });
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    child.once('close', () => resolve());
  });
  running.push({ name, child, ended });
  child.once('close', (code) => {
    if (!isEnding) endAll(`${name} ended with code ${code}; its lines above say why.`, 1);
  });
}

/**
 * @param {string} reason
 * @param {number} code
 */
async function endAll(reason, code) {
  if (isEnding) {
    if (performance.now() - endingSinceMs > sameStopMs) process.exit(130);
    return;
  }
  isEnding = true;
  endingSinceMs = performance.now();
  if (reason) console.error(reason);
  for (const { child } of running) child.kill('SIGTERM');
  await Promise.all(running.map(({ ended }) => ended));
  process.exit(code);
}

/** @param {string} url */
async function answers(url) {
  const until = performance.now() + readyWithinMs;
  while (performance.now() < until && !isEnding) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, pollEveryMs));
  }
  return false;
}

async function runBoth() {
  process.on('SIGINT', () => endAll('', 0));
  process.on('SIGTERM', () => endAll('', 0));
  process.on('SIGHUP', () => endAll('', 0));
  const source = ['--import', 'tsx', '--conditions', '@wireroom/source', 'packages/cli/src/main.ts'];
  launch('The server', ['--watch', '--watch-preserve-output', ...source, 'serve', ...flags]);
  const vite = createRequire(join(root, 'packages/web/package.json')).resolve('vite/package.json');
  launch('Vite', [
    join(dirname(vite), 'bin/vite.js'),
    ...['packages/web', '--port', pagePort, '--strictPort', '--logLevel', 'warn', '--clearScreen', 'false'],
  ]);
  const [isPageUp, isServerUp] = await Promise.all([answers(pageUrl), answers(`${serverUrl}/healthz`)]);
  if (isEnding) return;
  if (!isServerUp)
    console.error('The server has not come up; its lines above say why. It tries again when a file changes.');
  if (isPageUp) console.log(`\nOpen ${pageUrl}: page and server follow your edits. Ctrl-C ends both.\n`);
}

if (await ensureInstalled(root)) await runBoth();
else process.exitCode = 1;
