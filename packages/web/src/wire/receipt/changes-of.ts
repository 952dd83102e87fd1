// What the frames of a connection tell about changes: which entry was about which message. An edit, a deletion and a reaction are entries
// with receipts of their own. Pure; Related.tsx draws it.
import type { DecodedMessage } from '@wireroom/capture';

export const CHANGE_KINDS = ['edit', 'delete', 'react', 'unreact', 'rename', 'topic'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface Change {
  readonly kind: ChangeKind;
  readonly seq: number;
  /** The message that it changes; absent where it is about the room. */
  readonly target?: number;
}

/** In the order of the log, each once, also where it came over several connections' frames or pages. */
export function changesIn(
  messages: readonly Pick<DecodedMessage, 'direction' | 'meaning'>[],
): readonly Change[] {
  const found = new Map<number, Change>();
  for (const { meaning, direction } of messages) {
    if (direction !== 'out' || meaning?.language !== 'wireroom' || meaning.type !== 'entry') continue;
    const { seq, entryType, target } = meaning;
    if (seq === undefined || !isChangeKind(entryType)) continue;
    found.set(seq, { kind: entryType, seq, ...(target !== undefined && { target }) });
  }
  return [...found.values()].sort((a, b) => a.seq - b.seq);
}

const isChangeKind = (type: string | undefined): type is ChangeKind =>
  CHANGE_KINDS.some((kind) => kind === type);
