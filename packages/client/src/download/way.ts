// The port to whatever brings a history's bytes: HTTP or a second WebSocket. A way is one attempt; download.ts makes several.
import type { HistoryResumption } from '@wireroom/history';
import { accessTo } from '../client-access.ts';
import type { HistoryPicture, HistoryQuestion } from './download-options.ts';

export interface WayRequest {
  readonly question: HistoryQuestion;
  /** What is there already. Absent: from the beginning. */
  readonly resumption?: HistoryResumption | undefined;
}

export interface Arriving {
  readonly picture: HistoryPicture;
  /** Ends where the other side ended it, whole or not: the file's last line tells. Throws a Setback where it broke off. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Resolves when a history comes. Rejects with a Setback or a DownloadError, or with what the signal was aborted for. */
export type Way = (request: WayRequest, signal: AbortSignal) => Promise<Arriving>;

/** The words of the query, of the socket's command, and of the server's own form of both. */
export function wordsOf({ question, resumption }: WayRequest): Readonly<Record<string, string | number>> {
  const { spec, after } = question;
  const asked = {
    ...spec,
    after,
    ...(resumption && {
      until: resumption.until,
      epoch: resumption.epoch,
      ...resumption.has,
      prefix: resumption.prefixSha256,
    }),
  };
  return Object.fromEntries(
    Object.entries(asked).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

export const urlOf = ({ chat, url }: HistoryQuestion): string =>
  chat === undefined ? url : accessTo(chat).url;

export const tokenOf = ({ chat, token }: HistoryQuestion): string | undefined =>
  chat === undefined ? token : accessTo(chat).token();

/** ws://host:port/ws -> http://host:port/api/rooms/…; `httpUrl` where HTTP is served elsewhere. */
export function httpAddress(request: WayRequest, path: '/history' | '/history/estimate'): URL {
  const { question } = request;
  const base = question.httpUrl ?? urlOf(question).replace(/^ws/i, 'http');
  const address = new URL(`/api/rooms/${encodeURIComponent(question.room)}${path}`, base);
  for (const [key, value] of Object.entries(wordsOf(request))) address.searchParams.set(key, String(value));
  return address;
}

export function socketAddress(question: HistoryQuestion): URL {
  const address = new URL('/history', urlOf(question));
  address.search = '';
  return address;
}
