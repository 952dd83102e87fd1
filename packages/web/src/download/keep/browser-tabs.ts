// The tabs of this browser ask each other who is fetching a download, on a channel that they all hear. A tab that the browser has frozen does
// not answer; what it wrote by then is all that the next one goes on from.
import type { DownloadTabs } from '../download-port.ts';

const CHANNEL = 'wireroom-downloads';
/** A tab that is there answers within this time, in milliseconds, also one in the background. */
const ANSWER_MS = 400;

interface TabMessage {
  readonly type: 'whose' | 'mine';
  readonly id: string;
}

export class BrowserTabs implements DownloadTabs {
  readonly #channel: BroadcastChannel | undefined;
  readonly #claimed = new Set<string>();
  readonly #heard = new Map<string, () => void>();

  /** Undefined: this browser's tabs cannot hear each other. */
  constructor(createChannel: ((name: string) => BroadcastChannel) | undefined) {
    this.#channel = createChannel?.(CHANNEL);
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (!isTabMessage(data)) return;
      if (data.type === 'mine') this.#heard.get(data.id)?.();
      else if (this.#claimed.has(data.id)) this.#say('mine', data.id);
    });
  }

  isElsewhere(id: string): Promise<boolean> {
    if (this.#channel === undefined || this.#claimed.has(id)) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (isElsewhere: boolean) => (): void => {
        clearTimeout(timer);
        this.#heard.delete(id);
        resolve(isElsewhere);
      };
      const timer = setTimeout(settle(false), ANSWER_MS);
      this.#heard.set(id, settle(true));
      this.#say('whose', id);
    });
  }

  claim(id: string): () => void {
    this.#claimed.add(id);
    return () => this.#claimed.delete(id);
  }

  close(): void {
    this.#channel?.close();
  }

  #say(type: TabMessage['type'], id: string): void {
    this.#channel?.postMessage({ type, id } satisfies TabMessage);
  }
}

function isTabMessage(data: unknown): data is TabMessage {
  if (typeof data !== 'object' || data === null || !('type' in data) || !('id' in data)) return false;
  return (data.type === 'whose' || data.type === 'mine') && typeof data.id === 'string';
}
