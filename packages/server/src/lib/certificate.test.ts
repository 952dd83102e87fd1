// What is said of certificate files that cannot be used, before any port is touched.
import { generateKeyPairSync } from 'node:crypto';
import { generate } from 'selfsigned';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, certificateOf } from './certificate.ts';

const broken = (label: string): string => `-----BEGIN ${label}-----\nnot base64\n-----END ${label}-----\n`;

describe('a certificate from files', () => {
  let good: Certificate;
  let other: Certificate;
  beforeAll(async () => {
    const make = async (): Promise<Certificate> => {
      const made = await generate([{ name: 'commonName', value: 'test' }], { keyType: 'ec' });
      return { cert: made.cert, key: made.private };
    };
    [good, other] = [await make(), await make()];
  });

  const files = (cert: string, key: string) => certificateOf({ kind: 'files', cert, key }, 'localhost');

  it('is taken when the key belongs to it', async () => {
    expect(await files(good.cert, good.key)).toEqual(good);
  });

  it('is refused with the key of another', async () => {
    await expect(files(good.cert, other.key)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/TLS_CERT and TLS_KEY do not belong together.*key values mismatch/i),
    });
  });

  it('is refused when either file is broken, or both are swapped', async () => {
    const refused = (culprit: string, other: string) => ({
      name: 'ConfigError',
      message: expect.stringMatching(new RegExp(`^${culprit} .*${other}.*OpenSSL: \\S+`)),
    });
    await expect(files(broken('CERTIFICATE'), good.key)).rejects.toMatchObject(
      refused('TLS_CERT', 'TLS_KEY'),
    );
    await expect(files(good.cert, broken('PRIVATE KEY'))).rejects.toMatchObject(
      refused('TLS_KEY', 'TLS_CERT'),
    );
    await expect(files(good.key, good.cert)).rejects.toMatchObject(refused('TLS_CERT', 'TLS_KEY'));
  });

  it('is refused with a key that asks for a passphrase', async () => {
    const { privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
    });
    await expect(files(good.cert, privateKey)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/^TLS_KEY /),
    });
  });
});
