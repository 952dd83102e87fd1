// What `send` of the ws API takes, and in what form a message is handed out: the many types of JavaScript on one side,
// strings and bytes on the other. Sends nothing itself.
import type { Message } from '../core/message.ts';

/** Everything that may be sent. Numbers travel as text, lists of numbers as bytes, lists of bytes as one message. */
export type Data =
  | string
  | number
  | ArrayBufferLike
  | ArrayBufferView
  | Blob
  | readonly number[]
  | readonly Uint8Array[]
  | { valueOf(): string | ArrayBufferLike }
  | null
  | undefined;

/** A received payload, in the form that `binaryType` names; text is always a Buffer. */
export type RawData = Buffer | ArrayBuffer | Buffer[] | Blob;

export const BINARY_TYPES = ['nodebuffer', 'arraybuffer', 'fragments', 'blob'] as const;
/** In what form binary messages are handed out. */
export type BinaryType = (typeof BINARY_TYPES)[number];

export type Payload = string | Uint8Array;

export const EMPTY = Buffer.alloc(0);

/** Throws a TypeError for what has no bytes. */
export function toPayload(data: Exclude<Data, Blob>): Payload {
  if (typeof data === 'string') return data;
  if (typeof data === 'number') return String(data);
  if (!data) return EMPTY;
  if (data instanceof Uint8Array) return data;
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer || data instanceof SharedArrayBuffer) return Buffer.from(data);
  if (isPieces(data)) return Buffer.concat(data);
  if (isNumbers(data)) return Buffer.from(data);
  const value = data.valueOf();
  return typeof value === 'string' ? Buffer.from(value) : Buffer.from(value);
}

export function byteLength(data: Payload | Blob): number {
  if (typeof data === 'string') return Buffer.byteLength(data);
  return data instanceof Blob ? data.size : data.length;
}

export function toRawData({ kind, data }: Message, binaryType: BinaryType): RawData {
  if (kind === 'text') return data;
  switch (binaryType) {
    case 'nodebuffer':
      return data;
    case 'arraybuffer':
      return Uint8Array.from(data).buffer;
    case 'fragments':
      return [data];
    case 'blob':
      return new Blob([Uint8Array.from(data)]);
  }
}

/** The text of a text message as its listeners got it. */
export function textOf(data: RawData): string {
  return Buffer.isBuffer(data) ? data.toString('utf8') : '';
}

function isPieces(data: object): data is readonly Uint8Array[] {
  return Array.isArray(data) && data.length > 0 && data.every((piece) => piece instanceof Uint8Array);
}

function isNumbers(data: object): data is readonly number[] {
  return Array.isArray(data);
}
