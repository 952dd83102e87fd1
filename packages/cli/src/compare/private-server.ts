// A Wireroom of one's own for the time of a comparison: a process on the loopback with a temporary folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export class PrivateServer {
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'wireroom-compare-'));
  #child: ChildProcess | undefined;
  #port = 0;

  static async start(): Promise<PrivateServer> {
    const server = new PrivateServer();
    await server.start();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** On the same port as before, if there was one. */
  async start(): Promise<void> {
    const isSource = import.meta.url.endsWith('.ts');
    const main = fileURLToPath(new URL(`../main.${isSource ? 'ts' : 'js'}`, import.meta.url));
    const flags = isSource ? ['--import', 'tsx', '--conditions', '@wireroom/source'] : [];
    const child = spawn(process.execPath, [...flags, main, 'serve'], {
      // Where tsx is found.
      cwd: dirname(main),
      env: {
        ...process.env,
        ...{ HOST: '127.0.0.1', PORT: String(this.#port), SOCKET_PORT: 'off', DATA_DIR: this.#dataDir },
        ...{ RATE_LIMIT: 'off', LOG_LEVEL: 'silent', TRACE: 'off', TLS: 'off', TLS_CERT: '', TLS_KEY: '' },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#port = await listeningPort(child);
  }

  /** As an operator stops it. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}

function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (text: string): void => {
      said += text;
      const port = /listening on \S+:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    child.once('exit', (code) => reject(new Error(`The server ended with code ${code}: ${said.trim()}`)));
  });
}
