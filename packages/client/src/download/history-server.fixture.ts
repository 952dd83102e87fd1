// A server of histories in a test's hand: one file, answered by HTTP and on a second WebSocket as the script says, call by call. Breaks
// come where the script puts them; what a download goes on from is checked as a server does.
import { createHash } from 'node:crypto';
import {
  HistoryCount,
  type HistoryEnd,
  type HistoryFormat,
  type HistoryHead,
  historyWriter,
} from '@wireroom/history';
import {
  authorIdSchema,
  draftIdSchema,
  epochSchema,
  type MessageEntry,
  roomIdSchema,
} from '@wireroom/protocol';
import type { OpenDownloadSocket } from './download-socket.ts';
import type { Fetch } from './http-way.ts';

export const EPOCH = epochSchema.parse('e_0123456789abcdef');
const ROOM_ID = roomIdSchema.parse('r_0123456789abcdef');
const ANN = { authorId: authorIdSchema.parse('a_annannannannannann'), name: 'Ann' };

/** What becomes of one call. `bytes`: so many of the answer come before it. Absent: all. */
export type Script =
  | { readonly how: 'well' }
  | { readonly how: 'unreachable' }
  | { readonly how: 'silent' }
  | { readonly how: 'breaks' | 'ends' | 'stalls'; readonly bytes: number }
  | { readonly how: 'answers'; readonly response: () => Response }
  | { readonly how: 'refuses'; readonly error: { readonly code: string; readonly message: string } };

export interface Call {
  readonly way: 'http' | 'websocket';
  readonly words: Readonly<Record<string, string>>;
  readonly url: string;
  readonly authorization: string | undefined;
}

const CHUNK_BYTES = 700;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const messageOf = (seq: number): MessageEntry => ({
  ...{ v: 1, roomId: ROOM_ID, epoch: EPOCH, seq, author: ANN },
  ...{ at: new Date(Date.UTC(2026, 0, 1) + seq * 60_000).toISOString(), type: 'message' },
  ...{ draftId: draftIdSchema.parse(`draft-${seq}-000000`), text: `message ${seq}, 消息` },
});

/** Messages 1 to `until`, as a server writes them. */
export function fileOf(format: HistoryFormat, until: number, more: Partial<HistoryEnd> = {}): Uint8Array {
  const room = { roomId: ROOM_ID, slug: 'lobby', title: 'Lobby', topic: '' };
  const head: HistoryHead = { type: 'history', v: 1, room, epoch: EPOCH, until, spec: { format } };
  const writer = historyWriter(head);
  const count = new HistoryCount({ findsGaps: true });
  let text = writer.head();
  for (let seq = 1; seq <= until; seq++) {
    count.record(seq);
    text += writer.item({ kind: 'entry', entry: messageOf(seq) });
  }
  text += writer.foot(count.totals());
  const bytes = new TextEncoder().encode(text);
  return new TextEncoder().encode(
    text + writer.end({ type: 'end', ...count.totals(), sha256: sha256(bytes), ...more }),
  );
}

export class HistoryServer {
  file = fileOf('jsonl', 40);
  until = 40;
  readonly calls: Call[] = [];
  /** For the next calls, by way; then all goes well. */
  readonly scripts: { http: Script[]; websocket: Script[] } = { http: [], websocket: [] };
  /** Chunks that were taken of answers over HTTP. */
  chunksTaken = 0;

  readonly fetch: Fetch = async (url, { headers, signal }) => {
    const address = new URL(url);
    const authorization = new Headers(headers).get('authorization') ?? undefined;
    const words = Object.fromEntries(address.searchParams);
    this.calls.push({ way: 'http', words, url, authorization });
    const script = this.scripts.http.shift() ?? { how: 'well' };
    if (script.how === 'unreachable') throw new TypeError('fetch failed');
    if (script.how === 'answers') return script.response();
    if (script.how === 'refuses') return Response.json({ error: script.error }, { status: 400 });
    if (script.how === 'silent') return new Promise((_, reject) => onAbort(signal, reject));
    const rest = this.#rest(words);
    if (rest === undefined)
      return Response.json({ error: { code: 'history-changed', message: 'It changed.' } }, { status: 409 });
    const response = { 'x-wireroom-until': String(this.until), 'x-wireroom-epoch': EPOCH };
    return new Response(this.#body(rest, script, signal), { headers: response });
  };

  readonly openSocket: OpenDownloadSocket = (url, handlers) => {
    let isOpen = true;
    const later = (act: () => void): void => void setImmediate(() => isOpen && act());
    const end = (reason: string): void => {
      isOpen = false;
      handlers.close(reason);
    };
    const script = this.scripts.websocket.shift() ?? { how: 'well' };
    later(() => (script.how === 'unreachable' ? end('refused') : handlers.open()));
    const answer = (rest: Uint8Array): void => {
      handlers.text(JSON.stringify({ type: 'begin', epoch: EPOCH, until: this.until }));
      const cut = 'bytes' in script ? script.bytes : rest.length;
      for (const chunk of chunksOf(rest.subarray(0, cut))) handlers.bytes(chunk);
      if (script.how === 'breaks') end('');
      else if (script.how !== 'stalls') handlers.text('{"type":"finished"}');
    };
    return {
      send: (text) => {
        const { token, ...words } = JSON.parse(text);
        this.calls.push({ way: 'websocket', words, url, authorization: token });
        const rest = this.#rest(words);
        const error = { code: 'history-changed', message: 'It changed.' };
        later(() => {
          if (script.how === 'refuses')
            handlers.text(JSON.stringify({ type: 'refused', error: script.error }));
          else if (rest === undefined) handlers.text(JSON.stringify({ type: 'refused', error }));
          else answer(rest);
        });
      },
      close: () => {
        isOpen = false;
      },
    };
  };

  /** As a server proves it. */
  #rest({ until, epoch, bytes, prefix }: Readonly<Record<string, unknown>>): Uint8Array | undefined {
    if (until === undefined) return this.file;
    const has = this.file.subarray(0, Number(bytes));
    const isKnown = Number(until) === this.until && epoch === EPOCH && prefix === sha256(has);
    return isKnown ? this.file.subarray(has.length) : undefined;
  }

  #body(
    rest: Uint8Array,
    script: Script,
    signal: AbortSignal | null | undefined,
  ): ReadableStream<Uint8Array> {
    const chunks = chunksOf('bytes' in script ? rest.subarray(0, script.bytes) : rest);
    return new ReadableStream({
      start: (controller) => onAbort(signal, (reason) => controller.error(reason)),
      pull: (controller) => {
        const chunk = chunks.shift();
        if (chunk !== undefined) {
          this.chunksTaken += 1;
          controller.enqueue(chunk);
        } else if (script.how === 'breaks') controller.error(new TypeError('terminated'));
        else if (script.how !== 'stalls') controller.close();
      },
    });
  }
}

const onAbort = (signal: AbortSignal | null | undefined, act: (reason: unknown) => void): void =>
  signal?.addEventListener('abort', () => act(signal.reason));

function chunksOf(bytes: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) chunks.push(bytes.subarray(at, at + CHUNK_BYTES));
  return chunks;
}
