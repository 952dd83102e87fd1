import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fileOutbox } from './file-outbox-node.ts';
import { newDraft, outboxStoreContract } from './outbox-store.contract.ts';
import type { OutboxStore } from './outbox-store.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
  vi.restoreAllMocks();
});

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wireroom-outbox-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'outbox.json');
}

function open(path = newPath()): OutboxStore {
  const store = fileOutbox(path);
  cleanUps.push(() => store.close());
  return store;
}

/** Closed, and the file given back. */
async function close(store: OutboxStore, path: string): Promise<void> {
  await store.close();
  expect(readdirSync(join(path, '..'))).not.toContain(`${basename(path)}.lock`);
}

const idsOf = async (store: OutboxStore): Promise<readonly string[]> =>
  (await store.load()).map(({ draftId }) => draftId);

describe('in a file', () => {
  outboxStoreContract(() => open());

  it('[C1.9] the next program finds what the last one left, in the same order', async () => {
    const path = newPath();
    const first = open(path);
    const [one] = await Promise.all([1, 2, 3].map((number) => first.add(newDraft(number))));
    if (one === undefined) throw new Error('There are three.');
    await first.change({ ...one, state: 'failed', error: { code: 'no-room', message: 'No.' } });
    await first.remove([newDraft(2).draftId]);
    const kept = await first.load();
    await close(first, path);
    const second = open(path);
    expect(await second.load()).toEqual(kept);
    expect(kept.map(({ draftId }) => draftId)).toEqual(['draft-0001', 'draft-0003']);
    expect(second.isDurable).toBe(true);
  });

  it('[C1.9] [C37] closed and used again, it takes the file again with what is in it now', async () => {
    const path = newPath();
    const first = open(path);
    await first.add(newDraft(1));
    await close(first, path);
    const other = open(path);
    await other.remove([newDraft(1).draftId]);
    await other.add(newDraft(2));
    await close(other, path);
    expect(await idsOf(first)).toEqual(['draft-0002']);
    await first.add(newDraft(3));
    expect(readFileSync(path, 'utf8')).toContain('draft-0003');
    expect(first.isDurable).toBe(true);
  });

  it('[C1.9] used again while another program has the file, it keeps to memory and warns', async () => {
    const path = newPath();
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const first = open(path);
    await close(first, path);
    const other = open(path);
    await first.add(newDraft(1));
    expect(first.isDurable).toBe(false);
    expect(warned.mock.calls[0]?.[0]).toContain('in use');
    expect(await idsOf(other)).toEqual([]);
  });

  it('[C1.9] only its owner can read it', async () => {
    const path = newPath();
    await open(path).add(newDraft(1));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('[C1.9] a second program is refused with a sentence; after the first one is gone it may have the file', async () => {
    const path = newPath();
    const first = open(path);
    expect(() => fileOutbox(path)).toThrow(/is in use by this program already\. Give each program a file/);
    await close(first, path);
    writeFileSync(`${path}.lock`, String(process.ppid));
    expect(() => fileOutbox(path)).toThrow(`the program with the process id ${process.ppid}`);
    // No process has this number: it is beyond what any system gives.
    writeFileSync(`${path}.lock`, '99999999');
    await open(path).add(newDraft(1));
  });

  it.each([
    ['cut short', '{"v":1,"drafts":[{"slug":"lo', []],
    ['of a newer version', '{"v":2,"drafts":[]}', []],
    ['readable in part', JSON.stringify({ v: 1, drafts: [{ ...newDraft(1), order: 4 }, 7] }), ['draft-0001']],
  ])(
    '[C1.9] a file that is %s is set aside, with a warning, and what could be read is kept',
    async (_, text, ids) => {
      const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const path = newPath();
      writeFileSync(path, text);
      const store = open(path);
      expect(await idsOf(store)).toEqual(ids);
      await store.add(newDraft(2));
      const aside = readdirSync(join(path, '..')).filter((name) => name.includes('.unread-'));
      expect(aside.map((name) => readFileSync(join(path, '..', name), 'utf8'))).toEqual([text]);
      expect(warn).toHaveBeenCalledWith(expect.stringContaining(String(aside[0])), {
        code: 'WIREROOM_OUTBOX',
      });
    },
  );

  it('[C1.9] a disk that refuses: memory, isDurable false, one warning; the next write that works keeps all', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const path = newPath();
    const store = open(path);
    mkdirSync(`${path}.new`);
    await store.add(newDraft(1));
    await store.add(newDraft(2));
    expect([store.isDurable, await idsOf(store)]).toEqual([false, ['draft-0001', 'draft-0002']]);
    expect(warn).toHaveBeenCalledTimes(1);
    rmSync(`${path}.new`, { recursive: true });
    await store.add(newDraft(3));
    expect(store.isDurable).toBe(true);
    await close(store, path);
    expect(await idsOf(open(path))).toEqual(['draft-0001', 'draft-0002', 'draft-0003']);
  });

  it('[C1.9] a program that is killed while it writes: everything of which it had said that it is kept is there', async () => {
    const path = newPath();
    const program = `
      import { fileOutbox } from ${JSON.stringify(new URL('./file-outbox-node.ts', import.meta.url).href)};
      const store = fileOutbox(${JSON.stringify(path)});
      for (let number = 0; ; number += 1) {
        const draftId = 'draft-' + number;
        await store.add({ ...${JSON.stringify(newDraft(0))}, draftId: draftId.padEnd(10, '-') });
        if (number >= 100) await store.remove([('draft-' + (number - 100)).padEnd(10, '-')]);
        console.log(number);
      }`;
    const flags = [
      '--import',
      'tsx',
      '--conditions',
      '@wireroom/source',
      '--input-type=module',
      '-e',
      program,
    ];
    const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
    const said: number[] = [];
    for await (const line of createInterface(child.stdout)) {
      said.push(Number(line));
      if (said.length === 150) child.kill('SIGKILL');
    }
    if (child.signalCode === null) await once(child, 'exit');
    const last = said.at(-1) ?? 0;
    const ids = new Set(await idsOf(open(path)));
    for (let number = last - 98; number <= last; number += 1)
      expect(ids).toContain(`draft-${number}`.padEnd(10, '-'));
  });
});
