// A member of a learner's room with a log (exercises 11 and 12): posts, hears, is cut off, comes back.
import type { Session } from '../tester/session.ts';
import { text } from '../wire/frame.ts';
import { newKey } from '../wire/http.ts';
import { words } from './grade.ts';
import { described, quoted, Shortfall, type Trial } from './trial.ts';

export interface Entry {
  readonly seq: number;
  readonly text: string;
}

export class Member {
  readonly #session: Session;
  readonly #trial: Trial;
  /** Heard while something else was waited for. */
  readonly #heard: Entry[] = [];

  private constructor(session: Session, trial: Trial) {
    this.#session = session;
    this.#trial = trial;
  }

  /** Connects, and asks for what is behind this number. */
  static async enter(trial: Trial, after: number): Promise<Member> {
    const member = new Member(await trial.open(), trial);
    await member.send({ type: 'resume', after });
    return member;
  }

  send(command: object): Promise<void> {
    return this.#session.send([text(JSON.stringify(command))]);
  }

  /** Posts, and waits for the acknowledgement. Returns the number. */
  async post(said: string, draft = `draft-${newKey()}`): Promise<number> {
    await this.send({ type: 'post', draft, text: said });
    for (;;) {
      const event = await this.#event(`posted ${draft}`);
      if (event.type === 'entry') this.#heard.push(entryIn(event));
      if (event.type === 'posted' && event.draft === draft && typeof event.seq === 'number') return event.seq;
    }
  }

  /** All entries that come, up to the one with this number. */
  async hearUntil(last: number): Promise<Entry[]> {
    const entries: Entry[] = [];
    while ((entries.at(-1)?.seq ?? -1) < last) entries.push(await this.#entry(`entry ${last}`));
    return entries;
  }

  /** The first entry from here on with this text. */
  async hearText(said: string): Promise<Entry> {
    for (;;) {
      const entry = await this.#entry(`entry ${quoted(said)}`);
      if (entry.text === said) return entry;
    }
  }

  /** The line is cut: no Close frame, nothing. */
  cut(): void {
    this.#session.destroy();
  }

  async #entry(wanted: string): Promise<Entry> {
    const kept = this.#heard.shift();
    if (kept) return kept;
    for (;;) {
      const event = await this.#event(wanted);
      if (event.type === 'entry') return entryIn(event);
    }
  }

  async #event(wanted: string): Promise<Readonly<Record<string, unknown>>> {
    const event = await this.#session.next(this.#trial.patienceMs);
    if (event?.type !== 'message') {
      const seen = described(event);
      throw new Shortfall(words(`等着 ${wanted}：${seen.zh}`, `waiting for ${wanted}: ${seen.en}`));
    }
    return objectIn(event.data);
  }
}

function objectIn(data: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(data.toString());
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // Said below, like all that is not an object.
  }
  throw new Shortfall(
    words(`这不是 JSON 对象：${quoted(data)}`, `this is not an object in JSON: ${quoted(data)}`),
  );
}

/** An entry as an event or a line of the history has it. */
export function entryIn(value: Readonly<Record<string, unknown>>): Entry {
  const { seq, text: said } = value;
  if (typeof seq === 'number' && typeof said === 'string') return { seq, text: said };
  const shown = JSON.stringify(value).slice(0, 80);
  throw new Shortfall(
    words(
      `这一条没有 seq（数字）和 text（文本）：${shown}`,
      `this entry lacks seq (a number) or text (a string): ${shown}`,
    ),
  );
}
