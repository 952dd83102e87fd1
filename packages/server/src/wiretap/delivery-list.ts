// Whom one message was delivered to, and when. There are as many of them as readers, of each of the last thousands of messages,
// so they are kept in columns, and records are made of them when somebody asks. Pure; trail.ts holds one.
import type { Reader, StationRecord } from '@wireroom/capture';
import type { Delivery, ReadingEnd } from '../lib/stations.ts';

/** The columns of a delivery: when, the bytes that waited, whether it was kept back, which message of its connection it was. */
const WIDTH = 4;
const NO_MESSAGE = -1;

export interface SeenDelivery {
  readonly at: number;
  readonly reader: Reader;
  readonly message?: NonNullable<StationRecord['message']>;
}

export class DeliveryList {
  readonly #ends: ReadingEnd[] = [];
  readonly #numbers: number[] = [];

  get length(): number {
    return this.#ends.length;
  }

  add(at: number, { end, bufferedBytes, isBehind, messageIndex }: Delivery): void {
    this.#ends.push(end);
    this.#numbers.push(at, bufferedBytes, isBehind ? 1 : 0, messageIndex ?? NO_MESSAGE);
  }

  /** Its connection, and which message it was there, is told of a delivery only to its owner. */
  seenBy(isOwn: (connectionId: string) => boolean): readonly SeenDelivery[] {
    return this.#ends.map(({ connectionId, ...others }, row) => {
      const from = row * WIDTH;
      const [at = 0, bufferedBytes = 0, behind, index = NO_MESSAGE] = this.#numbers.slice(from, from + WIDTH);
      const reader = { ...others, bufferedBytes, isBehind: behind === 1 };
      if (connectionId === undefined || !isOwn(connectionId)) return { at, reader };
      const isOut = index !== NO_MESSAGE;
      return {
        at,
        reader: { connectionId, ...reader },
        ...(isOut && { message: { direction: 'out', index } }),
      };
    });
  }
}
