// Whether the server records this page's connections for the inspector: the choice, remembered in this browser. It counts for
// connections that begin after it, so that changing it loads the page anew; what waits to be sent stays.
import type { KeyValueStorage } from '@wireroom/client';

const KEY = 'wireroom.record';

export interface Recording {
  readonly isOn: boolean;
  /** Remembers the choice, and begins anew under it. */
  turn(state: 'on' | 'off'): void;
}

/** On, until somebody says otherwise. */
export function createRecording(settings: KeyValueStorage, reload: () => void): Recording {
  return {
    isOn: settings.get(KEY) !== 'off',
    turn(state) {
      settings.set(KEY, state);
      reload();
    },
  };
}
