// One message of a Slack channel after the other as records: what it says, who reacted, when it was edited, what it answers. Slack
// keeps no date of a reaction, and of an edit only the last text: a reaction comes right after its message, an edit at its time.
import type { ImportRecord, LostRecord, ReadRecord, RecordContent, SourceAuthor } from './import-record.ts';
import { type JsonObject, objectIn, objectsIn, stringIn } from './json-elements.ts';
import { PendingRecords } from './pending-records.ts';
import { quoteOf } from './quote.ts';
import { slackEmoji } from './slack-emoji.ts';
import type { SlackPeople } from './slack-export.ts';
import { plainText, slackText } from './slack-text.ts';

/** One message, being read. */
interface Reading {
  readonly message: JsonObject;
  readonly place: string;
  readonly ts: string;
  readonly atMs: number;
  readonly author: SourceAuthor;
}

export class SlackMessages {
  readonly #people: SlackPeople;
  readonly #later = new PendingRecords();
  /** First lines of messages that are answered, by their `ts`. */
  readonly #threads = new Map<string, string>();

  constructor(people: SlackPeople) {
    this.#people = people;
  }

  /** Messages come in the order of their times. */
  *take(message: JsonObject, place: string): Generator<ReadRecord> {
    const ts = stringIn(message, 'ts') ?? '';
    const atMs = timeOf(ts);
    if (atMs === undefined) {
      const reason = ts === '' ? 'it has no time' : 'its time is no date';
      yield lost({ place, reason });
      return;
    }
    yield* this.#later.until(atMs);
    yield* this.#read({ message, place, ts, atMs, author: this.#authorOf(message) });
  }

  /** What happened after the last message. */
  *end(): Generator<ReadRecord> {
    yield* this.#later.until(Number.POSITIVE_INFINITY);
  }

  *#read(reading: Reading): Generator<ReadRecord> {
    const { message, place } = reading;
    const subtype = stringIn(message, 'subtype') ?? '';
    switch (subtype) {
      case 'channel_join':
      case 'group_join':
        yield recordOf(reading, { type: 'join' });
        return;
      case 'channel_leave':
      case 'group_leave':
        yield recordOf(reading, { type: 'leave' });
        return;
      case 'channel_topic':
      case 'group_topic':
        yield recordOf(reading, { type: 'topic', topic: this.#plain(stringIn(message, 'topic') ?? '') });
        return;
      case 'channel_name':
      case 'group_name':
        yield recordOf(reading, { type: 'rename', title: stringIn(message, 'name') ?? '' });
        return;
      case 'tombstone':
        yield* this.#tombstone(reading);
        return;
      case 'message_changed':
        yield* this.#changed(reading);
        return;
      case 'message_deleted':
        yield recordOf(reading, { type: 'delete', target: stringIn(message, 'deleted_ts') ?? '' });
        return;
      case 'message_replied':
        // Only says that there is an answer, which stands where it was written.
        return;
      default:
        if (stringIn(message, 'type') !== 'message')
          yield lost({
            place,
            reason: `it is no message (${stringIn(message, 'type')?.slice(0, 40) ?? 'no type'})`,
          });
        else yield* this.#message(reading);
    }
  }

  *#message(reading: Reading): Generator<ReadRecord> {
    const { message, place, ts, author } = reading;
    const text = slackText(message, this.#people);
    if (text.trim() === '') {
      yield lost({ place, reason: 'it has no text' });
      return;
    }
    const full = `${this.#quote(message, ts)}${text}`;
    if (stringIn(message, 'thread_ts') === ts) this.#threads.set(ts, quoteOf(author.name, text));
    yield recordOf(reading, { type: 'message', key: ts, text: full });
    yield* this.#reactions(reading);
    const editedAt = timeOf(stringIn(objectIn(message, 'edited'), 'ts') ?? '');
    if (editedAt !== undefined)
      this.#later.add(
        { ...recordOf(reading, { type: 'edit', target: ts, text: full }), atMs: editedAt },
        editedAt,
      );
  }

  *#tombstone(reading: Reading): Generator<ReadRecord> {
    const { ts } = reading;
    if (stringIn(reading.message, 'thread_ts') === ts) this.#threads.set(ts, '> [deleted]\n');
    yield recordOf(reading, { type: 'message', key: ts, text: '', deleted: true });
    yield recordOf(reading, { type: 'delete', target: ts });
  }

  /** In exports with a record of changes: what a message became, at the time of the change. */
  *#changed(reading: Reading): Generator<ReadRecord> {
    const message = objectIn(reading.message, 'message');
    const target = stringIn(message, 'ts') ?? '';
    if (message === undefined) yield lost({ place: reading.place, reason: 'it changes no message' });
    else if (stringIn(message, 'subtype') === 'tombstone')
      yield recordOf(reading, { type: 'delete', target });
    else {
      const text = `${this.#quote(message, target)}${slackText(message, this.#people)}`;
      yield recordOf(reading, { type: 'edit', target, text });
    }
  }

  *#reactions(reading: Reading): Generator<ReadRecord> {
    const { message, place, ts } = reading;
    for (const reaction of objectsIn(message, 'reactions')) {
      const name = stringIn(reaction, 'name') ?? '';
      const emoji = slackEmoji(name);
      const users = Array.isArray(reaction.users) ? reaction.users : [];
      const count = typeof reaction.count === 'number' ? reaction.count : users.length;
      if (emoji === undefined) {
        yield lost({ place, reason: `the reaction :${name.slice(0, 60)}: has no emoji here` });
        continue;
      }
      for (const user of users) {
        if (typeof user !== 'string') continue;
        const author = this.#userOf(user);
        yield { ...recordOf(reading, { type: 'react', target: ts, emoji }), author };
      }
      if (count > users.length)
        yield lost({ place, reason: 'the export does not name all who gave a reaction' });
    }
  }

  /** What stands before an answer. Nothing: it is none. */
  #quote(message: JsonObject, ts: string): string {
    const thread = stringIn(message, 'thread_ts');
    if (thread === undefined || thread === ts) return '';
    return this.#threads.get(thread) ?? '> [an earlier message]\n';
  }

  #plain(text: string): string {
    return plainText(text, this.#people);
  }

  #authorOf(message: JsonObject): SourceAuthor {
    const user = stringIn(message, 'user');
    const ofMessage = objectIn(message, 'user_profile');
    if (user !== undefined) {
      const given = stringIn(ofMessage, 'display_name') || stringIn(ofMessage, 'real_name');
      return this.#userOf(user, given);
    }
    const bot = stringIn(message, 'bot_id') ?? '';
    const profile = objectIn(message, 'bot_profile');
    const name = stringIn(message, 'username') || stringIn(profile, 'name') || bot || 'Slack';
    return { key: `bot ${stringIn(profile, 'team_id') ?? ''} ${bot} ${name}`, name };
  }

  #userOf(id: string, given?: string): SourceAuthor {
    const name = this.#people.userName(id) ?? given ?? (id === 'USLACKBOT' ? 'Slackbot' : id);
    return { key: `user ${this.#people.teamOf(id) ?? ''} ${id}`, name };
  }
}

function recordOf({ place, author, atMs }: Reading, content: RecordContent): ImportRecord {
  return { place, author, atMs, content };
}

const lost = (record: LostRecord): { readonly lost: LostRecord } => ({ lost: record });

/** Seconds since 1970, with a fraction that makes it the message's name. */
function timeOf(ts: string): number | undefined {
  return /^\d{1,11}(?:\.\d{1,9})?$/.test(ts) ? Math.floor(Number(ts) * 1_000) : undefined;
}
