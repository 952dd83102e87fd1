// The other end for once: an echo server that shows what its clients send. For programs that are clients.
import { WebSocketServer, WireError } from '@wireroom/websocket';
import { type Io, isInteractive, openTerminal } from '../terminal/terminal.ts';
import type { InspectOptions } from './arguments.ts';
import { INSPECT_LIMITS } from './limits.ts';
import type { Outlet } from './outlet.ts';
import { Recorder } from './recorder.ts';

const HOST = '127.0.0.1';

/** Runs until it is interrupted. */
export async function listen(port: number, options: InspectOptions, io: Io, outlet: Outlet): Promise<number> {
  let count = 0;
  let listeningPort = port;
  const server = new WebSocketServer({
    perMessageDeflate: options.deflate,
    limits: { messageBytesMax: INSPECT_LIMITS.messageBytesMax },
    decide: ({ subprotocols }) =>
      subprotocols[0] === undefined ? { accept: true } : { accept: true, subprotocol: subprotocols[0] },
    tap: {
      open(info) {
        count += 1;
        const recorder = new Recorder(
          {
            connectionId: `inspect-${count}`,
            recordedBy: 'server',
            gateway: 'unknown',
            client: { address: info.remoteAddress, port: info.remotePort },
            server: { address: HOST, port: listeningPort },
            tls: undefined,
          },
          outlet.begin(),
        );
        return {
          read: (chunk) => recorder.read(chunk),
          wrote: (chunk) => recorder.wrote(chunk),
          frame: (direction, frame) => recorder.frame(direction, frame),
          close(event) {
            recorder.ended(event ?? { code: 1006, reason: '', wasClean: false }, event?.error);
          },
        };
      },
    },
    onConnection(connection) {
      connection.handle({
        message(message) {
          outlet.message(message.kind === 'text' ? message.text() : message.data);
          connection.send(message);
        },
        ping: (payload) => outlet.control('ping', payload),
        pong: (payload) => outlet.control('pong', payload),
      });
    },
    onError: (error) => outlet.complain(error instanceof WireError ? error.message : String(error)),
  });
  ({ port: listeningPort } = await server.listen({ port, host: HOST }));
  outlet.remark(`Listening on ws://${HOST}:${listeningPort}; every message is sent back. Ctrl-C ends it.`);
  await interruption(io, outlet, (text) => {
    for (const connection of server.connections) connection.send(text);
  });
  await server.close();
  return 0;
}

/** With a person, lines that are typed go to all clients. */
function interruption(io: Io, outlet: Outlet, say: (text: string) => void): Promise<void> {
  return new Promise((resolve) => {
    if (!isInteractive(io)) {
      const stop = io.onInterrupt(() => {
        stop();
        resolve();
      });
      return;
    }
    const end = (): void => {
      terminal.close();
      resolve();
    };
    const terminal = openTerminal(io, {
      line: (text) => text !== '' && say(text),
      ended: end,
      interrupted: end,
    });
    terminal.setPrompt('> ');
    outlet.printAbove(terminal);
  });
}
