// GET /healthz: is the process alive? GET /readyz: should anybody be sent here now? For load balancers, which ask by address, so
// the Host header is not looked at.
import type { FastifyInstance, FastifyReply } from 'fastify';

export interface Readiness {
  readonly isReady: boolean;
  /** Why not: a code that stays, and a sentence. */
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
}

export interface HealthParts {
  readonly health: () => { readonly isHealthy: boolean } & Readonly<Record<string, unknown>>;
  readonly readiness: () => Readiness;
}

/** What is answered whatever the request calls this server. */
export const isHealthPath = (url: string): boolean => url === '/healthz' || url === '/readyz';

export function healthRoutes(app: FastifyInstance, parts: HealthParts): void {
  const answer = (reply: FastifyReply, isWell: boolean, body: object) =>
    reply
      .code(isWell ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(body);
  app.get('/healthz', async (_request, reply) => {
    const health = parts.health();
    return answer(reply, health.isHealthy, health);
  });
  app.get('/readyz', async (_request, reply) => {
    const readiness = parts.readiness();
    return answer(reply, readiness.isReady, readiness);
  });
}
