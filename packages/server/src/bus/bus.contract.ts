// What every adapter of the bus must do, and all that it must do: the rest is the feed's business (rule F2).
import { type Entry, type RoomId, roomIdSchema } from '@wireroom/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bus, Hint } from './bus.ts';

export interface OpenBus {
  /** Two ends of the same bus; of one inside a process, the same end twice. */
  readonly ends: readonly [Bus, Bus];
  close(): Promise<void>;
}

const roomNumbered = (number: number): RoomId => roomIdSchema.parse(`r_${String(number).padStart(22, '0')}`);
const ROOM = roomNumbered(1);

export function registerBusContract(name: string, open: () => Promise<OpenBus>): void {
  describe(`the bus: ${name}`, () => {
    let opened: OpenBus;
    let here: Bus;
    let there: Bus;

    beforeEach(async () => {
      opened = await open();
      [here, there] = opened.ends;
    });
    afterEach(() => opened.close());

    const hearing = (bus: Bus): Hint[] => {
      const heard: Hint[] = [];
      bus.subscribe((hint) => heard.push(hint));
      return heard;
    };

    it('[L9.7] brings a hint to the listeners of the same process before publishing returns', () => {
      const heard = hearing(here);
      const entries: readonly Entry[] = [];
      here.publish({ roomId: ROOM, entries });
      expect(heard).toEqual([{ roomId: ROOM, entries }]);
    });

    it('[L9.7] tells the other end which room has grown', async () => {
      const heard = hearing(there);
      here.publish({ roomId: ROOM, entries: [] });
      await expect.poll(() => heard.map(({ roomId }) => roomId)).toContain(ROOM);
    });

    it('[L9.7] tells of more rooms than one notice holds', async () => {
      const heard = hearing(there);
      const rooms = Array.from({ length: 1_000 }, (_, number) => roomNumbered(number));
      for (const roomId of rooms) here.publish({ roomId, entries: [] });
      await expect.poll(() => new Set(heard.map(({ roomId }) => roomId)).size).toBe(1_000);
    });

    it('brings nothing to a listener that has ended', () => {
      const heard: Hint[] = [];
      here.subscribe((hint) => heard.push(hint))();
      here.publish({ roomId: ROOM, entries: [] });
      expect(heard).toEqual([]);
    });
  });
}
