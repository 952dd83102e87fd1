// Text of a WebSocket message <-> a validated Command or ServerEvent. Knows JSON and the schemas, no socket.
import type { z } from 'zod';
import { ChatError } from './chat-error.ts';
import { COMMAND_TYPES, type Command, commandSchema, isCommandType, type Ref, refSchema } from './command.ts';
import { eventSchema, type ServerEvent } from './event.ts';

/** The WebSocket subprotocol of everything in this package. */
export const SUBPROTOCOL = 'wireroom.v1';

/** What `decodeCommand` found: a command, or why not, with the ref as far as it could be read. */
export type DecodedCommand =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly ref: Ref | null; readonly error: ChatError };

const HOW_TO_SPEAK =
  'Wireroom speaks JSON, one object per text message. Start with {"type":"hello","ref":1,"name":"your name"}, ' +
  'then {"type":"join","ref":2,"room":"lobby"}, then {"type":"post","ref":3,"room":"lobby","text":"hi"}.';

export function decodeCommand(text: string): DecodedCommand {
  const value = parseObject(text);
  if (value === undefined) {
    return { ok: false, ref: null, error: new ChatError('bad-json', { message: HOW_TO_SPEAK }) };
  }
  const refResult = refSchema.safeParse(value.ref);
  const ref = refResult.success ? refResult.data : null;
  const type = value.type;
  if (typeof type !== 'string' || !isCommandType(type)) {
    const message = `There is no command of type ${shown(type)}. Known types: ${COMMAND_TYPES.join(', ')}.`;
    return { ok: false, ref, error: new ChatError('unknown-type', { message }) };
  }
  const result = commandSchema.safeParse(value);
  if (!result.success) {
    return { ok: false, ref, error: new ChatError('bad-command', { message: describe(result.error) }) };
  }
  return { ok: true, command: result.data };
}

export function encodeCommand(command: Command): string {
  return JSON.stringify(command);
}

export function encodeEvent(event: ServerEvent): string {
  return JSON.stringify(event);
}

/**
 * `undefined` for an event that this version does not know: a newer server may say more. An entry that it does not know
 * is an UnknownEntry inside the event.
 */
export function decodeEvent(text: string): ServerEvent | undefined {
  const value = parseObject(text);
  if (value === undefined) return undefined;
  const result = eventSchema.safeParse(value);
  return result.success ? result.data : undefined;
}

/** One line for people: which field, and what is wrong with it. */
export function describe(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => {
      const where = issue.path.join('.');
      return where === '' ? issue.message : `${where}: ${issue.message}`;
    })
    .join('; ');
}

function parseObject(text: string): Record<string, unknown> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return value === undefined ? '(none)' : (JSON.stringify(value) ?? typeof value).slice(0, 80);
}
