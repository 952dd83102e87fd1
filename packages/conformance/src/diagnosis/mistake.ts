// The types of the diagnosis: a text in two languages, a mistake, a sighting of one, and what comes out in the end.
// The mistakes themselves are mistakes.ts.
import type { CaseResult } from '../tester/trial.ts';
import type { MistakeId } from './mistakes.ts';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Text = Readonly<Record<Language, string>>;

export const say = (en: string, zh: string): Text => ({ en, zh });

/**
 * - `mistake`: breaks the RFC; some client will not work with it, or may be fooled.
 * - `risk`: allowed, or broken by well-known servers too, but not safe; advice.
 * - `remark`: good to know.
 */
export const SEVERITIES = ['mistake', 'risk', 'remark'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The parts of a server, in the order in which one builds them. */
export type Layer =
  | 'server'
  | 'handshake'
  | 'reading'
  | 'writing'
  | 'messages'
  | 'control'
  | 'closing'
  | 'deflate'
  | 'safety';

export interface Mistake {
  readonly severity: Severity;
  readonly layer: Layer;
  readonly rfc: string;
  /** Mistakes and whole layers that follow from this one. */
  readonly explains: readonly string[];
  /** The conformance cases that fail by it: how their ids begin. */
  readonly cases: readonly string[];
  readonly title: Text;
  readonly expected: Text;
  readonly why: Text;
  readonly mend: Text;
}

/** What a probe saw. */
export interface Sighting {
  readonly id: MistakeId;
  readonly seen: Text;
  /** Where it is milder, or worse, than the mistake usually is. */
  readonly severity?: Severity;
  /** It only took what it should have refused: such mistakes come after those that an honest client notices. */
  readonly isLeniency?: boolean;
}

export interface Finding {
  readonly id: MistakeId;
  readonly severity: Severity;
  readonly layer: Layer;
  readonly rfc: string;
  readonly title: Text;
  /** What was seen, one text for each observation. */
  readonly seen: readonly Text[];
  readonly expected: Text;
  readonly why: Text;
  readonly mend: Text;
  /** What has this one as its cause, and would be a finding of its own without it. */
  readonly follows: readonly { readonly id: MistakeId; readonly title: Text }[];
  /** The conformance cases that failed by it. */
  readonly cases: readonly CaseResult[];
}

/** A probe that made no sense with this server. */
export interface Omission {
  readonly what: Text;
  readonly why: Text;
}

/** A probe that was made and found nothing wrong. */
export interface ProbeResult {
  readonly name: string;
  readonly title: Text;
  readonly isClean: boolean;
}

export interface ServerKind {
  /** What comes back for a text message. */
  readonly data: 'echo' | 'garbled' | 'taken' | 'refused' | 'unknown';
  readonly protocol: 'plain' | 'engine.io';
  /** Says something before it is spoken to. */
  readonly speaksFirst: boolean;
  /** Others receive what one sends. */
  readonly broadcasts: boolean;
  /** By what one knows that it is still there: its pong, its echo, or only that TCP has not ended. */
  readonly marker: 'pong' | 'echo' | 'none';
}

export interface Diagnosis {
  /** The address that was tested in the end. */
  readonly url: string;
  /** The main one first. */
  readonly findings: readonly Finding[];
  readonly server: ServerKind;
  readonly kind: Text;
  readonly probes: readonly ProbeResult[];
  readonly omitted: readonly Omission[];
  readonly cases: CaseSummary;
  readonly tookMs: number;
}

export interface CaseSummary {
  readonly run: number;
  readonly passed: number;
  readonly failed: number;
  readonly nonStrict: number;
  /** Chosen, but not begun when the time for them was over. */
  readonly notRun: number;
}

/** There is nothing there that could be diagnosed. */
export class Unreachable extends Error {
  readonly said: Text;

  constructor(said: Text, options?: ErrorOptions) {
    super(said.en, options);
    this.said = said;
  }
}
