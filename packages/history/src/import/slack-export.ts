// Reads one channel of a Slack export: a folder of a file for each day, beside lists of people and channels. Where the files lie, in
// a zip or in a folder, is the caller's business.
import { ImportError, type ImportHead, type ReadRecord } from './import-record.ts';
import { isObject, type JsonObject, jsonElements, objectIn, objectOf, stringIn } from './json-elements.ts';
import { IMPORT_LIMITS } from './limits.ts';
import { SlackMessages } from './slack-messages.ts';
import { plainText, type SlackNames } from './slack-text.ts';

/** The files of an export, by their paths with `/`. */
export interface ExportFiles {
  readonly names: readonly string[];
  open(name: string): AsyncIterable<Uint8Array>;
}

export interface SlackExport {
  readonly head: ImportHead;
  /** As Slack calls it. */
  readonly channel: string;
  readonly records: AsyncIterable<ReadRecord>;
}

const PEOPLE = ['users.json', 'org_users.json'];
const CHANNELS = ['channels.json', 'groups.json', 'mpims.json', 'dms.json'];
const DAY = /^(.*)\/(\d{4}-\d\d-\d\d)\.json$/;

export const isSlackExport = ({ names }: ExportFiles): boolean =>
  names.some((name) => PEOPLE.includes(baseOf(name))) && names.some((name) => DAY.test(name));

/** `channel`: its name, as the export's folders are called; it may be left out where there is only one. */
export async function readSlackExport(files: ExportFiles, channel: string | undefined): Promise<SlackExport> {
  const people = new SlackPeople();
  for (const user of await listOf(files, PEOPLE)) people.add(user);
  const channels = await listOf(files, CHANNELS);
  for (const each of channels) people.addChannel(each);
  const folder = folderOf(files, channels, channel);
  const about = channels.find(
    (each) => stringIn(each, 'name') === folder.name || stringIn(each, 'id') === folder.name,
  );
  const topic = plainText(stringIn(objectIn(about, 'topic'), 'value') ?? '', people);
  return {
    channel: folder.name,
    head: { source: 'slack', title: folder.name, topic, keepsNumbers: false },
    records: recordsOf(files, folder.days, people),
  };
}

async function* recordsOf(
  files: ExportFiles,
  days: readonly string[],
  people: SlackPeople,
): AsyncGenerator<ReadRecord> {
  const messages = new SlackMessages(people);
  for (const name of days) {
    const ofDay: { readonly message: JsonObject; readonly place: string }[] = [];
    for await (const part of jsonElements(files.open(name), { name })) {
      if (part.kind !== 'element') continue;
      const place = `${name}, message ${ofDay.length + 1}`;
      const message = objectOf(part.json);
      ofDay.push({ message: message ?? {}, place });
      if (ofDay.length > IMPORT_LIMITS.dayMessagesMax)
        throw new ImportError(`${name} has more than ${IMPORT_LIMITS.dayMessagesMax} messages.`);
    }
    const inOrder = ofDay.toSorted((one, other) => secondsOf(one.message) - secondsOf(other.message));
    for (const { message, place } of inOrder) yield* messages.take(message, place);
  }
  yield* messages.end();
}

/** What has no time stays where it stood, at the day's beginning. */
const secondsOf = (message: JsonObject): number => Number(stringIn(message, 'ts') ?? 0) || 0;

async function listOf(files: ExportFiles, which: readonly string[]): Promise<readonly JsonObject[]> {
  const found: JsonObject[] = [];
  let chars = 0;
  for (const name of files.names.filter((each) => which.includes(baseOf(each)))) {
    for await (const part of jsonElements(files.open(name), { name })) {
      chars += part.json.length;
      if (chars > IMPORT_LIMITS.listCharsMax)
        throw new ImportError(`${name} is longer than ${IMPORT_LIMITS.listCharsMax} characters.`);
      const object = part.kind === 'element' ? objectOf(part.json) : undefined;
      if (object !== undefined) found.push(slimmed(object));
    }
  }
  return found;
}

/** Of a person or a channel, what is used: the rest is pictures and settings. */
function slimmed(object: JsonObject): JsonObject {
  const { id, name, team_id, real_name, profile, topic } = object;
  return { id, name, team_id, real_name, profile: isObject(profile) ? pick(profile) : undefined, topic };
}

const pick = ({ display_name, real_name }: JsonObject): JsonObject => ({ display_name, real_name });

const baseOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

interface ChannelFolder {
  readonly name: string;
  /** Its files, in the order of the days. */
  readonly days: readonly string[];
}

function folderOf(
  { names }: ExportFiles,
  channels: readonly JsonObject[],
  wanted: string | undefined,
): ChannelFolder {
  const folders = new Map<string, { day: string; name: string }[]>();
  for (const name of names) {
    const [, path = '', day = ''] = DAY.exec(name) ?? [];
    if (day === '') continue;
    const folder = baseOf(path);
    folders.set(folder, [...(folders.get(folder) ?? []), { day, name }]);
  }
  const known = [...folders.keys()].sort();
  const plain = wanted?.replace(/^#/, '');
  // A direct message has no name: its folder is called by its id.
  const byId = channels.find((each) => stringIn(each, 'id') === plain || stringIn(each, 'name') === plain);
  const candidates = [plain, stringIn(byId, 'name'), stringIn(byId, 'id')];
  const chosen =
    plain === undefined && known.length === 1 ? known[0] : known.find((each) => candidates.includes(each));
  const days = chosen === undefined ? undefined : folders.get(chosen);
  if (chosen === undefined || days === undefined) throw noChannel(known, plain);
  return {
    name: chosen,
    days: days.toSorted((one, other) => (one.day < other.day ? -1 : 1)).map(({ name }) => name),
  };
}

function noChannel(known: readonly string[], wanted: string | undefined): ImportError {
  const some = known.slice(0, 30).join(', ');
  const list = known.length > 30 ? `${some} and ${known.length - 30} more` : some;
  const problem =
    wanted === undefined
      ? 'The export has several channels.'
      : `The export has no messages of a channel "${wanted}".`;
  return new ImportError(`${problem} Name one with --channel: ${list}.`);
}

/** People and channels by their ids. */
export class SlackPeople implements SlackNames {
  readonly #users = new Map<string, { readonly name: string; readonly team: string }>();
  readonly #channels = new Map<string, string>();

  add(user: JsonObject): void {
    const id = stringIn(user, 'id');
    if (id === undefined) return;
    const profile = objectIn(user, 'profile');
    const name =
      stringIn(profile, 'display_name') ||
      stringIn(profile, 'real_name') ||
      stringIn(user, 'real_name') ||
      stringIn(user, 'name') ||
      id;
    this.#users.set(id, { name, team: stringIn(user, 'team_id') ?? '' });
  }

  addChannel(channel: JsonObject): void {
    const [id, name] = [stringIn(channel, 'id'), stringIn(channel, 'name')];
    if (id !== undefined && name !== undefined) this.#channels.set(id, name);
  }

  userName(id: string): string | undefined {
    return this.#users.get(id)?.name;
  }

  /** Ids are a workspace's own. */
  teamOf(id: string): string | undefined {
    return this.#users.get(id)?.team;
  }

  channelName(id: string): string | undefined {
    return this.#channels.get(id);
  }
}
