// Downloads of histories, put together for app.ts: on the storage's own way of being read, with the chat's rooms and guests; and
// those that are kept to be fetched, in a folder of the data folder.
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Chat } from './chat.ts';
import type { Config } from './config.ts';
import { History, Jobs, rendererOn } from './history/history.ts';
import { JobStore } from './history/job-store.ts';
import type { DownloadCounts } from './lib/counts.ts';
import type { Storage } from './storage.ts';

export interface DownloadsParts {
  readonly config: Config;
  readonly chat: Chat;
  readonly storage: Storage;
  readonly logger: Logger;
  readonly counts: DownloadCounts;
  readonly onError: (error: unknown) => void;
}

export function openHistory({ config, chat, storage, logger, counts, onError }: DownloadsParts): History {
  return new History({
    rooms: chat.rooms,
    prove: (token) => chat.guests.prove(token),
    roomReaders: config.roomReaders,
    isRateLimited: config.rateLimit !== undefined,
    startRenderer: rendererOn(storage.historySource),
    now: () => performance.now(),
    counts,
    audit: (line, message) => logger.info(line, message),
    onError,
  });
}

export function openJobs(history: History, { config, onError }: DownloadsParts): Jobs {
  const store = new JobStore(join(config.dataDir, 'downloads'));
  return new Jobs({ store, history, wallClock: Date.now, onError });
}
