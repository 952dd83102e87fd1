// When the page is left and when somebody is back, as the browser tells it. A page that goes, or is frozen, may never run
// again; or it runs again after hours, as if nothing had been (the back-forward cache, a laptop that slept).

export type TabMoment = 'left' | 'back';

export interface TabLife {
  /** Returns what ends it. `back` may come without `left`. */
  watch(listener: (moment: TabMoment) => void): () => void;
}

/** Outside of a page, in a worker for instance, nobody tells. */
export const pageLife: TabLife = {
  watch(listener) {
    if (typeof window !== 'object' || typeof document !== 'object') return () => {};
    const left = (): void => listener('left');
    const back = (): void => listener('back');
    const shown = (): void => {
      if (document.visibilityState === 'visible') back();
    };
    const told = [
      [window, 'pagehide', left],
      [window, 'pageshow', back],
      [document, 'freeze', left],
      [document, 'resume', back],
      [document, 'visibilitychange', shown],
    ] as const;
    for (const [target, type, listen] of told) target.addEventListener(type, listen);
    return () => {
      for (const [target, type, listen] of told) target.removeEventListener(type, listen);
    };
  },
};
