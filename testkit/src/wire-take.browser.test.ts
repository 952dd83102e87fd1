// Taking a capture along, in a real Chromium: what is saved is read by others, what is brought is opened, and a link holds it all.
import { readFile } from 'node:fs/promises';
import { type Capture, decode, fromHar, fromJsonl, fromPcapng } from '@wireroom/capture';
import { dissect, isTsharkRequired, tsharkPath } from '@wireroom/capture/testing/tshark';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findChromium } from './chromium.ts';
import { NativeClient } from './native-client.ts';
import type { Visitor, VisitorOptions } from './page-visitor.ts';
import { PageVisits } from './page-visits.ts';

const LINE = 'Take this along.';
/** More than a page of the room's history. */
const LATER_MESSAGES = 150;

const visits = new PageVisits();

/** Ada has written a line, and looks at the wire. */
async function watchingAda(options: VisitorOptions = {}): Promise<Visitor> {
  const ada = await visits.visitAs('Ada', options);
  await ada.write(LINE);
  await ada.page.getByRole('button', { name: 'Watch the wire' }).click();
  await entryFrame(ada).waitFor();
  return ada;
}

const wireOf = ({ page }: Visitor): Locator => page.getByRole('region', { name: 'The wire', exact: true });
/** The frame that brings it to the room. */
const entryFrame = (visitor: Visitor): Locator =>
  wireOf(visitor).locator('[data-wire-row]').filter({ hasText: 'entry #2' }).first();

async function choose({ page }: Visitor, item: string): Promise<void> {
  await page.getByRole('button', { name: 'Save, open, share' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function saved(visitor: Visitor, item: string): Promise<Buffer> {
  const coming = visitor.page.waitForEvent('download');
  await choose(visitor, item);
  return readFile(await (await coming).path());
}

async function drop(visitor: Visitor, name: string, text: string): Promise<void> {
  const dataTransfer = await visitor.page.evaluateHandle(
    ([fileName, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content ?? ''], fileName ?? ''));
      return data;
    },
    [name, text],
  );
  await wireOf(visitor).dispatchEvent('drop', { dataTransfer });
}

const textsOf = (capture: Capture | undefined): readonly string[] =>
  capture === undefined ? [] : decode(capture).messages.map(({ text = '' }) => text);
const holdsLine = (captures: readonly Capture[]): boolean =>
  textsOf(captures[0]).some((text) => text.includes(LINE));
const focusedSeq = ({ page }: Visitor): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-seq'));

describe.skipIf(!findChromium())('taking a capture along', () => {
  visits.aroundTests();

  it('saves the connection in each format, without the token', async () => {
    const ada = await watchingAda();
    const jsonl = (await saved(ada, 'for this inspector (JSONL)')).toString();
    expect(holdsLine(fromJsonl(jsonl))).toBe(true);
    const har = (await saved(ada, 'for browsers’ tools (HAR)')).toString();
    expect(holdsLine(fromHar(har))).toBe(true);
    expect(holdsLine(fromPcapng(await saved(ada, 'for Wireshark (pcapng)')))).toBe(true);
    const hello = textsOf(fromJsonl(jsonl)[0]).filter((text) => text.includes('"token"'));
    expect(hello.length).toBeGreaterThan(0);
    for (const text of hello) expect(text).toMatch(/"token":"\*+"/);
  });

  it.skipIf(tsharkPath === undefined && !isTsharkRequired)('saves what Wireshark reads', async () => {
    const ada = await watchingAda();
    const packets = await dissect(await saved(ada, 'for Wireshark (pcapng)'));
    const requests = packets.flatMap(({ http }) => http);
    expect(requests.length).toBeGreaterThanOrEqual(2);
    const payloads = packets
      .flatMap(({ frames }) => frames)
      .flatMap((frame) => frame['websocket.payload.text'] ?? []);
    expect(payloads.some((hex) => Buffer.from(hex, 'hex').includes(LINE))).toBe(true);
  });

  it('saves the scene that is looked at, not the chat beside it', async () => {
    const ada = await watchingAda();
    await wireOf(ada).getByRole('tab', { name: 'Try it' }).click();
    await wireOf(ada)
      .getByRole('button', { name: /An unmasked frame/ })
      .click();
    await wireOf(ada).getByText('protocol error').waitFor();
    const [capture] = fromJsonl((await saved(ada, 'for this inspector (JSONL)')).toString());
    expect(capture?.records[0]).toMatchObject({ kind: 'open', gateway: 'sandbox' });
    expect(capture?.records.at(-1)).toMatchObject({ kind: 'close', code: 1002 });
    await wireOf(ada).getByRole('tab', { name: 'Frames' }).click();
    expect(holdsLine(fromJsonl((await saved(ada, 'for this inspector (JSONL)')).toString()))).toBe(true);
  });

  it('opens a file that is dropped, and says what is wrong with one that cannot be read', async () => {
    const ada = await watchingAda();
    const jsonl = (await saved(ada, 'for this inspector (JSONL)')).toString();
    const stranger = await visits.visit({}, `${visits.server.url}/#wire`);
    await drop(stranger, 'notes.txt', 'These are no bytes of a wire.');
    await wireOf(stranger).getByText('notes.txt: This is neither a pcapng nor a pcap file').waitFor();
    await drop(stranger, 'ada.jsonl', jsonl);
    await entryFrame(stranger).waitFor();
    expect(await wireOf(stranger).getByText('notes.txt').count()).toBe(0);
  });

  it('puts the capture into a link; from its frames one comes to the message in the chat, however far up', async () => {
    const ada = await watchingAda({ permissions: ['clipboard-read', 'clipboard-write'] });
    await choose(ada, 'Copy a link to it');
    await wireOf(ada).getByText('The link is in the clipboard.').waitFor();
    const link = await ada.page.evaluate(() => navigator.clipboard.readText());
    const stranger = await visits.visit({}, link);
    await entryFrame(stranger).waitFor();

    const program = await NativeClient.enter(`${visits.server.url.replace('http', 'ws')}/ws`, 'program');
    for (let at = 1; at <= LATER_MESSAGES; at++) await program.post(`later ${at}`);
    // The same guest comes again: what is far up in the room is not loaded.
    await ada.page.goto(link);
    await ada.page.reload();
    await ada.message(`later ${LATER_MESSAGES}`).waitFor();
    expect(await ada.message(LINE).count()).toBe(0);
    await entryFrame(ada).click();
    await wireOf(ada)
      .getByRole('button', { name: /in the chat$/ })
      .click();
    await ada.message(LINE).waitFor();
    await expect.poll(() => focusedSeq(ada)).toBe('2');

    // On a phone the inspector makes way.
    await ada.page.setViewportSize({ width: 360, height: 740 });
    await wireOf(ada)
      .getByRole('button', { name: /in the chat$/ })
      .click();
    await wireOf(ada).waitFor({ state: 'detached' });
    await expect.poll(() => focusedSeq(ada)).toBe('2');
  });
});
