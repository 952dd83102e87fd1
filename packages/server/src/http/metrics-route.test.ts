// Who may read the metrics: every setting, addresses near and far, proxies that are trusted and ones that are not.
import fastify from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { type MetricsAccess, metricsRoute } from './metrics-route.ts';

const TOKEN = 'a-token-of-sixteen-and-more';
const NEAR = '127.0.0.1';
const FAR = '203.0.113.9';

interface Asking {
  readonly remoteAddress: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const apps: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function ask(access: MetricsAccess, asking: Asking, trustProxy = false) {
  const app = fastify();
  apps.push(app);
  metricsRoute(app, {
    metricsAccess: access,
    trustProxy,
    readMetrics: async () => ({ contentType: 'text/plain', text: 'wireroom_rooms 1\n' }),
  });
  return app.inject({ url: '/metrics', ...asking, headers: { ...asking.headers } });
}

const status = async (...given: Parameters<typeof ask>): Promise<number> => (await ask(...given)).statusCode;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('who may read the metrics', () => {
  it('[M3] local: programs on this machine, by whatever address it calls itself', async () => {
    const local = { readers: 'local', token: undefined } as const;
    for (const remoteAddress of [NEAR, '127.8.9.10', '::1', '::ffff:127.0.0.1'])
      expect(await status(local, { remoteAddress })).toBe(200);
    for (const remoteAddress of [FAR, '10.0.0.1', '::ffff:203.0.113.9', '127.0.0.1.example', 'fe80::1'])
      expect(await status(local, { remoteAddress })).toBe(403);
  });

  it('[M3] behind a trusted proxy the address that it saw counts, and not what the client claims', async () => {
    const local = { readers: 'local', token: undefined } as const;
    const from = (forwarded: string): Asking => ({
      remoteAddress: NEAR,
      headers: { 'x-forwarded-for': forwarded },
    });
    expect(await status(local, from(FAR), true)).toBe(403);
    expect(await status(local, from(`${NEAR}, ${FAR}`), true)).toBe(403);
    expect(await status(local, from(`${FAR}, ${NEAR}`), true)).toBe(200);
  });

  it.each(['x-forwarded-for', 'x-real-ip', 'forwarded', 'via', 'x-forwarded-host'])(
    '[M4] what bears the mark %s of a proxy that nobody trusts is not local',
    async (name) => {
      const local = { readers: 'local', token: undefined } as const;
      expect(await status(local, { remoteAddress: NEAR, headers: { [name]: NEAR } })).toBe(403);
    },
  );

  it('[M3] the token lets anybody read, and asks for itself where there is one', async () => {
    for (const readers of ['local', 'token', 'on'] as const) {
      const access = { readers, token: TOKEN };
      expect(await status(access, { remoteAddress: FAR, headers: bearer(TOKEN) })).toBe(200);
    }
    const refused = await ask({ readers: 'token', token: TOKEN }, { remoteAddress: NEAR });
    expect(refused.statusCode).toBe(401);
    expect(refused.headers['www-authenticate']).toMatch(/^Bearer/);
    expect(refused.json()).toMatchObject({
      error: { code: 'no-metrics', message: expect.stringContaining('METRICS_TOKEN') },
    });
    for (const wrong of [`${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase(), ''])
      expect(
        await status({ readers: 'token', token: TOKEN }, { remoteAddress: NEAR, headers: bearer(wrong) }),
      ).toBe(401);
    expect(refused.body).not.toContain(TOKEN);
  });

  it('[M3] on: everybody; off: there is nothing at the address', async () => {
    expect(await status({ readers: 'on', token: undefined }, { remoteAddress: FAR })).toBe(200);
    expect(await status({ readers: 'off', token: undefined }, { remoteAddress: NEAR })).toBe(404);
  });
});
