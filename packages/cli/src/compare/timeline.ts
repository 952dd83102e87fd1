// What a proxy saw, told step by step: HTTP requests and answers, the upgrade, frames and what they say. For people; no
// figure is made from it but the number of HTTP requests.
import {
  type BytesRecord,
  type CaptureRecord,
  type DecodedFrame,
  type DecodedMessage,
  decode,
  opcodeText,
  packetText,
  pollingPackets,
} from '@wireroom/capture';
import type { TimelineStep } from './figures.ts';
import { type HttpMessage, httpMessages } from './http-messages.ts';
import type { SeenChunk } from './recording-proxy.ts';

/** Of a body or a message so much is told. */
const TEXT_CHARACTERS_MAX = 72;

/** What Engine.IO answers to a POST: no packet. */
const POLLING_RECEIPT = 'ok';

export function timelineOf(chunks: readonly SeenChunk[]): readonly TimelineStep[] {
  const begin = chunks[0]?.atMs ?? 0;
  return [...byConnection(chunks)]
    .flatMap(([connection, own]) => (isUpgrade(own) ? upgraded(connection, own) : polled(connection, own)))
    .toSorted((one, other) => one.atMs - other.atMs)
    .map((step) => ({ ...step, atMs: Math.round((step.atMs - begin) * 10) / 10 }));
}

export function httpRequestsOf(chunks: readonly SeenChunk[]): number {
  return [...byConnection(chunks).values()]
    .map(
      (own) =>
        httpMessages(
          own.filter(({ direction }) => direction === 'up'),
          isUpgrade(own),
        ).length,
    )
    .reduce((sum, count) => sum + count, 0);
}

function byConnection(chunks: readonly SeenChunk[]): ReadonlyMap<number, readonly SeenChunk[]> {
  const found = new Map<number, SeenChunk[]>();
  for (const chunk of chunks) {
    const own = found.get(chunk.connection);
    if (own === undefined) found.set(chunk.connection, [chunk]);
    else own.push(chunk);
  }
  return found;
}

const isUpgrade = (chunks: readonly SeenChunk[]): boolean =>
  /\r\nupgrade: *websocket/i.test(chunks[0]?.bytes.toString('latin1') ?? '');

function polled(connection: number, chunks: readonly SeenChunk[]): TimelineStep[] {
  return (['up', 'down'] as const).flatMap((direction) =>
    httpMessages(
      chunks.filter((chunk) => chunk.direction === direction),
      false,
    ).map((message) => ({
      atMs: message.atMs,
      connection,
      direction,
      bytes: message.bytes,
      text: shortened(`${firstLine(message)} ${message.body}`.trim()),
      ...meant(message.body === POLLING_RECEIPT ? [] : pollingPackets(message.body, 4).map(packetText)),
    })),
  );
}

function firstLine({ head }: HttpMessage): string {
  const [first = ''] = head.split('\r\n');
  return first
    .replace(/ HTTP\/1\.1$|^HTTP\/1\.1 /, '')
    .replace(/[?&]t=[^& ]*/, '')
    .replace(/sid=[^& ]*/, 'sid=…');
}

function upgraded(connection: number, chunks: readonly SeenChunk[]): TimelineStep[] {
  const { handshake, frames, messages } = decode({ records: recordsOf(chunks) });
  const heads = [
    handshake.request && { ...handshake.request, direction: 'up' as const },
    handshake.response && { ...handshake.response, direction: 'down' as const },
  ].filter((head) => head !== undefined);
  const steps = heads.map((head) => ({
    atMs: head.at / 1000,
    connection,
    direction: head.direction,
    bytes: head.span.to - head.span.from,
    text:
      'method' in head
        ? firstLine({ head: `${head.method} ${head.target}`, body: '', bytes: 0, atMs: 0 })
        : `${head.status} ${head.reasonPhrase}`,
  }));
  const byKey = new Map(messages.map((message) => [`${message.direction}${message.index}`, message]));
  return [
    ...steps,
    ...frames.map((frame) =>
      frameStep(connection, frame, byKey.get(`${frame.direction}${frame.messageIndex}`)),
    ),
  ];
}

function frameStep(
  connection: number,
  frame: DecodedFrame,
  message: DecodedMessage | undefined,
): TimelineStep {
  const text = message?.text ?? `${opcodeText(frame.opcode).name} frame`;
  return {
    atMs: frame.at / 1000,
    connection,
    direction: frame.direction === 'in' ? 'up' : 'down',
    bytes: frame.span.to - frame.span.from,
    text: shortened(text),
    ...meant(meaningsOf(message)),
  };
}

function meaningsOf(message: DecodedMessage | undefined): string[] {
  const meaning = message?.meaning;
  if (meaning === undefined) return [];
  return meaning.language === 'socketio'
    ? meaning.packets.map(packetText)
    : [`${meaning.role} ${meaning.type}`];
}

const meant = (meanings: readonly string[]): { readonly meaning?: string } =>
  meanings.length === 0 ? {} : { meaning: meanings.join('; ') };

/** Tokens and session ids are not for documents. */
function shortened(text: string): string {
  const safe = text.replace(/"(token|sid)":"[^"]*"/g, '"$1":"…"').replaceAll('\x1e', '␞');
  const characters = [...safe];
  return characters.length > TEXT_CHARACTERS_MAX
    ? `${characters.slice(0, TEXT_CHARACTERS_MAX).join('')}…`
    : safe;
}

function recordsOf(chunks: readonly SeenChunk[]): CaptureRecord[] {
  const nobody = { address: '127.0.0.1', port: 0 };
  const offsets = { up: 0, down: 0 };
  const bytes = chunks.map((chunk): BytesRecord => {
    const offset = offsets[chunk.direction];
    offsets[chunk.direction] += chunk.bytes.length;
    return {
      kind: 'bytes',
      at: chunk.atMs * 1000,
      direction: chunk.direction === 'up' ? 'in' : 'out',
      offset,
      bytes: chunk.bytes,
    };
  });
  const isSocketIo = /[?&]EIO=/.test(chunks[0]?.bytes.toString('latin1', 0, 200) ?? '');
  return [
    {
      kind: 'open',
      at: (chunks[0]?.atMs ?? 0) * 1000,
      connectionId: 'compared',
      recordedBy: 'between',
      gateway: isSocketIo ? 'socketio' : 'native',
      client: nobody,
      server: nobody,
    },
    ...bytes,
  ];
}
