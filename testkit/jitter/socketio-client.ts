// One stock Socket.IO client with the library's defaults: polling first, then WebSocket; reconnection by itself; what is emitted while it
// is not connected is kept by the library and sent later. In a plain room, or in ours through the Socket.IO gateway.
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { ClientOptions, JitterClient, OpenClient } from './jitter-client.ts';
import { JITTER_LIMITS } from './limits.ts';

/** Beyond the defaults: nothing, or WebSocket alone. */
export type SocketIoOptions = Partial<ManagerOptions & SocketOptions>;

/** Texts as events of their own, which the server hands to everybody. */
export const openPlainClient =
  (options: SocketIoOptions): OpenClient =>
  ({ port, events }) => {
    const socket = io(`http://127.0.0.1:${port}`, options);
    const heard: string[] = [];
    socket.on('connect', events.opened).on('disconnect', events.closed);
    socket.on('message', (text: string) => {
      heard.push(text);
      events.arrived(text);
    });
    return clientOf(socket, heard, (text) => void socket.emit('message', text));
  };

interface LessonMessage {
  readonly type: string;
  readonly message?: string;
  readonly token?: string;
}

/** The lesson's shapes. It logs in unless the server has recovered it. */
export const openLessonClient =
  (options: SocketIoOptions): OpenClient =>
  ({ port, name, events }: ClientOptions) => {
    const socket = io(`http://127.0.0.1:${port}`, options);
    const heard: string[] = [];
    let token: string | undefined;
    let isIn = false;
    const login = (): void =>
      void socket.send({ type: 'LOGIN', name, ...(token !== undefined && { token }) });
    let loginAgain: NodeJS.Timeout | undefined;
    // Once, however many ERRORs there were; and not while there is no connection: its next one logs in by itself.
    const loginLater = (): void => {
      clearTimeout(loginAgain);
      loginAgain = setTimeout(() => {
        if (socket.connected && !isIn) login();
      }, JITTER_LIMITS.loginAgainMs).unref();
    };
    const entered = (): void => {
      isIn = true;
      events.opened();
    };
    socket.on('connect', () => {
      if (socket.recovered) entered();
      else login();
    });
    socket.on('disconnect', () => {
      isIn = false;
      events.closed();
    });
    socket.on('message', (message: LessonMessage) => {
      if (message.type === 'TOKEN') {
        token = message.token;
        entered();
      } else if (message.type === 'ERROR' && !isIn) {
        // Cut in the middle of a LOGIN, its name is taken for a while: by itself.
        loginLater();
      }
      if (message.type !== 'CHAT' || message.message === undefined) return;
      heard.push(message.message);
      events.arrived(message.message);
    });
    const client = clientOf(socket, heard, (text) => void socket.send({ type: 'CHAT', message: text }));
    return {
      ...client,
      get isOpen() {
        return isIn;
      },
    };
  };

function clientOf(socket: Socket, heard: readonly string[], post: (text: string) => void): JitterClient {
  return {
    get isOpen() {
      return socket.connected;
    },
    post,
    shown: () => heard,
    close: () => void socket.close(),
  };
}
