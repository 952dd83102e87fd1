// Holds a row of the list at its place on the screen while rows are put before it: the list has guessed their heights, and puts it right by
// itself only while it is scrolled upwards. What it does not put right is done here. Ends when the reader touches the list.

/** A row by its number in the list, and how far down it stood, in pixels. */
export interface Held {
  readonly index: number;
  readonly top: number;
}

export interface RowHold {
  /** What is held now. */
  held(): Held | undefined;
  hold(scroller: HTMLElement, held: Held): void;
  release(): void;
}

/** Frames in which new rows are drawn and measured. */
const FRAMES = 20;
/** Below this, in pixels, a move is rounding. */
const MOVE_MIN_PX = 1.5;
/** Whoever does one of these moves the list, and wants nothing held. */
const TOUCHES = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;

export function createRowHold(): RowHold {
  let now: { readonly held: Held; readonly end: AbortController } | undefined;
  const release = (): void => {
    now?.end.abort();
    now = undefined;
  };
  const follow = (scroller: HTMLElement, { index, top }: Held, { signal }: AbortController): void => {
    let moved = 0;
    const look = (frames: number): void => {
      if (signal.aborted) return;
      if (frames === 0) {
        release();
        return;
      }
      const row = scroller.querySelector(`[data-item-index="${index}"] [data-row]`);
      const before = moved;
      moved = row === null ? 0 : row.getBoundingClientRect().top - top;
      // Twice the same: the list leaves it so.
      if (Math.abs(moved) > MOVE_MIN_PX && Math.abs(moved - before) < MOVE_MIN_PX) {
        scroller.scrollTop += moved;
        moved = 0;
      }
      requestAnimationFrame(() => look(frames - 1));
    };
    look(FRAMES);
  };
  return {
    held: () => now?.held,
    hold(scroller, held) {
      release();
      const end = new AbortController();
      now = { held, end };
      for (const type of TOUCHES)
        scroller.addEventListener(type, release, { passive: true, signal: end.signal });
      follow(scroller, held, end);
    },
    release,
  };
}
