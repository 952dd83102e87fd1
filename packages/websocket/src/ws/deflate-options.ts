// The option `perMessageDeflate` of the ws API, turned into the engine's settings. What is done with them is net/deflate.ts.
import type { ZlibOptions } from 'node:zlib';
import type { DeflateAgreement } from '../core/deflate-offer.ts';
import type { Role } from '../core/opcode.ts';
import {
  type DeflateNegotiation,
  type DeflateOptions,
  type DeflateSettings,
  deflateSettings,
} from '../net/deflate.ts';

/** How permessage-deflate is offered or taken, by the names that `ws` has for it. */
export interface PerMessageDeflateOptions {
  readonly serverNoContextTakeover?: boolean | undefined;
  readonly clientNoContextTakeover?: boolean | undefined;
  /** 8 to 15. A client may say `true` for "as you like". */
  readonly serverMaxWindowBits?: number | boolean | undefined;
  readonly clientMaxWindowBits?: number | boolean | undefined;
  /** Of these `level` and `memLevel` count. Default: level 3, memory level 8. */
  readonly zlibDeflateOptions?: ZlibOptions | undefined;
  /** Taken and ignored: nothing of it changes what comes out. */
  readonly zlibInflateOptions?: ZlibOptions | undefined;
  /** Smaller messages are not compressed where our side keeps no history. Default: 1024 bytes. */
  readonly threshold?: number | undefined;
  /** Taken and ignored: there are no threads to be limited. */
  readonly concurrencyLimit?: number | undefined;
}

// What zlib takes -1, its default level, for.
const ZLIB_DEFAULT_LEVEL = 6;

/** Undefined where it is off. Throws a RangeError for a number that is out of range. */
export function deflateSettingsOf(
  options: boolean | PerMessageDeflateOptions | null | undefined,
): DeflateSettings | undefined {
  if (options === undefined || options === null || options === false) return undefined;
  const given = options === true ? {} : options;
  const { level, memLevel } = given.zlibDeflateOptions ?? {};
  const settings: { -readonly [Key in keyof DeflateOptions]: DeflateOptions[Key] } = {
    serverNoContextTakeover: given.serverNoContextTakeover === true,
    clientNoContextTakeover: given.clientNoContextTakeover === true,
  };
  if (given.threshold !== undefined) settings.thresholdBytes = given.threshold;
  if (level !== undefined) settings.level = level === -1 ? ZLIB_DEFAULT_LEVEL : level;
  if (memLevel !== undefined) settings.memLevel = memLevel;
  if (typeof given.serverMaxWindowBits === 'number') settings.serverMaxWindowBits = given.serverMaxWindowBits;
  if (typeof given.clientMaxWindowBits === 'number') settings.clientMaxWindowBits = given.clientMaxWindowBits;
  return deflateSettings(settings);
}

/** Where our side keeps its history, a small message is worth compressing, too: the threshold is for the other case. */
export function negotiationOf(
  role: Role,
  agreement: DeflateAgreement | undefined,
  settings: DeflateSettings | undefined,
): DeflateNegotiation | undefined {
  if (agreement === undefined || settings === undefined) return undefined;
  const { serverNoContextTakeover, clientNoContextTakeover } = agreement;
  const hasNoHistory = role === 'server' ? serverNoContextTakeover : clientNoContextTakeover;
  return {
    agreement,
    settings: { ...settings, thresholdBytes: hasNoHistory ? settings.thresholdBytes : 0 },
  };
}
