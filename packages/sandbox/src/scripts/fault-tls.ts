// The script of mixed content: what arrives where a page speaks wss: to a port that does not speak TLS, and how it looks
// once something in front of the server does. TLS with a key that both ends know, so that no certificate has to be made.
import net from 'node:net';
import tls from 'node:tls';
import type { RawClient } from '../stage/raw-client.ts';
import type { Recording } from '../stage/recording.ts';
import type { Stage } from '../stage/stage.ts';
import type { Scripts } from './script.ts';

const CIPHERS = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2', minVersion: 'TLSv1.2' } as const;
/** Protects nothing: both ends are in this process, on the loopback. */
const SHARED_KEY = Buffer.alloc(16, 7);

/** The first bytes that a browser sends to a wss: port: a TLS record (22), in it a ClientHello (1), with what is random left 0. */
const CLIENT_HELLO = Buffer.concat([
  Buffer.from('160301002f0100002b0303', 'hex'),
  Buffer.alloc(32),
  Buffer.from('0000041301130201000000', 'hex'),
]);

async function mixedContent(stage: Stage): Promise<void> {
  const plain = await stage.serve();
  stage.note('blocked-by-browser');
  const browser = await stage.dial(plain.port);
  stage.note('tls-to-plain-port', browser);
  await browser.send(CLIENT_HELLO);
  await browser.ended();

  const { port } = await stage.serve({ records: 'none' });
  const tlsPort = await terminateTls(stage, port);
  const client = await dialTls(stage, tlsPort);
  stage.note('tls-in-front', client);
  await client.upgrade({ headers: ['Origin: https://chat.example'] });
  await client.text('inside TLS');
  await client.heard(1);
  await client.close();
}

/** What nginx, Caddy or a load balancer does in front of a server: TLS ends there, behind it is plain TCP. */
async function terminateTls(stage: Stage, targetPort: number): Promise<number> {
  const server = tls.createServer({ ...CIPHERS, pskCallback: () => SHARED_KEY }, (client) => {
    const recording = stage.recordByHand({
      clientPort: client.remotePort ?? 0,
      serverPort: targetPort,
      gateway: 'sandbox',
      tls: { protocol: client.getProtocol() ?? '', cipher: client.getCipher().name },
    });
    pass(client, recording, targetPort);
  });
  server.on('connection', (socket: net.Socket) => stage.keep(socket));
  return stage.listen(server);

  // #region pass-on
  function pass(client: tls.TLSSocket, recording: Recording, port: number): void {
    const upstream = net.connect({ port, host: '127.0.0.1', noDelay: true });
    stage.keep(upstream);
    client.on('data', (chunk: Buffer) => {
      recording.bytes('in', chunk);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      recording.bytes('out', chunk);
      client.write(chunk);
    });
    upstream.on('end', () => client.end());
    client.on('end', () => upstream.end());
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    upstream.on('close', () =>
      recording.close({ code: 1000, reason: '', wasClean: true, begunBy: 'client' }),
    );
  }
  // #endregion
}

async function dialTls(stage: Stage, port: number): Promise<RawClient> {
  const socket = tls.connect({
    port,
    host: '127.0.0.1',
    ...CIPHERS,
    pskCallback: () => ({ psk: SHARED_KEY, identity: 'sandbox' }),
    checkServerIdentity: () => undefined,
  });
  stage.keep(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
  });
  return stage.clientOn(socket);
}

export const TLS_SCRIPTS: Scripts = { 'mixed-content': mixedContent };
