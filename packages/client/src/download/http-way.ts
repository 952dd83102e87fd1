// A history over HTTP: the runtime unpacks it and makes the server wait for a slow `write`. The token goes in a header, never in
// the address. What answers and is no Wireroom (a proxy's page, a portal) is told from what is by its headers and its JSON.
import { isRecord } from '../record.ts';
import type { HistoryPicture, HistoryQuestion } from './download-options.ts';
import { readEpoch } from './read-epoch.ts';
import { refusalIn, Setback } from './setback.ts';
import { httpAddress, tokenOf, type Way } from './way.ts';

/** As much of `fetch` as is used here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export function httpWay(fetch: Fetch): Way {
  return async (request, signal) => {
    const response = await answerOf(fetch, httpAddress(request, '/history'), request, signal);
    const picture = pictureIn(response.headers);
    if (picture === undefined || response.body === null) {
      void response.body?.cancel().catch(() => {});
      throw new Setback('other-way', 'unreachable', 'What answers there is no history of a Wireroom.');
    }
    return { picture, bytes: bytesOf(response.body) };
  };
}

/** The answer, if it is a good one. Otherwise throws a Setback or a DownloadError. */
export async function answerOf(
  fetch: Fetch,
  address: URL,
  { question }: { readonly question: HistoryQuestion },
  signal: AbortSignal | undefined,
): Promise<Response> {
  const token = tokenOf(question);
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const init: RequestInit = { headers, cache: 'no-store', credentials: 'omit', ...(signal && { signal }) };
  let response: Response;
  try {
    response = await fetch(address.href, init);
  } catch (cause) {
    throw new Setback('other-way', 'unreachable', `${address.host} cannot be reached.`, { cause });
  }
  if (response.ok) return response;
  const refusal = refusalIn(await errorIn(response), retryAfterMsOf(response));
  if (refusal !== undefined) throw refusal;
  throw new Setback('other-way', 'unreachable', `${address.host} answered ${response.status}.`, {
    retryAfterMs: retryAfterMsOf(response),
  });
}

async function errorIn(response: Response): Promise<unknown> {
  try {
    const body: unknown = await response.json();
    return isRecord(body) ? body.error : undefined;
  } catch {
    // A page, or cut off: nothing of ours.
    return undefined;
  }
}

/** In seconds; the form with a date is not used by our servers. */
function retryAfterMsOf({ headers }: Response): number | undefined {
  const seconds = /^\d{1,9}$/.exec(headers.get('retry-after') ?? '')?.[0];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function pictureIn(headers: Headers): HistoryPicture | undefined {
  const until = /^\d{1,15}$/.exec(headers.get('x-wireroom-until') ?? '')?.[0];
  const epoch = readEpoch(headers.get('x-wireroom-epoch'));
  return until === undefined || epoch === undefined ? undefined : { until: Number(until), epoch };
}

async function* bytesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw new Setback('later', 'unreachable', 'The connection broke off.', { cause });
      });
      if (done) return undefined;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
