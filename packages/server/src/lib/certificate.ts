// The certificate of both ports: from files, or made at start for trying https and wss.
import { generate } from 'selfsigned';

export type TlsSetting =
  | { readonly kind: 'off' }
  | { readonly kind: 'self-signed' }
  | { readonly kind: 'files'; readonly cert: string; readonly key: string };

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export async function certificateOf(setting: TlsSetting, host: string): Promise<Certificate | undefined> {
  switch (setting.kind) {
    case 'off':
      return undefined;
    case 'files':
      return { cert: setting.cert, key: setting.key };
    case 'self-signed':
      return selfSigned(host);
  }
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
