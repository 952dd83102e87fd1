// The identifiers of the protocol, as branded strings, so that a name cannot be passed where an id is meant.
// Shapes only: who makes which id is the server's (or, for draft ids, the client's) business.
import { z } from './zod.ts';

/** A room's own id, for ever; its slug may change. `r_` and 16–40 characters of base64url. */
export const roomIdSchema = z
  .string()
  .regex(/^r_[A-Za-z0-9_-]{16,40}$/)
  .brand<'RoomId'>();
export type RoomId = z.infer<typeof roomIdSchema>;

/** Wireroom's own id of somebody who writes. It outlives names, tokens and later accounts. `a_` and 16–40 characters. */
export const authorIdSchema = z
  .string()
  .regex(/^a_[A-Za-z0-9_-]{16,40}$/)
  .brand<'AuthorId'>();
export type AuthorId = z.infer<typeof authorIdSchema>;

/** Chosen by the writer, unique per message: a retry under the same id gets the first answer again. */
export const draftIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,64}$/, 'a draftId is 8 to 64 characters of A-Z a-z 0-9 _ -')
  .brand<'DraftId'>();
export type DraftId = z.infer<typeof draftIdSchema>;

/**
 * A new one, from the time in milliseconds since 1970 and 16 random bytes. Ids made one after the other lie side by side in
 * the log's index, so that many posts touch few of its pages; any other id does as well, only slower.
 */
export function draftIdOf(atMs: number, random: Uint8Array): DraftId {
  let id = `${Math.floor(atMs).toString(16).padStart(12, '0')}-`;
  for (const byte of random) id += HEX_DIGITS.charAt(byte >> 4) + HEX_DIGITS.charAt(byte & 15);
  // Of the schema's shape by its making.
  return id as DraftId;
}

const HEX_DIGITS = '0123456789abcdef';

/** Names one unbroken life of a room's log. A log restored from a backup gets a new one. */
export const epochSchema = z.string().min(1).max(64).brand<'Epoch'>();
export type Epoch = z.infer<typeof epochSchema>;

/** The room's address for people: in URLs and in commands. */
export const slugSchema = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/);
