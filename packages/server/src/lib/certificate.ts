// The certificate of both ports: from files, or made at start for trying https and wss.
import { createSecureContext } from 'node:tls';
import { generate } from 'selfsigned';
import { ConfigError } from './config-error.ts';

export type TlsSetting =
  | { readonly kind: 'off' }
  | { readonly kind: 'self-signed' }
  | { readonly kind: 'files'; readonly cert: string; readonly key: string };

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Throws a ConfigError where the files cannot be used, which a port could only blame on itself. */
export async function certificateOf(setting: TlsSetting, host: string): Promise<Certificate | undefined> {
  switch (setting.kind) {
    case 'off':
      return undefined;
    case 'files':
      return checked({ cert: setting.cert, key: setting.key });
    case 'self-signed':
      return selfSigned(host);
  }
}

function checked({ cert, key }: Certificate): Certificate {
  refuse({ cert }, 'TLS_CERT is no certificate that can be used (with the key of TLS_KEY)');
  refuse({ key }, 'TLS_KEY is no private key that can be used (with the certificate of TLS_CERT)');
  refuse({ cert, key }, 'TLS_CERT and TLS_KEY do not belong together: the certificate is for another key');
  return { cert, key };
}

function refuse(options: Partial<Certificate>, sentence: string): void {
  try {
    createSecureContext(options);
  } catch (cause) {
    throw new ConfigError(`${sentence}. OpenSSL: ${reasonOf(cause)}.`, { cause });
  }
}

/** "error:0480006C:PEM routines::no start line" says the same with its last part alone. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('::').at(-1) ?? message;
}

async function selfSigned(host: string): Promise<Certificate> {
  const names = [...new Set(['localhost', host])].filter((name) => !/^[\d.]+$|:/.test(name));
  const made = await generate([{ name: 'commonName', value: 'Wireroom, self-signed' }], {
    keyType: 'ec',
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          { type: 7 as const, ip: '127.0.0.1' },
          { type: 7 as const, ip: '::1' },
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}
