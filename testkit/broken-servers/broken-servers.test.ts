import { diagnose, MISTAKE_IDS } from '@wireroom/conformance';
import { describe, expect, it } from 'vitest';
import { BROKEN_SERVERS, listen, SOUND_SERVERS } from './broken-servers.ts';

const WAITS = { replyMs: 1_500, quietMs: 150, slowHandshakeMs: 2_500, casesMs: 0 };
const SETTINGS = { handshakeMs: 1_200 };
const TIMEOUT_MS = 90_000;

async function diagnosisOf(kind: Parameters<typeof listen>[0]) {
  const server = await listen(kind, 0, SETTINGS);
  try {
    return await diagnose(`ws://127.0.0.1:${server.port}/`, { depth: 'quick', waits: WAITS });
  } finally {
    await server.close();
  }
}

describe('broken servers', () => {
  it.concurrent.each(BROKEN_SERVERS.map((server) => [server.name, server] as const))(
    '[K5] %s: the main finding is its mistake',
    async (_, { mistake, kind }) => {
      const { findings } = await diagnosisOf(kind);
      const ids = findings.map(({ id, severity }) => `${severity} ${id}`);
      expect(findings[0]?.id, ids.join(', ')).toBe(mistake);
      expect(ids.filter((id) => id.startsWith('mistake')).length, ids.join(', ')).toBeLessThanOrEqual(1);
    },
    TIMEOUT_MS,
  );

  it('are all known by the id of a mistake, and have names of their own', () => {
    expect(BROKEN_SERVERS.filter(({ mistake }) => !MISTAKE_IDS.some((id) => id === mistake))).toEqual([]);
    expect(new Set(BROKEN_SERVERS.map(({ name }) => name)).size).toBe(BROKEN_SERVERS.length);
  });
});

describe('servers without a mistake', () => {
  it.concurrent.each([...SOUND_SERVERS])(
    '[K6] %s: there is no finding at all',
    async (_, kind) => {
      const { findings } = await diagnosisOf(kind);
      expect(findings.map(({ id, seen }) => `${id}: ${seen[0]?.en}`)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
