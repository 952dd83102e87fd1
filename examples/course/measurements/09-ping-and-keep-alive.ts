// A program that hangs while its kernel goes on: what TCP notices, and what a ping notices. And what each beat costs.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { connect } from '@wireroom/websocket';
import { acceptSteps } from '@wireroom/websocket/core';
import { type Cell, type Report, t, yesNo } from './report.ts';
import { frame, listen, within } from './wires.ts';

const PATIENCE_MS = 300;

/** A server by hand that answers pings until it is told to hang. */
async function server(): Promise<{ readonly port: number; hang(): void; close(): void }> {
  const sockets: net.Socket[] = [];
  const listener = net.createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', (head: Buffer) => {
      const key = /^Sec-WebSocket-Key: (.*)\r$/im.exec(head.toString('latin1'))?.[1] ?? '';
      const { accept } = acceptSteps(key);
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      socket.on('data', (bytes: Buffer) => {
        for (const payload of pingsIn(bytes)) socket.write(frame(10, payload, { mask: false }));
      });
    });
  });
  return {
    port: await listen(listener),
    hang: () => sockets.forEach((socket) => void socket.pause()),
    close: () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
    },
  };
}

/** The payloads of the pings among these short frames, which come whole: nobody else writes on this wire. */
function pingsIn(bytes: Buffer): readonly Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at + 6 <= bytes.length; ) {
    const end = at + 6 + (bytes.readUInt8(at + 1) & 0x7f);
    const key = bytes.subarray(at + 2, at + 6);
    const payload = Buffer.from(bytes.subarray(at + 6, end)).map(
      (byte, index) => byte ^ (key[index % 4] ?? 0),
    );
    if (bytes[at] === 0x89) payloads.push(Buffer.from(payload));
    at = end;
  }
  return payloads;
}

/** Linux tells after how many idle seconds TCP itself would ask; elsewhere it is not to be read here. */
function keepAliveSeconds(): Cell {
  try {
    return `${readFileSync('/proc/sys/net/ipv4/tcp_keepalive_time', 'utf8').trim()} s`;
  } catch {
    return '–';
  }
}

export async function measure(): Promise<Report> {
  const peer = await server();
  const connection = await connect(`ws://127.0.0.1:${peer.port}/`);
  connection.handle({});
  const look = async (): Promise<readonly Cell[]> => {
    connection.send('are you there?');
    const isTaken =
      (await within(
        PATIENCE_MS,
        connection.flushed().then(() => true),
      )) === true;
    const beat = connection.roundTripMs().catch(() => undefined);
    return [yesNo(isTaken), yesNo((await within(PATIENCE_MS, beat)) !== undefined)];
  };
  const rows: (readonly Cell[])[] = [[t('程序正常', 'the program runs'), ...(await look())]];
  peer.hang();
  rows.push([t('程序卡死，内核还在', 'the program hangs, its kernel does not'), ...(await look())]);
  connection.terminate();
  peer.close();
  const seconds = keepAliveSeconds();
  const beat = `{"type":"ping","ref":1}`;
  const [ping, pong, own] = [frame(9, ''), frame(10, '', { mask: false }), frame(1, beat)];
  return {
    title: t('连接还活着吗：问内核，还是问程序', 'Is it alive: asking the kernel, or the program'),
    columns: [
      t('对方的状态', 'state of the peer'),
      t('TCP 收下了数据', 'TCP took the data'),
      t(`${PATIENCE_MS} ms 内有 Pong`, `pong within ${PATIENCE_MS} ms`),
    ],
    rows,
    note: t(
      `一次心跳的字节：空 Ping ${ping.length}，空 Pong ${pong.length}，自定义 ${beat} 单程 ${own.length}。本机 TCP keep-alive 默认静默多久才探测：${seconds}。`,
      `Bytes of a beat: empty ping ${ping.length}, empty pong ${pong.length}, one's own ${beat} ${own.length} one way. Silence before this machine's TCP keep-alive asks by default: ${seconds}.`,
    ),
  };
}
