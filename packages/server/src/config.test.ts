// Settings: flags over environment over defaults; a bad value is refused by a sentence that names it.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const refusal = (env: Record<string, string>, argv: readonly string[] = []): string => {
  try {
    readConfig(argv, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('accepted');
};

describe('readConfig', () => {
  it('has defaults for everything', () => {
    expect(readConfig([], {})).toEqual({
      host: 'localhost',
      port: 3000,
      socketPort: 8090,
      dataDir: './data',
      databaseUrl: undefined,
      rateLimit: { burst: 20, perSecond: 5 },
      roomEdits: 'members',
      roomReaders: 'anyone',
      allowedOrigins: [],
      allowedHosts: [],
      publicUrl: undefined,
      socketsPerAddressMax: 200,
      leaveGraceMs: 60_000,
      drainWindowMs: undefined,
      trustProxy: false,
      tls: { kind: 'off' },
      logLevel: 'info',
      metrics: { readers: 'local', token: undefined },
      trace: false,
      tracesRatio: 0,
      wireRecording: true,
    });
  });

  it('takes the address of a PostgreSQL, and never shows one that it refuses', () => {
    const url = 'postgres://chat:topsecret@db.example:5432/chat';
    expect(readConfig([], { DATABASE_URL: url }).databaseUrl).toBe(url);
    const refused = refusal({ DATABASE_URL: 'mysql://chat:topsecret@db.example/chat' });
    expect(refused).toContain('DATABASE_URL');
    expect(refused).not.toContain('topsecret');
  });

  it('takes flags before the environment, and empty variables as absent', () => {
    const config = readConfig(['--port', '4000', '--trace', '--rate-limit=off'], {
      PORT: '5000',
      HOST: '',
      TRACE: '0',
    });
    expect(config).toMatchObject({ port: 4000, host: 'localhost', trace: true, rateLimit: undefined });
    expect(readConfig([], { ROOM_EDITS: 'off' }).roomEdits).toBe('off');
  });

  it('reads switches, lists and ports that are off', () => {
    const config = readConfig([], {
      TRACE: '1',
      SOCKET_PORT: 'off',
      ALLOWED_ORIGINS: 'https://a.example, http://b.example:8080/, null',
      ALLOWED_HOSTS: 'Chat.LAN',
      PUBLIC_URL: 'https://chat.example/',
      TLS: 'self-signed',
      DRAIN_WINDOW: '5',
    });
    expect(config).toMatchObject({
      trace: true,
      socketPort: undefined,
      allowedOrigins: ['https://a.example', 'http://b.example:8080', 'null'],
      allowedHosts: ['chat.lan'],
      publicUrl: 'https://chat.example',
      tls: { kind: 'self-signed' },
      drainWindowMs: 5_000,
    });
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT'],
    [{ PORT: '70000' }, 'PORT'],
    [{ SOCKET_PORT: '-1' }, 'SOCKET_PORT'],
    [{ RATE_LIMIT: '20' }, 'RATE_LIMIT'],
    [{ ROOM_EDITS: 'everybody' }, 'ROOM_EDITS'],
    [{ RATE_LIMIT: '0/5' }, 'RATE_LIMIT'],
    [{ ALLOWED_ORIGINS: 'example.org' }, 'ALLOWED_ORIGINS'],
    [{ PUBLIC_URL: 'ftp://example.org' }, 'PUBLIC_URL'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
    [{ TLS: 'yes' }, 'TLS'],
    [{ TLS_CERT: '/nowhere.pem' }, 'TLS_KEY'],
    [{ TLS_CERT: '/nowhere.pem', TLS_KEY: '/nowhere.pem' }, 'TLS_CERT'],
    [{ TRACE: 'maybe' }, 'TRACE'],
    [{ TRACES: 'maybe' }, 'TRACES'],
    [{ TRACES: 'otlp', TRACES_RATIO: '1.5' }, 'TRACES_RATIO'],
    [{ TRACES_RATIO: '-1' }, 'TRACES_RATIO'],
    [{ MAX_SOCKETS_PER_ADDRESS: '0' }, 'MAX_SOCKETS_PER_ADDRESS'],
    [{ LEAVE_GRACE: 'soon' }, 'LEAVE_GRACE'],
    [{ DRAIN_WINDOW: '-1' }, 'DRAIN_WINDOW'],
    [{ HOST: 'http://localhost' }, 'HOST'],
    [{ HOST: 'localhost:3000' }, 'HOST'],
    [{ ALLOWED_HOSTS: 'https://foo.example' }, 'ALLOWED_HOSTS'],
    [{ ALLOWED_HOSTS: 'chat.lan, *' }, 'ALLOWED_HOSTS'],
    [{ ALLOWED_HOSTS: 'foo:3000' }, 'ALLOWED_HOSTS'],
    [{ ALLOWED_HOSTS: '[::1]:3000' }, 'ALLOWED_HOSTS'],
    [{ ALLOWED_HOSTS: 'foo/bar' }, 'ALLOWED_HOSTS'],
    [{ ALLOWED_HOSTS: 'foo bar' }, 'ALLOWED_HOSTS'],
  ])('refuses %j, naming %s', (env, name) => {
    expect(refusal(env)).toContain(name);
  });

  it('reads hosts in any case, with or without brackets', () => {
    const host = (value: string): string => readConfig([], { HOST: value }).host;
    expect(['LOCALHOST', '[::1]', '::1', '0.0.0.0', 'Chat.LAN'].map(host)).toEqual([
      'localhost',
      '::1',
      '::1',
      '0.0.0.0',
      'chat.lan',
    ]);
    const { allowedHosts } = readConfig([], { ALLOWED_HOSTS: 'a.example,10.0.0.7,::1,[FE80::2],my_nas' });
    expect(allowedHosts).toEqual(['a.example', '10.0.0.7', '[::1]', '[fe80::2]', 'my_nas']);
  });

  it.each(['trace', 'trust-proxy'])(
    'takes --%s alone, with a value after it and with one attached',
    (flag) => {
      const value = (...argv: readonly string[]): boolean => {
        const { trace, trustProxy } = readConfig(argv, {});
        return flag === 'trace' ? trace : trustProxy;
      };
      expect(value(`--${flag}`)).toBe(true);
      expect(value(`--${flag}`, 'on')).toBe(true);
      expect(value(`--${flag}=on`)).toBe(true);
      expect(value(`--${flag}`, 'off')).toBe(false);
      expect(value(`--${flag}`, '--port', '4000')).toBe(true);
      expect(refusal({}, [`--${flag}`, 'maybe'])).toContain('maybe');
    },
  );

  it('refuses one number for both ports, unless the system chooses', () => {
    expect(refusal({ PORT: '8090' })).toMatch(/PORT .*SOCKET_PORT .*8090/);
    expect(readConfig([], { PORT: '0', SOCKET_PORT: '0' })).toMatchObject({ port: 0, socketPort: 0 });
  });

  it('refuses an unknown flag and a flag without its value', () => {
    expect(refusal({}, ['--prot', '4000'])).toContain('--prot');
    expect(refusal({}, ['--port'])).toContain('--port');
  });

  it('refuses a key file that is not PEM', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'wireroom-test-')), 'key.pem');
    writeFileSync(file, 'not a key');
    expect(refusal({ TLS_CERT: file, TLS_KEY: file })).toContain('PEM');
  });

  it('[M3] reads who may see the metrics, and does not show the token where it refuses it', () => {
    const metrics = (env: Record<string, string>) => readConfig([], env).metrics;
    expect(metrics({})).toEqual({ readers: 'local', token: undefined });
    expect(metrics({ METRICS: 'off', METRICS_TOKEN: 'x'.repeat(16) })).toEqual({
      readers: 'off',
      token: undefined,
    });
    expect(metrics({ METRICS: 'token', METRICS_TOKEN: 'x'.repeat(16) })).toEqual({
      readers: 'token',
      token: 'x'.repeat(16),
    });
    expect(refusal({ METRICS: 'token' })).toContain('METRICS_TOKEN');
    expect(refusal({ METRICS: 'everybody' })).toContain('everybody');
    for (const token of ['short-secret', 'with a space in the secret', 'secret'.repeat(50)]) {
      expect(refusal({ METRICS_TOKEN: token })).toContain('METRICS_TOKEN');
      expect(refusal({ METRICS_TOKEN: token })).not.toContain('secret');
    }
  });
});
