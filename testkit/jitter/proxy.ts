// The network between clients and server: a TCP proxy with a port for each client, whose connections it can cut. Passes bytes on and
// reads none of them. Where the server is can change, and there may be none: then whoever comes is reset.
import net from 'node:net';
import type { Cut } from './schedule.ts';

interface Way {
  readonly server: net.Server;
  readonly links: Set<Link>;
  cut: Cut | undefined;
}

/** One connection of a client, with its other half where it has one. */
interface Link {
  readonly near: net.Socket;
  far: net.Socket | undefined;
}

export class JitterProxy {
  readonly #ways: Way[] = [];
  #targetPort: number | undefined;

  /** The port of each client, in their order. */
  static async open(clients: number): Promise<JitterProxy> {
    const proxy = new JitterProxy();
    for (let client = 0; client < clients; client += 1) proxy.#ways.push(proxy.#way());
    await Promise.all(
      proxy.#ways.map(({ server }) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
    );
    return proxy;
  }

  get ports(): number[] {
    return this.#ways.map(({ server }) => {
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : 0;
    });
  }

  /** Undefined: there is no server now. */
  aim(port: number | undefined): void {
    this.#targetPort = port;
  }

  cut(client: number, cut: Cut): void {
    const way = this.#ways[client];
    if (way === undefined) return;
    way.cut = cut;
    for (const { near, far } of way.links) {
      if (cut === 'black-hole') {
        near.unpipe();
        far?.unpipe();
        near.pause();
        far?.pause();
      } else if (cut === 'reset') {
        near.resetAndDestroy();
        far?.resetAndDestroy();
      } else {
        near.destroySoon();
        far?.destroySoon();
      }
    }
  }

  heal(client: number): void {
    const way = this.#ways[client];
    if (way === undefined || way.cut === undefined) return;
    way.cut = undefined;
    for (const link of way.links) {
      if (link.far === undefined) this.#connect(link);
      else {
        link.near.resetAndDestroy();
        link.far.resetAndDestroy();
      }
    }
  }

  close(): void {
    for (const { server, links } of this.#ways) {
      server.close();
      for (const { near } of links) near.destroy();
    }
  }

  #way(): Way {
    const links = new Set<Link>();
    const way: Way = { links, cut: undefined, server: net.createServer((near) => this.#accept(way, near)) };
    return way;
  }

  #accept(way: Way, near: net.Socket): void {
    // A reset is what this is about; each end sees the other's as its own.
    near.setNoDelay(true).on('error', () => {});
    if (way.cut === 'reset' || way.cut === 'end' || this.#targetPort === undefined) {
      near.resetAndDestroy();
      return;
    }
    const link: Link = { near, far: undefined };
    way.links.add(link);
    near.on('close', () => {
      way.links.delete(link);
      link.far?.destroySoon();
    });
    if (way.cut === undefined) this.#connect(link);
  }

  #connect(link: Link): void {
    if (this.#targetPort === undefined) {
      link.near.resetAndDestroy();
      return;
    }
    const { near } = link;
    const far = net.connect({ port: this.#targetPort, host: 'localhost' });
    link.far = far;
    far.setNoDelay(true).on('error', () => near.resetAndDestroy());
    // With its FIN where the server sent one: a Close frame before it arrives.
    far.on('close', () => near.destroySoon());
    near.pipe(far);
    far.pipe(near);
  }
}
