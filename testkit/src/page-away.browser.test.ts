// The page in a real Chromium while its server is away: what waits, what is missing, what is refused, and how it comes back.
import { describe, expect, it } from 'vitest';
import { findChromium } from './chromium.ts';
import { NativeClient } from './native-client.ts';
import { PageVisits } from './page-visits.ts';
import { startTestServer } from './server.ts';

/** More messages than come in one answer. */
const MISSED = 600;

const visits = new PageVisits();
const visit = visits.visit.bind(visits);
const visitAs = visits.visitAs.bind(visits);
const wsUrl = (): string => `${visits.server.url.replace('http', 'ws')}/ws`;

describe.skipIf(!findChromium())('the page without its server', () => {
  visits.aroundTests();

  it('sends what was written without a connection once it is back: once, and in order', async () => {
    const { settings } = visits;
    const ada = await visitAs('Ada');
    await ada.write('before');
    await ada.message('before').waitFor();
    await visits.server.stop();
    await ada.connection.getByText('Offline').waitFor();
    await ada.write('while away 1');
    await ada.write('while away 2');
    await ada.composer.fill('not sent yet');
    await ada.message('while away 2').and(ada.page.locator('[data-kind=queued]')).waitFor();

    visits.server = await startTestServer(settings);
    await ada.reconnect();
    await expect.poll(() => ada.page.locator('[data-kind=message]').count()).toBe(3);
    expect(await ada.texts()).toEqual(['before', 'while away 1', 'while away 2']);
    expect(await ada.composer.inputValue()).toBe('not sent yet');
    const history = await fetch(`${visits.server.url}/api/rooms/lobby/history`);
    const texts = [...(await history.text()).matchAll(/"text":"([^"]*)"/g)].map((match) => match[1]);
    expect(texts).toEqual(['before', 'while away 1', 'while away 2']);
  });

  it('says at the entrance when nobody answers, and goes in by itself when somebody does', async () => {
    const { settings } = visits;
    const ada = await visit();
    await visits.server.stop();
    await ada.name.fill('Ada');
    await ada.name.press('Enter');
    await ada.page.getByText('The server does not answer. Trying again by itself…').waitFor();
    visits.server = await startTestServer(settings);
    await ada.connection.getByText('Connected').waitFor();
  });

  it('says why a change was refused, and tries again when it is told to', async () => {
    const { settings } = visits;
    await visits.server.stop();
    visits.server = await startTestServer({ ...settings, ROOM_EDITS: 'off' });
    const ada = await visitAs('Ada');
    await ada.page.getByRole('button', { name: 'Change title and topic' }).click();
    await ada.page.getByRole('textbox', { name: 'Topic' }).fill('wires');
    await ada.page.keyboard.press('Enter');
    const note = ada.page.getByRole('status').filter({ hasText: 'The topic was not changed.' });
    await note.getByText('On this server nobody can change the title or the topic of a room.').waitFor();
    expect(await ada.page.locator('header').getByText('wires').count()).toBe(0);
    await visits.server.stop();
    await ada.away.waitFor();
    visits.server = await startTestServer(settings);
    await ada.reconnect();
    await note.getByRole('button', { name: 'Retry' }).click();
    await ada.log.getByText('Ada set the topic: wires').waitFor();
    await note.waitFor({ state: 'detached' });
    await ada.page.locator('header').getByText('wires').waitFor();
  });

  it('counts what waits while offline, and takes back what is no longer wanted', async () => {
    const { settings } = visits;
    const ada = await visitAs('Ada');
    await visits.server.stop();
    await ada.away.waitFor();
    await ada.write('wanted');
    await ada.write('unwanted');
    await ada.page
      .getByText('2 messages are kept on this device and will be sent once the connection is back.')
      .waitFor();
    await ada.message('unwanted').getByRole('button', { name: 'Do not send' }).click();
    await ada.message('unwanted').waitFor({ state: 'detached' });
    await ada.page.getByText('1 message is kept on this device').waitFor();
    visits.server = await startTestServer(settings);
    await ada.reconnect();
    await ada.inLog('wanted').waitFor();
    expect(await ada.texts()).toEqual(['wanted']);
  });

  it('shows a hole in what is loaded, and fills it as it is scrolled to, without moving what is read', async () => {
    const { settings } = visits;
    const ada = await visitAs('Ada');
    await ada.write('before');
    await ada.inLog('before').waitFor();
    await visits.server.stop();
    await ada.away.waitFor();
    // While she is away, at a door that she does not know.
    visits.server = await startTestServer({ DATA_DIR: settings.DATA_DIR ?? '' });
    const program = await NativeClient.enter(wsUrl(), 'program');
    await Promise.all(Array.from({ length: MISSED }, (_, at) => program.post(`missed ${at + 1}`)));
    await program.close();
    await visits.server.stop();
    visits.server = await startTestServer(settings);
    await ada.reconnect();
    await ada.message(`missed ${MISSED}`).waitFor();
    await ada.page.evaluate(() => {
      const look = (): void => {
        const gap = document.querySelector('[data-kind=gap]');
        if (gap !== null) document.body.dataset.gap = gap.textContent ?? '';
      };
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    });
    const seen = new Set<string>();
    const gap = ada.log.locator('[data-kind=gap]');
    const isDone = async (): Promise<boolean> =>
      (await gap.count()) === 0 && (await ada.message('before').isVisible()) && (await ada.isAtTop());
    while (!(await isDone())) {
      const numbers = (await ada.texts())
        .filter((text) => text.startsWith('missed'))
        .map((text) => Number(text.split(' ')[1]));
      if ((await gap.count()) === 0) expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
      for (const number of numbers) seen.add(`missed ${number}`);
      // Less than half of what is in sight: the gap comes in from above, where it is filled from its newer end.
      await ada.scrollUp(400);
    }
    for (const text of await ada.texts()) seen.add(text);
    expect(await ada.page.evaluate(() => document.body.dataset.gap)).toMatch(
      /^Up to \d+ messages not loaded/,
    );
    expect(await gap.count()).toBe(0);
    expect(seen.size).toBe(MISSED + 1);
  });
});
