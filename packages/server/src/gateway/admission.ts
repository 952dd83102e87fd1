// Who may connect: path, origin and address limit, judged for a handshake on any of the native doors. It also says which rule
// decided, for whoever records the connection. Its refusals are sentences for people.
import { SUBPROTOCOL } from '@wireroom/protocol';
import type { HeaderRecord, UpgradeDecision, UpgradeRequest } from '@wireroom/websocket';
import type { AddressLimit } from '../lib/address-limit.ts';
import { clientAddress } from '../lib/client-address.ts';
import type { ConnectionRecording } from '../lib/stations.ts';
import { GATEWAY_LIMITS } from './limits.ts';
import {
  ALLOWED_BECAUSE,
  judgeOrigin,
  type OriginRules,
  type OriginVerdict,
  tooManySockets,
} from './origin.ts';

export interface AdmissionParts {
  readonly originRules: OriginRules;
  readonly addressLimit: AddressLimit;
  readonly trustProxy: boolean;
  readonly isStopping: () => boolean;
  readonly onRefused: (event: {
    readonly address: string;
    readonly status: number;
    readonly reason: string;
  }) => void;
}

export type Admitted =
  | { readonly isAdmitted: true; readonly release: () => void }
  | { readonly isAdmitted: false; readonly refusal: UpgradeDecision };

export class Admission {
  readonly #parts: AdmissionParts;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /** Takes a place under the address limit, or says why not. `what` is what is not at another path. */
  admit(
    request: UpgradeRequest,
    { paths, what }: { readonly paths: readonly string[]; readonly what: string },
  ): Admitted {
    const address = this.addressOf(request);
    // An upgrade on a connection that carried HTTP before comes here whatever its path.
    if (!paths.includes(request.path)) {
      const asked = request.path.slice(0, 100);
      return this.#refuse(address, 404, `${what} is not at ${asked} but at ${paths.join(' or ')}.`);
    }
    if (this.#parts.isStopping()) {
      return this.#refuse(address, 503, RESTARTS, RETRY_AFTER_RESTART);
    }
    const verdict = this.#judge(request);
    if (!verdict.isAllowed) return this.#refuse(address, 403, verdict.reason);
    const release = this.#parts.addressLimit.take(address);
    if (release === undefined) {
      return this.#refuse(address, 429, tooManySockets(this.#parts.addressLimit.max));
    }
    return { isAdmitted: true, release };
  }

  /** The verdicts on a request that was admitted, once more for its record. */
  explain(request: UpgradeRequest, recording: ConnectionRecording): void {
    const { headers, path, subprotocols } = request;
    const origin = headers.get('origin');
    const verdict = this.#judge(request);
    recording.verdict({
      about: 'path',
      isAllowed: true,
      value: path,
      rule: 'native-door',
      reason: 'The native protocol is spoken at this path.',
    });
    explainOrigin(verdict, origin, recording);
    explainAddressLimit(this.#parts.addressLimit, recording);
    recording.verdict({
      about: 'subprotocol',
      isAllowed: true,
      ...(subprotocols.length > 0 && { value: subprotocols.join(', ') }),
      ...subprotocolRule(subprotocols),
    });
    explainExtensions(headers.get('sec-websocket-extensions'), recording);
  }

  #judge({ headers }: UpgradeRequest): OriginVerdict {
    return judgeOrigin({ origin: headers.get('origin'), host: headers.get('host') }, this.#parts.originRules);
  }

  /** What limits and logs go by. */
  addressOf(request: UpgradeRequest): string {
    const forwarded = this.#parts.trustProxy ? request.headers.get('x-forwarded-for') : undefined;
    return clientAddress(request.remoteAddress, forwarded);
  }

  #refuse(address: string, status: number, reason: string, headers: HeaderRecord = {}): Admitted {
    this.#parts.onRefused({ address, status, reason });
    return { isAdmitted: false, refusal: { accept: false, status, reason, headers } };
  }
}

export const RESTARTS = 'The server restarts. Reconnect in a moment.';
/** For whoever comes while the server is being emptied. */
export const RETRY_AFTER_RESTART = {
  'retry-after': String(Math.ceil(GATEWAY_LIMITS.drain.restartMs / 1000)),
} as const;

export function explainOrigin(
  verdict: OriginVerdict,
  origin: string | undefined,
  recording: ConnectionRecording,
): void {
  recording.verdict({
    about: 'origin',
    isAllowed: verdict.isAllowed,
    ...(origin !== undefined && { value: origin }),
    rule: verdict.rule,
    reason: verdict.isAllowed ? ALLOWED_BECAUSE[verdict.rule] : verdict.reason,
  });
}

export function explainAddressLimit({ max }: AddressLimit, recording: ConnectionRecording): void {
  const reason = `The address holds fewer than ${max} connections (MAX_SOCKETS_PER_ADDRESS).`;
  recording.verdict({ about: 'address-limit', isAllowed: true, rule: 'below-limit', reason });
}

/** What was offered, and that none of it is taken: the chat keeps permessage-deflate off. */
export function explainExtensions(offered: string | undefined, recording: ConnectionRecording): void {
  const isOffered = offered !== undefined;
  recording.verdict({
    about: 'extensions',
    isAllowed: true,
    ...(isOffered && { value: offered }),
    rule: isOffered ? 'declined' : 'not-offered',
    reason: isOffered
      ? 'The chat uses no extensions: the offer is declined, and the connection goes on without them.'
      : 'No extension was offered, and none is used.',
  });
}

function subprotocolRule(offered: readonly string[]): { readonly rule: string; readonly reason: string } {
  if (offered.includes(SUBPROTOCOL)) {
    return { rule: 'chosen', reason: `${SUBPROTOCOL} was offered and is echoed.` };
  }
  return offered.length === 0
    ? { rule: 'not-offered', reason: `None was offered: ${SUBPROTOCOL} is spoken, and none is echoed.` }
    : {
        rule: 'unknown',
        reason: `None of those offered is known here: none is echoed, ${SUBPROTOCOL} is spoken.`,
      };
}

/** `?record=1` in the target asks for a recording. */
export const asksForRecording = (target: string | undefined): boolean =>
  /[?&]record=1(?:&|$)/.test(target ?? '');
