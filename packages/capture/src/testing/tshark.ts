// Wireshark's dissector as a judge: runs the program tshark over a file and gives back what it read, field by field.
// Finds it only (TSHARK, else the PATH); scripts/test.mjs installs it where it can.
import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export const tsharkPath: string | undefined = findTshark();

function findTshark(): string | undefined {
  const named = process.env.TSHARK;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...(named ? [named] : []), ...folders.map((folder) => join(folder, 'tshark'))].find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Where nobody watches, a dissector that is missing is a failure, not a skip. */
export const isTsharkRequired: boolean = !['', '0', 'false', undefined].includes(process.env.CI);

/** One header, frame or other layer: the fields' bytes in hex, or text, by their name in Wireshark. */
export type Fields = Readonly<Record<string, readonly string[]>>;

export interface DissectedPacket {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly http: readonly Fields[];
  readonly frames: readonly Fields[];
  /** What Wireshark hands on as bytes that it knows no more of: inflated binary messages, for one. */
  readonly data: readonly Fields[];
}

/**
 * Checksums are not looked at by default. And a request that is cut within its first line is not taken for HTTP unless
 * the port is told: in the window of Wireshark that is "Decode As".
 */
const PREFERENCES = [
  '-o',
  'tcp.check_checksum:TRUE',
  '-o',
  'ip.check_checksum:TRUE',
  '-d',
  'tcp.port==8090,http',
];
const OUTPUT_BYTES_MAX = 512 * 1024 * 1024;

/** The packets in which tshark found HTTP or WebSocket. `filter`: a display filter. */
export async function dissect(
  file: Uint8Array,
  filter = 'http or websocket',
): Promise<readonly DissectedPacket[]> {
  const output = await runTshark(file, [
    ...['-Y', filter, '-T', 'jsonraw', '--no-duplicate-keys', '-J', 'http websocket data'],
  ]);
  const packets: unknown = JSON.parse(output);
  if (!Array.isArray(packets)) throw new Error('tshark gave no list of packets');
  return packets.map(packetOf);
}

/** What tshark prints. */
export async function runTshark(file: Uint8Array, args: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'wireroom-tshark-'));
  try {
    const path = join(folder, 'capture.pcapng');
    writeFileSync(path, file);
    const { stdout } = await promisify(execFile)(
      tsharkPath ?? 'tshark',
      // No names are looked up, and nobody's settings are read.
      ['-n', '-r', path, ...PREFERENCES, ...args],
      { maxBuffer: OUTPUT_BYTES_MAX, env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder } },
    );
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function packetOf(packet: unknown): DissectedPacket {
  const layers = member(member(packet, '_source'), 'layers');
  const ports = textsOf(member(layers, 'tcp_raw'))[0] ?? '';
  return {
    sourcePort: Number.parseInt(ports.slice(0, 4), 16),
    destinationPort: Number.parseInt(ports.slice(4, 8), 16),
    http: many(member(layers, 'http')).map(fieldsOf),
    frames: many(member(layers, 'websocket')).map(fieldsOf),
    data: many(member(layers, 'data')).map(fieldsOf),
  };
}

/** All fields of a layer, those inside others too. */
function fieldsOf(layer: unknown): Fields {
  const found: Record<string, string[]> = {};
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) walk(item);
    if (!isObject(value)) return;
    for (const [name, inner] of Object.entries(value)) {
      const field = name.replace(/_raw$/, '');
      if (field === name) walk(inner);
      else found[field] = [...(found[field] ?? []), ...textsOf(inner)];
    }
  };
  walk(layer);
  return found;
}

/** `[hex, place, …]`, or a list of such. */
function textsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  const [first] = value;
  return typeof first === 'string' ? [first] : value.flatMap(textsOf);
}

const many = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const member = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);
