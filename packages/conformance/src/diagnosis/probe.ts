// What a probe is, and what it gets: connections past the handshake, a way to learn whether the other end still lives, and
// a list for what it sees. A probe judges one thing; which of all sightings is the cause is for causes.ts.

import type { Reach } from '../tester/raw-link.ts';
import type { Frame } from '../wire/frame.ts';
import { ping, text } from '../wire/frame.ts';
import type { RequestPlan } from '../wire/http.ts';
import { auditLink } from './audit.ts';
import type { Waits } from './limits.ts';
import type { ServerKind, Severity, Sighting, Text } from './mistake.ts';
import type { MistakeId } from './mistakes.ts';
import { GAP_MS, ProbeLink } from './probe-link.ts';

export interface Target {
  readonly url: URL;
  readonly reach: Reach;
  readonly waits: Waits;
  /** What must be done to a request so that this server takes it. */
  readonly rewrite?: ((request: string) => string) | undefined;
  /** How long to wait for the end of a head, where it is known never to come. */
  readonly headMs?: number;
}

/** What a probe may rely on beyond the kind of the server. */
export interface Known extends ServerKind {
  /** Its pongs have the payload of the ping. */
  readonly pongsCarry: boolean;
}

export interface Probe {
  readonly name: string;
  /** What it is about, for the report. */
  readonly title: Text;
  /** Why it makes no sense with this server; undefined when it does. */
  readonly unfit?: (known: Known) => Text | undefined;
  /** Sends what no honest client sends; what the server's frames look like after it is no matter. */
  readonly isProvoking?: boolean;
  readonly run: (run: ProbeRun) => Promise<void>;
}

export interface OpenPlan {
  readonly request?: Partial<RequestPlan>;
  readonly cut?: 'whole' | 'bytes' | 'halves';
  readonly rewrite?: (request: string) => string;
}

/** How a server took what it must not take. */
export interface Reaction {
  /** It failed the connection; it went on; or it neither went on nor ended. */
  readonly outcome: 'failed' | 'went on' | 'fell silent';
  readonly link: ProbeLink;
}

/** The connection that a probe needs did not come about. */
export class NoSession extends Error {}

let tokens = 0;

/** One run of one probe. */
export class ProbeRun {
  readonly target: Target;
  readonly known: Known;
  readonly sightings: Sighting[] = [];
  /** The largest message that it took, where it refused a larger one. */
  takenBytesMax: number | undefined;
  readonly #links: ProbeLink[] = [];

  constructor(target: Target, known: Known) {
    this.target = target;
    this.known = known;
  }

  get waits(): Waits {
    return this.target.waits;
  }

  see(id: MistakeId, seen: Text, severity?: Severity): void {
    this.sightings.push({ id, seen, ...(severity !== undefined && { severity }) });
  }

  /** It took what it should have refused. */
  seeTaken(id: MistakeId, seen: Text): void {
    this.sightings.push({ id, seen, isLeniency: true });
  }

  /** Letters that no other probe sends. */
  token(): string {
    tokens = (tokens + 1) % 1_000_000;
    return `wireroom-check-${tokens}-${Math.random().toString(36).slice(2, 6)}`;
  }

  /** A text that this server can bear, of at least so many bytes. */
  text(bytesMin = 0): string {
    const prefix = this.known.protocol === 'engine.io' ? '3' : '';
    return (prefix + this.token()).padEnd(bytesMin, 'wireroom ');
  }

  /** A handshake as told, whatever comes of it. */
  async ask(plan: OpenPlan = {}): Promise<ProbeLink> {
    const { url, reach, waits, headMs = waits.replyMs } = this.target;
    const rewrite = plan.rewrite ?? this.target.rewrite;
    const link = await ProbeLink.open({ url, reach, replyMs: waits.replyMs, headMs, ...plan, rewrite });
    this.#links.push(link);
    return link;
  }

  /** A connection past the handshake and past what the server says first. */
  async open(plan: OpenPlan = {}): Promise<ProbeLink> {
    const link = await this.ask(plan);
    if (!link.isOpen) throw new NoSession(link.head?.line ?? 'no answer');
    if (this.known.speaksFirst) await link.until(({ bytes }) => bytes.length > 0, this.waits.replyMs);
    return link;
  }

  /** Whether it still answers; undefined: one cannot know, since it answers nothing. */
  async isAlive(link: ProbeLink): Promise<boolean | undefined> {
    const { marker, pongsCarry } = this.known;
    if (marker === 'none') {
      await link.until(({ isOver }) => isOver, this.waits.replyMs);
      return link.isOver ? false : undefined;
    }
    // Apart from what was sent before: whether two frames in one read are a trouble is not asked here.
    await link.until(({ isOver }) => isOver, GAP_MS);
    const token = this.token();
    const before = link.frames(10).length;
    await link.send(marker === 'pong' ? ping(token) : text(token));
    const isAnswered = (): boolean => {
      if (marker === 'echo') return link.has(token);
      const pongs = link.frames(10);
      return pongsCarry ? pongs.some(({ payload }) => payload.includes(token)) : pongs.length > before;
    };
    await link.until((now) => now.isOver || isAnswered(), this.waits.replyMs);
    return isAnswered();
  }

  /** Sends what a server must not take, and looks whether it does. */
  async provoke(...pieces: readonly (Frame | Buffer)[]): Promise<Reaction> {
    const link = await this.open();
    await link.sendApart(...pieces);
    await link.until(({ isOver }) => isOver, GAP_MS);
    if (link.isOver) return { outcome: 'failed', link };
    const isAlive = await this.isAlive(link);
    if (isAlive === true) return { outcome: 'went on', link };
    return { outcome: link.isOver ? 'failed' : 'fell silent', link };
  }

  /** Cuts its connections; before that, unless it provoked them, looks over all that came on them. */
  end(probe?: Probe): readonly Sighting[] {
    for (const link of this.#links) {
      if (link.isTaken && probe?.isProvoking !== true) this.sightings.push(...auditLink(link));
      link.destroy();
    }
    return this.sightings;
  }
}
