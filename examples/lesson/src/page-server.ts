// What both lesson servers need around their socket: the settings, one page over HTTP, and a clear word when a port is taken.
// It is no part of the chat. The two servers are native-server.ts and socketio-server.ts.

import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { Server as TcpServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import express from 'express';

const PAGES = new URL('../pages/', import.meta.url);
const SOCKET_PORT_IN_PAGE = '8090';
const host = process.env.HOST || 'localhost';

/** Prints one sentence and ends the program: for what only the person who started it can mend. */
function giveUp(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

/** Reads a port from the environment. 0 means "any free port": the line that is printed at the start says which. */
export function portSetting(name: 'PAGE_PORT' | 'SOCKET_PORT', fallback: number): number {
  const text = process.env[name] || String(fallback);
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) giveUp(`${name} is a number from 0 to 65535, not "${text}".`);
  return port;
}

/** Opens the port that `setting` names and gives the one it got. */
export function listen(
  server: TcpServer,
  setting: 'PAGE_PORT' | 'SOCKET_PORT',
  fallback: number,
): Promise<number> {
  const port = portSetting(setting, fallback);
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') giveUp(`Cannot open port ${port} on ${host}: ${error.message}`);
      giveUp(`Port ${port} is taken: stop the program that has it, or set ${setting} to another number.`);
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

export interface PageOptions {
  /** The page's file name in `pages/`. */
  readonly file: string;
  readonly socketPort: number;
  /** Path of the Socket.IO client in the file system, served as `/socket.io.js`. */
  readonly socketIoClient?: string;
}

/** Serves the page on PAGE_PORT and prints where to find it. A page says port 8090; another port is written into it here. */
export async function servePage({ file, socketPort, socketIoClient }: PageOptions): Promise<Server> {
  const page = await readFile(new URL(file, PAGES), 'utf8');
  const app = express();
  app.get('/', (_request, response) => {
    response.type('html').send(page.replaceAll(SOCKET_PORT_IN_PAGE, String(socketPort)));
  });
  app.get('/lesson.css', (_request, response) =>
    response.sendFile(fileURLToPath(new URL('lesson.css', PAGES))),
  );
  if (socketIoClient) app.get('/socket.io.js', (_request, response) => response.sendFile(socketIoClient));
  const server = createServer(app);
  const pagePort = await listen(server, 'PAGE_PORT', 3000);
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  console.log(
    `The socket is on port ${socketPort}. Open the page in two windows: http://${name}:${pagePort}/`,
  );
  return server;
}
