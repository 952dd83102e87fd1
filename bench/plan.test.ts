// The lists of servers and scenarios hold together, and the command line is read as it is described.
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { placeAt } from './installation.ts';
import { readOptions, UsageError } from './options.ts';
import { BASE, extraPeer, FLOOR, peersOf, RIVAL, SUBJECT } from './peers.ts';
import { isFor, scenarios } from './scenarios.ts';
import { missingPeers } from './session.ts';

const peers = peersOf(placeAt('/nowhere'), 'node');

test('names are unique, and what the report compares is among them', () => {
  const names = peers.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining([SUBJECT, BASE, RIVAL, FLOOR]));
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
});

test('a server that runs in some scenarios only names scenarios that exist', () => {
  const known = scenarios.map(({ name }) => name);
  for (const { name, only = [] } of peers) expect(known, name).toEqual(expect.arrayContaining([...only]));
});

test('every scenario has ours, ws and uWebSockets.js in it', () => {
  const always = peers.filter(({ name }) => [SUBJECT, BASE, RIVAL].includes(name));
  for (const scenario of scenarios) expect(always.every((peer) => isFor(peer, scenario))).toBe(true);
});

test('who cannot do what a scenario needs is left out of it', () => {
  const floor = peers.filter(({ name }) => name === FLOOR);
  const left = scenarios.filter((scenario) => !floor.some((peer) => isFor(peer, scenario)));
  expect(left.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['connect', 'echo-fragments-c100', 'bcast-deflate']),
  );
});

test('ours needs nothing from the folder of the bench; the others are missing by name', () => {
  const missing = missingPeers(peers);
  expect(missing[SUBJECT]).toBeUndefined();
  expect(missing[BASE]).toContain('not installed');
});

test('the file of every Node server is there', () => {
  for (const peer of peers) {
    const [program, file = ''] = peer.command({ port: 1, mode: 'echo' });
    if (program === 'node') expect(existsSync(file), peer.name).toBe(true);
  }
});

test('a server from the command line gets port, mode and compression where it wants them', () => {
  const peer = extraPeer('mine|ws|node my.js {port} {mode} {deflate}');
  expect(peer?.command({ port: 7, mode: 'bcast', deflate: 'shared' })).toEqual([
    ...['node', 'my.js', '7', 'bcast', 'shared'],
  ]);
  expect(peer?.command({ port: 7, mode: 'echo' })).toEqual(['node', 'my.js', '7', 'echo']);
  expect(extraPeer('mine|http|node my.js')).toBeUndefined();
});

test('a partial run is not kept unless that is asked for', () => {
  expect(readOptions([]).isKept).toBe(true);
  expect(readOptions(['--quick']).isKept).toBe(true);
  expect(readOptions(['--only', '^echo']).isKept).toBe(false);
  expect(readOptions(['--peers', 'ws,uws', '--save'])).toMatchObject({ isKept: true, peers: ['ws', 'uws'] });
});

test('what makes no sense is refused with a sentence', () => {
  expect(() => readOptions(['--rounds', '0'])).toThrow(UsageError);
  expect(() => readOptions(['--only', '('])).toThrow(UsageError);
  expect(() => readOptions(['--fast'])).toThrow(UsageError);
});
