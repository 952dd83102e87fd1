// A real nginx for tests: started with a location block of the course in a folder of its own, on a Unix socket, so that it
// takes no port; ended by its pid. What it proxies to is a port of the test's.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where Debian puts it, besides the PATH. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];
const START_MS_MAX = 10_000;

/** The nginx to test with: what NGINX names, else the first one found. Says loudly when there is none. */
export function findNginx(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...MORE_FOLDERS];
  const found = [process.env.NGINX, ...folders.map((folder) => join(folder, 'nginx'))].find(
    (path) => path !== undefined && path !== '' && existsSync(path),
  );
  if (found === undefined)
    process.stderr.write('\nSKIPPED: NO NGINX. Install nginx-light, or name one: NGINX=/path/to/it\n');
  return found;
}

export interface Nginx {
  /** Opens a TCP-like connection to it. */
  connect(): net.Socket;
  stop(): Promise<void>;
}

/** @param location as it stands in the course; its `127.0.0.1:3000` becomes this port */
export async function startNginx(program: string, location: string, port: number): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'wireroom-nginx-'));
  const socket = join(folder, 'nginx.sock');
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, configOf(folder, socket, location.replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`)));
  const child = spawn(program, ['-p', folder, '-c', config, '-e', join(folder, 'error.log')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const exited = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const isUp = await Promise.race([answers(socket), exited.then(() => false)]);
  if (!isUp) {
    await stop();
    throw new Error(`nginx did not start: ${said}`);
  }
  return { connect: () => net.connect({ path: socket, allowHalfOpen: true }), stop };
}

const configOf = (folder: string, socket: string, location: string): string => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen unix:${socket};
${location}
  }
}
`;

/** Tries until somebody listens, or for START_MS_MAX. */
async function answers(path: string): Promise<boolean> {
  const until = performance.now() + START_MS_MAX;
  while (performance.now() < until) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = net.connect({ path });
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('close', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isThere) return true;
    await new Promise(setImmediate);
  }
  return false;
}
