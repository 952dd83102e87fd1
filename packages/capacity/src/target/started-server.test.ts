// What of a server's folder counts as its database.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bytesIn } from './started-server.ts';

test('the database is counted, whatever its write-ahead log has grown to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wireroom-capacity-'));
  try {
    mkdirSync(join(folder, 'kept'));
    for (const [name, bytes] of [
      ['wireroom.sqlite', 300],
      ['wireroom.sqlite-wal', 4_000],
      ['wireroom.sqlite-shm', 32_000],
      ['kept/file', 20],
    ] as const)
      writeFileSync(join(folder, name), Buffer.alloc(bytes));
    expect(bytesIn(folder)).toBe(320);
    expect(bytesIn(join(folder, 'nothing'))).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
