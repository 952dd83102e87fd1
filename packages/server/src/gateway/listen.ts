// Listening, with the sentences that people need when it fails.
import type { WebSocketServer } from '@wireroom/websocket';
import type { Certificate } from '../lib/certificate.ts';
import { ConfigError } from '../lib/config-error.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly tls: Certificate | undefined;
  /** The setting that chose the port, for the sentence when it is taken. */
  readonly setting: string;
}

/** Returns the port, which is chosen by the system where 0 was asked for. */
export async function listenOn(server: WebSocketServer, address: Address): Promise<number> {
  // `localhost` is both of its addresses: some programs try only the one, some only the other.
  if (address.host !== 'localhost') return listenAt(server, address, address.host);
  const port = await listenAt(server, address, '127.0.0.1');
  try {
    await listenAt(server, { ...address, port }, '::1');
  } catch (error) {
    if (!(error instanceof ConfigError && hasNoSuchAddress(error.cause))) throw error;
  }
  return port;
}

async function listenAt(server: WebSocketServer, address: Address, host: string): Promise<number> {
  const { port, tls, setting } = address;
  try {
    const listening = await server.listen({ port, host, ...(tls === undefined ? {} : { tls }) });
    return listening.port;
  } catch (error) {
    throw new ConfigError(explain(codeOf(error), { host, port, setting }), { cause: error });
  }
}

function explain(
  code: string,
  at: { readonly host: string; readonly port: number; readonly setting: string },
): string {
  const flag = `--${at.setting.toLowerCase().replaceAll('_', '-')}`;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${at.port} is taken by another program. Choose another with ${at.setting}=… or ${flag} ….`;
    case 'EACCES':
      return `Port ${at.port} may not be used by this user. Choose one above 1023 with ${at.setting}=… or ${flag} ….`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `"${at.host}" is no address of this machine. Set HOST (or --host) to one: localhost, 0.0.0.0 for all, ….`;
    default:
      return `Cannot listen on ${at.host} port ${at.port} (${code}).`;
  }
}

const hasNoSuchAddress = (cause: unknown): boolean =>
  ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(cause));

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
