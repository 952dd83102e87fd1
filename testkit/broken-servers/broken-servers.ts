// The door: all broken servers, and those without a mistake that they are made of.
import { Connection, type ConnectionClass } from './base-server.ts';
import type { BrokenServer } from './broken-server.ts';
import { CHAT_SLIPS, ChatConnection, SinkConnection } from './chat-slips.ts';
import { DEFLATE_SLIPS, DeflatingConnection } from './deflate-slips.ts';
import { BORDER_SLIPS, CHECK_SLIPS, LENGTH_SLIPS, MASK_SLIPS, WRITING_SLIPS } from './frame-slips.ts';
import { ACCEPT_SLIPS, ANSWER_SLIPS, REQUEST_SLIPS } from './handshake-slips.ts';
import { CLOSING_SLIPS, CONTROL_SLIPS, MESSAGE_SLIPS } from './message-slips.ts';

export { listen, type RunningServer } from './base-server.ts';
export type { BrokenServer } from './broken-server.ts';

export const BROKEN_SERVERS: readonly BrokenServer[] = [
  ...ACCEPT_SLIPS,
  ...ANSWER_SLIPS,
  ...REQUEST_SLIPS,
  ...MASK_SLIPS,
  ...BORDER_SLIPS,
  ...LENGTH_SLIPS,
  ...WRITING_SLIPS,
  ...CHECK_SLIPS,
  ...MESSAGE_SLIPS,
  ...CONTROL_SLIPS,
  ...CLOSING_SLIPS,
  ...DEFLATE_SLIPS,
  ...CHAT_SLIPS,
];

export const SOUND_SERVERS: ReadonlyMap<string, ConnectionClass> = new Map<string, ConnectionClass>([
  ['echo', Connection],
  ['deflating-echo', DeflatingConnection],
  ['chat', ChatConnection],
  ['sink', SinkConnection],
]);
