// Before each file of tests, by vitest.config.ts: files share processes, so what one of them has put in place of something global is taken back at its end.
import { afterAll, vi } from 'vitest';

afterAll(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
