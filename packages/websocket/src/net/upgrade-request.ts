// A valid WebSocket request and what the program says to it: the border between the engine and its policy.
import type { Duplex } from 'node:stream';
import { assertHeaders, type HeaderRecord, type UpgradeOffer } from '../core/handshake.ts';
import type { HeaderMap, RawHeader } from '../core/header-map.ts';
import type { RequestHead } from '../core/http-head.ts';
import { carrierFacts, type LineFacts } from './socket-info.ts';
import type { ConnectionTap, SocketInfo } from './tap.ts';
import type { Wire } from './wire.ts';

/** A valid request for a WebSocket connection, as the program gets it to decide on. */
export interface UpgradeRequest {
  readonly method: string;
  /** As sent, with the query. */
  readonly target: string;
  /** The target without its query. */
  readonly path: string;
  readonly headers: HeaderMap;
  readonly rawHeaders: readonly RawHeader[];
  /** In the client's order of preference. */
  readonly subprotocols: readonly string[];
  readonly remoteAddress: string;
  /** Came over TLS. */
  readonly encrypted: boolean;
  readonly localPort: number;
  /** Both ends of the TCP connection and what TLS has agreed on, looked up at the call. */
  line(): LineFacts;
}

/** Only an offered subprotocol may be chosen. `reason` is the sentence that the refused client reads. */
export type UpgradeDecision =
  | {
      readonly accept: true;
      readonly subprotocol?: string;
      readonly headers?: HeaderRecord;
      /** Looks on at this connection, from the bytes of its request on, beside the tap of the server. */
      readonly tap?: ConnectionTap;
    }
  | {
      readonly accept: false;
      readonly status: number;
      readonly reason: string;
      readonly headers?: HeaderRecord;
    };

export function toUpgradeRequest(
  head: RequestHead,
  offer: UpgradeOffer,
  { info, carrier }: { readonly info: SocketInfo; readonly carrier: Wire | Duplex },
): UpgradeRequest {
  return {
    line: () => carrierFacts(carrier),
    method: head.method,
    target: head.target,
    path: offer.path,
    headers: head.headers,
    rawHeaders: head.headers.raw,
    subprotocols: offer.subprotocols,
    remoteAddress: info.remoteAddress,
    encrypted: info.encrypted,
    localPort: info.localPort,
  };
}

/** Throws a TypeError for a decision that would break the protocol. */
export function assertDecision(decision: UpgradeDecision, request: UpgradeRequest): void {
  assertHeaders(decision.headers ?? {});
  if (!decision.accept) {
    if (Number.isInteger(decision.status) && decision.status >= 400 && decision.status <= 599) return;
    throw new TypeError(`a refusal has a status from 400 to 599, not ${decision.status}`);
  }
  const { subprotocol } = decision;
  if (subprotocol !== undefined && !request.subprotocols.includes(subprotocol)) {
    throw new TypeError(`the subprotocol "${subprotocol}" was not offered`);
  }
}
