// The wire inspector in a real Chromium against a real server: one's own words as frames, stations and bits; by keyboard too.
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findChromium } from './chromium.ts';
import type { Visitor } from './page-visitor.ts';
import { PageVisits } from './page-visits.ts';

const visits = new PageVisits();

const visitAs = visits.visitAs.bind(visits);
const wireOf = ({ page }: Visitor): Locator => page.getByRole('region', { name: /^(The wire|线路)$/ });
const tab = (visitor: Visitor, name: string): Locator => wireOf(visitor).getByRole('tab', { name });
const frame = (visitor: Visitor, text: string): Locator =>
  wireOf(visitor).locator('[data-wire-row]').filter({ hasText: text });
const cell = (visitor: Visitor, name: RegExp): Locator => wireOf(visitor).getByRole('gridcell', { name });

describe.skipIf(!findChromium())('the wire inspector', () => {
  visits.aroundTests();

  it('shows the way of a line that one has just sent, from the key to the screen', async () => {
    const ada = await visitAs('Ada');
    await ada.write('Follow this line.');
    await ada.message('Follow this line.').getByText('Follow this line.').click();
    const stations = wireOf(ada).getByRole('listitem');
    for (const station of ['Written', 'First bytes read', 'Safe on disk', 'Delivered', 'On your screen'])
      await stations.filter({ hasText: station }).first().waitFor();
    await wireOf(ada).getByRole('button', { name: 'its frame' }).first().click();
    await cell(ada, /^opcode: 0x1 text/).waitFor();
    await wireOf(ada).getByText('"Follow this line."', { exact: true }).waitFor();
  });

  it('has receipts of an edit, a reaction and a deletion, and says what each is and what became of the message', async () => {
    const ada = await visitAs('Ada');
    const lin = await visitAs('林溪', { locale: 'zh-CN' });
    await ada.write('First words.');
    await ada.inLog('First words.').waitFor();
    await ada.act('First words.', 'Edit');
    await ada.page.keyboard.press('End');
    await ada.page.keyboard.type(' And more.');
    await ada.page.keyboard.press('Enter');
    const text = 'First words. And more.';
    await lin.inLog(text).hover();
    await lin.inLog(text).getByRole('button', { name: '用 👍 回应' }).click();
    await ada.message(text).getByText('1', { exact: true }).waitFor();

    await ada.message(text).getByText(text).click();
    await wireOf(ada).getByText('The one that went this way was edited since.').waitFor();
    await wireOf(ada).getByRole('button', { name: 'reaction #5' }).waitFor();
    await wireOf(ada).getByRole('button', { name: 'edit #4' }).click();
    await wireOf(ada).getByText('it edits message').waitFor();
    const stations = wireOf(ada).getByRole('listitem');
    for (const station of ['Written', 'First bytes read', 'Safe on disk', 'Delivered', 'Taken in'])
      await stations.filter({ hasText: station }).first().waitFor();
    await wireOf(ada).getByRole('button', { name: 'its frame' }).last().click();
    await wireOf(ada).getByRole('button', { name: 'message #3 in the chat' }).click();
    await ada.page.locator('[data-row][data-seq="3"]:focus').waitFor();

    await ada.act(text, 'Delete…');
    await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await lin.message('这条消息已删除').getByText('这条消息已删除').click();
    await wireOf(lin).getByText('它的文字后来被删除了。').waitFor();
    await wireOf(lin).getByRole('button', { name: '表情回应 #5' }).click();
    await wireOf(lin).getByText('它给一条消息添加了表情回应').waitFor();
    await wireOf(lin).getByRole('listitem').filter({ hasText: '已安全写入磁盘' }).waitFor();
    await wireOf(lin).getByRole('button', { name: '#3' }).click();
    await wireOf(lin).getByRole('button', { name: '删除 #6' }).click();
    await wireOf(lin).getByText('它删除了消息').waitFor();
  });

  it('takes a frame apart by keyboard: along the fields, and back to the list', async () => {
    const ada = await visitAs('Ada');
    await ada.write('Bits, please.');
    await ada.page.getByRole('button', { name: 'Watch the wire' }).click();
    await frame(ada, 'post').first().click();
    await cell(ada, /^FIN: 1/).focus();
    await ada.page.keyboard.press('ArrowRight');
    expect(await ada.page.evaluate(() => document.activeElement?.textContent)).toMatch(/^RSV1: 0/);
    await ada.page.keyboard.press('End');
    await ada.page.keyboard.press('ArrowDown');
    expect(await ada.page.evaluate(() => document.activeElement?.textContent)).toMatch(/^payload\[1\]: /);
    // Of all cells one is in the order of tabs.
    expect(await wireOf(ada).locator('[role=gridcell][tabindex="0"]').count()).toBe(1);
    // Pointing at a field marks its bytes in the dump.
    await cell(ada, /^MASK: 1/).hover();
    await wireOf(ada).getByText('The payload is masked with the key that follows.').waitFor();
  });

  it('works out the accept value, also for another key', async () => {
    const ada = await visitAs('Ada');
    await ada.page.getByRole('button', { name: 'Watch the wire' }).click();
    await tab(ada, 'Handshake').click();
    await wireOf(ada).getByText('Equal: the browser opens the connection.').waitFor();
    await wireOf(ada)
      .getByRole('textbox', { name: /The key that the client made up/ })
      .fill('dGhlIHNhbXBsZSBub25jZQ==');
    await wireOf(ada).getByText('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=').waitFor();
    await wireOf(ada).getByText('this answer belongs to the key that was sent').waitFor();
  });

  it('plays a scene, and says how it ended and by which rule', async () => {
    const ada = await visitAs('Ada');
    await ada.page.getByRole('button', { name: 'Watch the wire' }).click();
    await tab(ada, 'Try it').click();
    await wireOf(ada)
      .getByRole('button', { name: /An unmasked frame/ })
      .click();
    await wireOf(ada).getByText('protocol error').waitFor();
    await wireOf(ada).getByText('RFC 6455 section 5.1').first().waitFor();
    await frame(ada, 'close').first().waitFor();
  });

  it('shows how the chat comes back after one has cut one’s own connection', async () => {
    const ada = await visitAs('Ada');
    await ada.write('Before the cut.');
    await ada.page.getByRole('button', { name: 'Watch the wire' }).click();
    await tab(ada, 'Try it').click();
    await wireOf(ada).getByRole('button', { name: 'Cut my connection' }).click();
    await tab(ada, 'Frames').click();
    await wireOf(ada)
      .getByText(/Resumed after #2: 0 missed entries/)
      .waitFor();
  });

  it('opens by an address, closes by going back, and is in Chinese for who reads Chinese', async () => {
    const lin = await visitAs('林溪', { locale: 'zh-CN', viewport: { width: 360, height: 740 } });
    await lin.page.getByRole('button', { name: '观察线路' }).click();
    await lin.page.getByRole('tab', { name: '握手' }).waitFor();
    expect(new URL(lin.page.url()).hash).toBe('#wire');
    const width = await lin.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(360);
    await lin.page.goBack();
    await lin.composer.waitFor();
    expect(await lin.page.getByRole('tab', { name: '握手' }).count()).toBe(0);
  });

  it('records nothing where that is switched off, says so, and can be switched on', async () => {
    const ada = await visitAs('Ada', { initScript: "localStorage.setItem('wireroom.record', 'off')" });
    await ada.page.getByRole('button', { name: 'Watch the wire' }).click();
    await wireOf(ada).getByText('This connection is not recorded.').waitFor();
    await wireOf(ada).getByRole('button', { name: 'Record this connection' }).waitFor();
  });
});
