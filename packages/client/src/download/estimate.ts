// What a download would be, about, before somebody begins it. One question over HTTP; nothing is tried again.
import { isRecord } from '../record.ts';
import { DownloadError, type HistoryEstimate, type HistoryQuestion } from './download-options.ts';
import { answerOf, type Fetch } from './http-way.ts';
import { readEpoch } from './read-epoch.ts';
import { Setback } from './setback.ts';
import { httpAddress } from './way.ts';

export async function estimateWith(fetch: Fetch, question: HistoryQuestion): Promise<HistoryEstimate> {
  question.signal?.throwIfAborted();
  try {
    const address = httpAddress({ question }, '/history/estimate');
    const response = await answerOf(fetch, address, { question }, question.signal);
    return readEstimate(await response.json());
  } catch (error) {
    question.signal?.throwIfAborted();
    if (error instanceof DownloadError) throw error;
    const { code, message, retryAfterMs } =
      error instanceof Setback
        ? error
        : new Setback('later', 'unreachable', 'The answer broke off, or is no JSON.');
    throw new DownloadError(code, message, {
      cause: error,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
}

function readEstimate(value: unknown): HistoryEstimate {
  const { epoch, until, records, bytes, parts } = isRecord(value) ? value : {};
  const known = readEpoch(epoch);
  if (known !== undefined && isCount(until) && isCount(records) && isCount(bytes) && isCount(parts))
    return { epoch: known, until, records, bytes, parts };
  throw new Setback('other-way', 'unreachable', 'What answers there is no estimate of a Wireroom.');
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
