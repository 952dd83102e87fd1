// What the SDK says, in the words of the page: with a stand-in of the SDK that does what the test says.
import {
  type DownloadOptions,
  type HistoryQuestion,
  DownloadError as SdkError,
} from '@wireroom/client/history';
import { describe, expect, it } from 'vitest';
import { FakeClient } from '../fixture/fake-client.ts';
import { bytesOf, ESTIMATE, endOf } from './download-fakes.fixture.ts';
import { type DownloadAsk, DownloadError } from './download-port.ts';
import { chatSource } from './history-source.ts';

const chat = new FakeClient({ connection: { state: 'open' }, rooms: {}, isStorageWorking: true });
const PICTURE = { epoch: ESTIMATE.epoch, until: 3 };
const end = endOf(bytesOf('x'));

function heard(act: (options: DownloadOptions) => Promise<void>) {
  const said: unknown[] = [];
  const questions: (DownloadOptions | HistoryQuestion)[] = [];
  const source = chatSource(chat, {
    downloadHistory: async (options) => {
      questions.push(options);
      await act(options);
      return end;
    },
    estimateHistory: async (question) => {
      questions.push(question);
      throw new SdkError('rate-limited', 'Too fast.');
    },
  });
  const ask: DownloadAsk = {
    room: 'lobby',
    spec: { format: 'jsonl' },
    signal: new AbortController().signal,
    write: async (bytes: Uint8Array) => void said.push(bytes.length),
    onPicture: (picture: unknown) => void said.push(picture),
    onRecords: (records: number) => void said.push(records),
    onWait: (reason: unknown) => void said.push(reason ?? 'goes on'),
  };
  return { said, questions, source, ask };
}

const progress = { via: 'http', bytes: 0, records: 0, isResuming: false } as const;
const waiting = (code: string) => ({ ...progress, waiting: { code, message: '', retryAt: 0 } });

describe('chatSource', () => {
  it('asks as whoever is in the chat, and passes on what comes', async () => {
    const { said, questions, source, ask } = heard(async (options) => {
      options.onProgress?.({ ...progress, picture: PICTURE });
      await options.write(bytesOf('four'));
    });
    expect(await source.download(ask)).toBe(end);
    expect(said).toEqual([PICTURE, 0, 4]);
    expect(questions[0]).toMatchObject({ chat, room: 'lobby', spec: { format: 'jsonl' } });
    expect(questions[0]).not.toHaveProperty('kept');
  });

  it('goes on with a picture, and reads what is there only where something is', async () => {
    const { questions, source, ask } = heard(async () => {});
    async function* read() {
      yield bytesOf('kept');
    }
    await source.download({ ...ask, after: 7, kept: { ...PICTURE, bytes: 0, read } });
    await source.download({ ...ask, kept: { ...PICTURE, bytes: 4, read } });
    expect(questions[0]).toMatchObject({ after: 7, kept: PICTURE });
    expect(questions[0]).not.toHaveProperty('kept.stored');
    expect(questions[1]).toHaveProperty('kept.stored');
  });

  it('says what it waits for, once it does, and when it goes on', async () => {
    const { said, source, ask } = heard(async ({ onProgress }) => {
      onProgress?.(waiting('unreachable'));
      onProgress?.(progress);
      onProgress?.(progress);
      onProgress?.(waiting('too-many-downloads'));
      onProgress?.(waiting('shutting-down'));
    });
    await source.download(ask);
    expect(said.filter((each) => each !== 0)).toEqual(['network', 'goes on', 'busy', 'server']);
  });

  it('has a code of its own for each refusal, and keeps the words of those that it does not know', async () => {
    for (const [theirs, ours] of [
      ['bad-token', 'bad-token'],
      ['internal', 'server'],
      ['not-verified', 'not-verified'],
      ['toString', 'other'],
    ]) {
      const { source, ask } = heard(() => Promise.reject(new SdkError(theirs ?? '', 'It said no.')));
      await expect(source.download(ask)).rejects.toMatchObject({ code: ours, message: 'It said no.' });
    }
    const { source, ask } = heard(async () => {});
    await expect(source.estimate('lobby', ask.spec, ask.signal)).rejects.toMatchObject({
      code: 'too-many-downloads',
    });
  });

  it('leaves alone what the sink said', async () => {
    const full = new DownloadError('disk-full', 'full');
    const { source, ask } = heard(() => Promise.reject(full));
    await expect(source.download(ask)).rejects.toBe(full);
  });
});
