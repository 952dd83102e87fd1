// The SDK in a browser: what it connects with, where it keeps things, when it wakes.
import { type Chat, ChatClient, type ChatOptions } from './chat.ts';
import { idbOutbox } from './lazy-idb-outbox.ts';
import { browserStorage } from './storage.ts';
import { globalTransport } from './transport.ts';
import { browserWakeups } from './wakeups.ts';

/** A client of one server. Connects when the first room is asked for, or when somebody enters. */
export function createChat(options: ChatOptions): Chat {
  return new ChatClient(
    {
      ...{ openTransport: globalTransport, storage: browserStorage, wakeups: browserWakeups },
      outbox: (url) => idbOutbox({ url }),
    },
    options,
  );
}
