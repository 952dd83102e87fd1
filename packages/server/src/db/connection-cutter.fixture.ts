// A way to PostgreSQL that is cut at a word of the test's choice: before the server hears it, or before its answer arrives.
import { connect as connectTo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Stands between the log and PostgreSQL, and cuts the connection at a word that passes. */
export async function cutter(url: string) {
  const { port, hostname } = new URL(url);
  const cut = { atWord: undefined as string | undefined, isWordDelivered: false };
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connectTo(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => [client, upstream].map((each) => each.destroy()));
    }
    client.on('data', (bytes) => {
      const isHere = cut.atWord !== undefined && bytes.includes(cut.atWord);
      if (!isHere) return void upstream.write(bytes);
      cut.atWord = undefined;
      if (!cut.isWordDelivered) return void client.destroy();
      upstream.removeAllListeners('data');
      // The server does it, and its answer is lost on the way.
      upstream.once('data', () => client.destroy());
      return void upstream.write(bytes);
    });
    upstream.on('data', (bytes) => client.write(bytes));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  const address = proxy.address();
  const target = new URL(url);
  target.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  target.hostname = '127.0.0.1';
  return { url: target.href, cut };
}
