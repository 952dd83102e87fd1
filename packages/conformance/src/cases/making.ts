// How the lists of cases in this folder are written: a case from an exchange, in one cut or in several.
import { BOTH, type Case, type DeflateWish, type Finding } from '../case.ts';
import type { Pace } from '../pace.ts';
import { type Exchange, exchange } from '../tester/exchange.ts';
import type { Cut, PeerRole, Session } from '../tester/session.ts';

export interface CaseSpec {
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly why: string;
  /** Default: both. */
  readonly peers?: readonly PeerRole[];
  readonly isHeavy?: boolean;
  readonly deflate?: DeflateWish;
}

export type Play = (session: Session, pace: Pace) => Promise<Finding>;

export const sectionOf = (id: string): string => id.split('.', 1)[0] ?? id;

export function frameCase(spec: CaseSpec, play: Play): Case {
  const { id, rule, title, why, peers = BOTH, isHeavy = false, deflate } = spec;
  return {
    ...{ id, section: sectionOf(id), rule, title, why, peers, isHeavy },
    test: { kind: 'frames', play, ...(deflate && { deflate }) },
  };
}

export type NamedCut = 'whole' | 'frames' | 'bytes';
export const ALL_CUTS: readonly NamedCut[] = ['whole', 'frames', 'bytes'];
/** Where there is but one frame, a write for each frame is the whole. */
export const FRAME_CUTS: readonly NamedCut[] = ['whole', 'bytes'];

const CUT_TITLES = {
  whole: 'in one write',
  frames: 'a write for each frame',
  bytes: 'a write for each byte',
};

export const oneExchange = (spec: CaseSpec, plan: Exchange | ((pace: Pace) => Exchange)): Case =>
  frameCase(spec, (session, pace) => exchange(session, typeof plan === 'function' ? plan(pace) : plan, pace));

/** One case for each cut. */
export function exchanges(
  spec: CaseSpec,
  cuts: readonly NamedCut[],
  plan: (cut: Cut, pace: Pace) => Exchange,
): Case[] {
  return cuts.map((cut) =>
    frameCase(
      { ...spec, id: `${spec.id}${cut[0]}`, title: `${spec.title}, ${CUT_TITLES[cut]}` },
      (session, pace) => exchange(session, plan(cut, pace), pace),
    ),
  );
}

/** Bytes that are neither all alike nor UTF-8. */
export function bytesOf(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let state = length + 1;
  for (let i = 0; i < length; i += 1) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
}

const ALPHABET = 'The quick brown fox jumps over the lazy dog; 0123456789. ';

/** ASCII text of this length. */
export const asciiOf = (length: number): Buffer => Buffer.alloc(length, ALPHABET);
