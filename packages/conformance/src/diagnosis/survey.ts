// What is there: whether anything answers, whether it speaks WebSocket, and what it does with a text message. Comes before
// the probes, which depend on it. Throws Unreachable where there is nothing to diagnose.
import { ping, text } from '../wire/frame.ts';
import { Unreachable } from './mistake.ts';
import type { Known, Target } from './probe.ts';
import { GAP_MS, ProbeLink } from './probe-link.ts';
import { refusalOf, unreachable } from './unreachable.ts';

export const SOCKET_IO_PATH = '/socket.io/?EIO=4&transport=websocket';

export interface Survey {
  readonly target: Target;
  readonly known: Known;
}

export const lowerCaseNames = (request: string): string =>
  request.replace(/^([\w-]+):/gm, (name) => name.toLowerCase());

export const connectionList = (request: string): string =>
  request.replace(/^Connection: Upgrade/im, (field) => field.replace(/upgrade$/i, 'keep-alive, Upgrade'));

/** Requests that mean the same; a server that takes one of them only can still be talked to. */
const REWRITES: readonly (((request: string) => string) | undefined)[] = [
  undefined,
  lowerCaseNames,
  connectionList,
];

/** It took a connection, and then nothing listened any more. */
export class Vanished extends Error {}

export async function survey(first: Target): Promise<Survey> {
  const { target, link } = await firstLink(first);
  try {
    return { target, known: await knowledgeOf(target, link) };
  } finally {
    link.destroy();
  }
}

async function firstLink(target: Target): Promise<{ readonly target: Target; readonly link: ProbeLink }> {
  const plain = await dial(target);
  if (plain.isTaken) return { target: patient(target, plain), link: plain };
  const refusal = refusalOf(target, plain);
  plain.destroy();
  for (const url of [target.url, ...otherUrls(target.url)]) {
    for (const rewrite of REWRITES) {
      if (rewrite === undefined && url === target.url) continue;
      const other = { ...target, url, rewrite };
      const link = await dialAgain(other);
      if (link.isTaken) return { target: patient(other, link), link };
      link.destroy();
    }
  }
  throw refusal;
}

/** Where the end of the head never comes, nobody waits for it again. */
const patient = (target: Target, { head }: ProbeLink): Target =>
  head?.isEnded === false ? { ...target, headMs: target.waits.quietMs } : target;

function otherUrls(url: URL): URL[] {
  if (url.pathname !== '/' && !url.pathname.startsWith('/socket.io')) return [];
  return [new URL(SOCKET_IO_PATH, url)];
}

/** Any but the first connection: where that one came about, a refusal now means that the server has ended. */
async function dialAgain(target: Target): Promise<ProbeLink> {
  try {
    return await dial(target);
  } catch (error) {
    if (error instanceof Unreachable && isRefusal(error.cause)) throw new Vanished();
    throw error;
  }
}

export const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';

async function dial({ url, reach, waits, rewrite, headMs = waits.replyMs }: Target): Promise<ProbeLink> {
  try {
    return await ProbeLink.open({ url, reach, replyMs: waits.replyMs, headMs, rewrite });
  } catch (error) {
    throw unreachable(url, error);
  }
}

async function knowledgeOf(target: Target, link: ProbeLink): Promise<Known> {
  const { waits } = target;
  const other = await dialAgain(target);
  try {
    await link.until(({ bytes }) => bytes.length > 0, waits.quietMs);
    const greeting = link.bytes.length;
    const [first] = link.frames();
    const isEngine = first?.opcode === 1 && /^0\{.*"pingInterval"/.test(first.payload.toString());
    const token = `${isEngine ? '3' : ''}wireroom-check-hello`;
    await link.send(text(token));
    await link.until((now) => now.bytes.length >= greeting + token.length || now.isOver, waits.quietMs);
    const isRefused = link.isOver;
    await link.send(ping('wireroom-check-ping'));
    await link.until((now) => now.isOver || now.frames(10).length > 0, waits.replyMs);
    await link.until((now) => dataOf(now, greeting, token) === 'echo' || now.isOver, waits.quietMs);
    const pongs = link.frames(10);
    const data = isRefused ? 'refused' : dataOf(link, greeting, token);
    const hasPongs = pongs.length > 0 || (isRefused && (await getsPong(other, target)));
    await other.rest(GAP_MS);
    return {
      data: !hasPongs && data === 'taken' ? 'unknown' : data,
      protocol: isEngine ? 'engine.io' : 'plain',
      speaksFirst: greeting > 0,
      broadcasts: !isRefused && other.has(token),
      marker: hasPongs ? 'pong' : data === 'echo' ? 'echo' : 'none',
      pongsCarry: pongs.some(({ payload }) => payload.toString() === 'wireroom-check-ping') || isRefused,
    };
  } finally {
    other.destroy();
  }
}

/** Whether a second connection, which has said nothing yet, gets a pong. */
async function getsPong(link: ProbeLink, { waits }: Target): Promise<boolean> {
  await link.send(ping('wireroom-check-ping'));
  return link.until((now) => now.frames(10).length > 0, waits.replyMs);
}

function dataOf(link: ProbeLink, greeting: number, token: string): Known['data'] {
  const after = link.bytes.subarray(greeting);
  const frames = link.frames().filter(({ opcode }) => opcode < 8);
  if (frames.some(({ payload }) => payload.toString() === token)) return 'echo';
  const isSameLength = frames.some(({ payload }) => payload.length === token.length);
  if (isSameLength && !after.includes(token)) return 'garbled';
  return 'taken';
}
