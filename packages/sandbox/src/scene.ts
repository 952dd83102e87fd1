// What a scene is: something that happens on a loopback wire between two ends, played step by step and recorded. The
// list of all of them, in words, is scene-texts.ts; who plays them is play.ts. Types only.
import type { Capture, CaptureRecord } from '@wireroom/capture';

/** A text in both languages of the product. */
export interface LocalText {
  readonly en: string;
  readonly zh: string;
}

export interface Scene {
  /** Stable, kebab-case: `unmasked-frame`. */
  readonly name: string;
  /** `try`: one thing that an end may do. `fault`: a fault of working life, and after it its cure. */
  readonly group: 'try' | 'fault';
  readonly title: LocalText;
  /** What is done, and what to look at, in two or three sentences. */
  readonly summary: LocalText;
  /** The section that the outcome rests on, and what it says, in our own words. */
  readonly rule?: { readonly section: string; readonly text: LocalText };
  /** About how long it takes, where that is more than a second. */
  readonly takesMs?: number;
  /** What `pauseMs` shortens, and its default. Absent: the scene does not wait. */
  readonly pauseMs?: number;
}

/** One connection of a scene, as it is recorded. */
export interface SceneSink {
  /** A connection appears; its first record is the `open`. */
  open(connectionId: string): void;
  record(connectionId: string, record: CaptureRecord): void;
}

export interface PlayOptions {
  /** Is told of every record as it happens. */
  readonly sink?: SceneSink;
  /** Ends the scene early. What was recorded until then is still returned. */
  readonly signal?: AbortSignal;
  /** Of the scene `own-bytes`: what the client sends after the handshake. */
  readonly bytes?: Uint8Array;
  /** Of scenes that wait: how long, in milliseconds. Default: as told to people. */
  readonly pauseMs?: number;
  /** Stands before the names of the connections, where several plays are shown beside each other. Default: nothing. */
  readonly idPrefix?: string;
}

export interface Played {
  readonly scene: Scene;
  /** By connection, in the order of their beginnings. */
  readonly captures: readonly Capture[];
}
