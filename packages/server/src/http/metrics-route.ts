// GET /metrics: for Prometheus, and for nobody else unless the settings say so. What is shown comes from outside.
import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clientAddress } from '../lib/client-address.ts';
import { sha256 } from '../lib/sha256.ts';

/** `local`: programs on this machine. Whoever brings the token may read in any case but `off`. */
export interface MetricsAccess {
  readonly readers: 'off' | 'local' | 'token' | 'on';
  /** Secret. */
  readonly token: string | undefined;
}

export interface MetricsRouteParts {
  readonly metricsAccess: MetricsAccess;
  readonly trustProxy: boolean;
  readonly readMetrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

type Verdict = { readonly mayRead: true } | { readonly mayRead: false; readonly status: 401 | 403 };

export function metricsRoute(app: FastifyInstance, parts: MetricsRouteParts): void {
  if (parts.metricsAccess.readers === 'off') return;
  app.get('/metrics', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const verdict = judge(request, parts);
    if (!verdict.mayRead) {
      if (verdict.status === 401) reply.header('www-authenticate', 'Bearer realm="metrics"');
      const message = verdict.status === 401 ? NEEDS_TOKEN : ONLY_LOCAL;
      return reply.code(verdict.status).send({ error: { code: 'no-metrics', message } });
    }
    const { contentType, text } = await parts.readMetrics();
    return reply.type(contentType).send(text);
  });
}

const NEEDS_TOKEN = 'The metrics need the token of METRICS_TOKEN: Authorization: Bearer TOKEN.';
const ONLY_LOCAL =
  'The metrics are for programs on the same machine. To let others read them, set METRICS_TOKEN (or METRICS=on).';

function judge(request: FastifyRequest, { metricsAccess, trustProxy }: MetricsRouteParts): Verdict {
  const { readers, token } = metricsAccess;
  const hasToken = token !== undefined && bears(request.headers.authorization, token);
  if (readers === 'on' || hasToken || (readers === 'local' && isLocal(request, trustProxy)))
    return { mayRead: true };
  return { mayRead: false, status: token === undefined ? 403 : 401 };
}

/** Compared as hashes, so that the time that it takes says nothing, not even of the length. */
function bears(header: string | undefined, token: string): boolean {
  const given = /^Bearer +([^ ]+) *$/i.exec(header ?? '')?.[1];
  return given !== undefined && timingSafeEqual(sha256(given), sha256(token));
}

/** A proxy on this machine that nobody told us of passes on requests from anywhere: what bears its mark is not local. */
function isLocal(request: FastifyRequest, trustProxy: boolean): boolean {
  const { headers } = request;
  const forwarded = headers['x-forwarded-for'];
  if (!trustProxy && PROXY_MARKS.some((name) => headers[name] !== undefined)) return false;
  const address = clientAddress(
    request.socket.remoteAddress,
    trustProxy && forwarded !== undefined ? String(forwarded) : undefined,
  );
  return address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}

const PROXY_MARKS = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via', 'x-forwarded-host'] as const;
