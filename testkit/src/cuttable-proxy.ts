// The way to a server, in a test's hand: it can be cut, mended, made slow, and led to another server. Pages see one address all
// along. (A browser's own “offline” leaves WebSockets alone that are open already.)
import { connect as connectTo, createServer, type Server, type Socket } from 'node:net';

export class CuttableProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  /** The server's port on this machine. */
  target = 0;
  /** Each piece of data takes so long, in both directions. */
  delayMs = 0;
  /** What has brought a page so many bytes brings no more, until it is cut. */
  heldAfterBytes = Number.POSITIVE_INFINITY;

  private constructor() {
    this.#server = createServer((near) => this.#connected(near));
  }

  static async start(): Promise<CuttableProxy> {
    const proxy = new CuttableProxy();
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy does not listen.');
    return address.port;
  }

  /** Every connection breaks, and none can be made. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #connected(near: Socket): void {
    if (this.#isCut) return void near.resetAndDestroy();
    const far = connectTo({ port: this.target, host: '127.0.0.1' });
    this.#pass(near, far);
    this.#pass(far, near);
    far.on('data', () => {
      if (far.bytesRead >= this.heldAfterBytes) far.pause();
    });
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    const later = (act: () => void): void => {
      setTimeout(() => {
        if (!to.destroyed) act();
      }, this.delayMs);
    };
    from.on('data', (data) => later(() => to.write(data)));
    from.on('end', () => later(() => to.end()));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      later(() => to.destroy());
    });
  }
}
