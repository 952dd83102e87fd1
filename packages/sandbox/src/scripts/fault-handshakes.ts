// Scripts of faults in the opening handshake that are not the client's: a proxy that drops a header, an Origin that is not
// on the list. Each plays the fault first and then its cure.
import type { UpgradeDecision, UpgradeRequest } from '@wireroom/websocket';
import type { Recording } from '../stage/recording.ts';
import type { Stage } from '../stage/stage.ts';
import type { Scripts } from './script.ts';

async function upgradeHeaderMissing(stage: Stage): Promise<void> {
  const { port: targetPort, recordings } = await stage.serve();
  const wrong = await stage.proxy({
    targetPort,
    onChunk: (direction, chunk) => (direction === 'in' ? Buffer.from(asNginxForwards(`${chunk}`)) : chunk),
  });
  const refused = await stage.dial(wrong.port);
  stage.note('client-sends-this', refused);
  await refused.upgrade({ target: '/ws' });
  const [behind] = recordings;
  if (behind !== undefined) stage.noteIn(behind, 'server-gets-this');
  await refused.ended();

  const right = await stage.proxy({ targetPort });
  const accepted = await stage.dial(right.port);
  stage.note('headers-passed-on', accepted);
  await accepted.upgrade({ target: '/ws' });
  await accepted.text('through the proxy');
  await accepted.heard(1);
  await accepted.close();
}

/** What nginx makes of a request where nobody told it about WebSocket: HTTP/1.0, and no header that is for one hop only. */
function asNginxForwards(head: string): string {
  const [first = '', ...lines] = head.split('\r\n');
  const kept = lines.filter((line) => !/^(upgrade|connection):/i.test(line));
  return [first.replace('HTTP/1.1', 'HTTP/1.0'), 'Connection: close', ...kept].join('\r\n');
}

// #region origins
/** Pages that may connect. The browser writes Origin; a page cannot. A program writes what it likes, or nothing. */
function decideByOrigin(allowed: ReadonlySet<string>, { headers }: UpgradeRequest): UpgradeDecision {
  const origin = headers.get('origin');
  if (origin === undefined || allowed.has(origin)) return { accept: true };
  return { accept: false, status: 403, reason: `The origin ${origin} may not connect.` };
}
// #endregion

async function originRefused(stage: Stage): Promise<void> {
  await askFrom(stage, new Set(['https://chat.example']));
  await askFrom(stage, new Set(['https://chat.example', 'https://www.chat.example']));
}

/** The same page, before and after somebody has put it on the list. */
async function askFrom(stage: Stage, allowed: ReadonlySet<string>): Promise<void> {
  let recording: Recording | undefined;
  const { port } = await stage.serve({
    decide(request) {
      const decision = decideByOrigin(allowed, request);
      recording?.add({
        kind: 'verdict',
        about: 'origin',
        isAllowed: decision.accept,
        value: request.headers.get('origin') ?? '',
        rule: decision.accept ? 'listed' : 'not-listed',
        reason: decision.accept ? 'The origin is on the list.' : decision.reason,
      });
      return decision;
    },
  });
  const client = await stage.dial(port);
  ({ recording } = client);
  stage.note(allowed.size === 1 ? 'origin-not-listed' : 'origin-listed', client);
  const head = await client.upgrade({ headers: ['Origin: https://www.chat.example'] });
  await (head.includes(' 101 ') ? client.close() : client.ended());
}

export const FAULT_HANDSHAKE_SCRIPTS: Scripts = {
  'upgrade-header-missing': upgradeHeaderMissing,
  'origin-refused': originRefused,
};
