// Who a request is from: the token in its Authorization header (RFC 6750, section 2.1), and the address it came from.
import { ChatError } from '@wireroom/protocol';
import type { FastifyRequest } from 'fastify';
import type { Asker, History } from '../history/history.ts';
import { clientAddress } from '../lib/client-address.ts';

export interface AskerParts {
  readonly history: Pick<History, 'identify'>;
  readonly trustProxy: boolean;
}

/** Throws `bad-token` where the header holds no token of ours. */
export async function askerOf({ history, trustProxy }: AskerParts, request: FastifyRequest): Promise<Asker> {
  const { authorization } = request.headers;
  const forwarded = request.headers['x-forwarded-for'];
  const address = clientAddress(
    request.socket.remoteAddress,
    trustProxy && typeof forwarded === 'string' ? forwarded : undefined,
  );
  if (authorization === undefined) return history.identify(undefined, address);
  const token = /^bearer +([^\s]{1,512}) *$/i.exec(authorization)?.[1];
  if (token === undefined)
    throw new ChatError('bad-token', {
      message: 'The Authorization header must be "Bearer" and a token that hello gave.',
    });
  return history.identify(token, address);
}
