// What can be looked at: the connections of a live wire, and captures out of files and links. One of them is chosen.
import type { CaptureRecord, WatchedConnection } from '@wireroom/capture';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { LiveSnapshot, LiveWire } from './live/live-wire.ts';

/** A capture that was brought along. */
export interface NamedCapture {
  readonly name: string;
  readonly records: readonly CaptureRecord[];
}

export type Source =
  | {
      readonly kind: 'connection';
      readonly id: string;
      readonly connection: WatchedConnection;
      readonly isOwn: boolean;
    }
  | { readonly kind: 'capture'; readonly id: string; readonly capture: NamedCapture };

export interface Sources {
  readonly list: readonly Source[];
  readonly chosen: Source | undefined;
  readonly records: readonly CaptureRecord[];
  readonly live: LiveSnapshot | undefined;
  choose(id: string): void;
  /** Adds captures, and chooses the first of them. */
  add(captures: readonly NamedCapture[]): void;
}

/** Captures that are kept open at once; the oldest are let go of first. */
export const CAPTURES_MAX = 20;

const NO_RECORDS: readonly CaptureRecord[] = [];
const NEVER = (): (() => void) => () => {};

export function useSources(wire: LiveWire | undefined, given: readonly NamedCapture[]): Sources {
  const live = useSyncExternalStore(
    wire?.subscribe ?? NEVER,
    () => wire?.snapshot(),
    () => wire?.snapshot(),
  );
  const [captures, setCaptures] = useState(given);
  const [wanted, setWanted] = useState<string | undefined>(given.length > 0 ? captureId(0) : undefined);
  const list = useMemo(() => sourcesOf(live, captures), [live, captures]);
  const chosen = list.find(({ id }) => id === wanted) ?? list.find(isOwn) ?? list[0];
  const followedId = chosen?.kind === 'connection' ? chosen.id : undefined;
  useEffect(() => {
    if (followedId !== undefined) wire?.follow(followedId);
  }, [wire, followedId]);
  return {
    ...{ list, chosen, live },
    records: chosen === undefined ? NO_RECORDS : recordsOf(chosen, live),
    choose: setWanted,
    add: (more) => {
      const kept = [...captures, ...more].slice(-CAPTURES_MAX);
      setCaptures(kept);
      setWanted(captureId(Math.max(0, kept.length - more.length)));
    },
  };
}

const captureId = (at: number): string => `capture-${at}`;
const isOwn = (source: Source): boolean => source.kind === 'connection' && source.isOwn;

function sourcesOf(live: LiveSnapshot | undefined, captures: readonly NamedCapture[]): readonly Source[] {
  const connections = (live?.connections ?? []).map((connection): Source => {
    const id = connection.connectionId;
    return { kind: 'connection', id, connection, isOwn: id === live?.ownId };
  });
  const brought = captures.map((capture, at): Source => ({ kind: 'capture', id: captureId(at), capture }));
  return [...connections, ...brought];
}

function recordsOf(source: Source, live: LiveSnapshot | undefined): readonly CaptureRecord[] {
  return source.kind === 'capture' ? source.capture.records : (live?.records[source.id] ?? NO_RECORDS);
}
