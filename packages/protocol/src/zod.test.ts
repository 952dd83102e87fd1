import { expect, test } from 'vitest';
import { z } from 'zod';

test('[C22] outside Node the schemas are built without generating code', async () => {
  const { versions } = process;
  const before = z.config().jitless;
  Object.defineProperty(process, 'versions', { value: {}, configurable: true });
  try {
    await import('./zod.ts');
    expect(before).toBeUndefined();
    expect(z.config().jitless).toBe(true);
  } finally {
    Object.defineProperty(process, 'versions', { value: versions, configurable: true });
    z.config({ jitless: before });
  }
});
