// The page in a real Chromium, beyond reading and writing: acts on messages and on the room, keyboard and finger, settings, leaving.
import { describe, expect, it } from 'vitest';
import { findChromium } from './chromium.ts';
import { PageVisits } from './page-visits.ts';

const visits = new PageVisits();
const visitAs = visits.visitAs.bind(visits);

describe.skipIf(!findChromium())('what one can do in the page', () => {
  visits.aroundTests();

  it('can be read by keyboard: from message to message, each telling its number', async () => {
    const ada = await visitAs('Ada');
    await ada.write('first');
    await ada.write('second');
    await ada.message('second').and(ada.page.locator('[data-kind=message]')).waitFor();
    await ada.log.focus();
    await ada.page.keyboard.press('ArrowUp');
    const focused = ada.page.locator('[data-row]:focus');
    expect(await focused.textContent()).toContain('second');
    await ada.page.keyboard.press('ArrowUp');
    expect(await focused.textContent()).toContain('first');
    const number = focused.getByText('#2', { exact: true });
    await expect.poll(() => number.evaluate((element) => getComputedStyle(element).opacity)).toBe('1');
    const skip = ada.page.getByRole('link', { name: 'Skip to the message field' });
    await skip.focus();
    expect((await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0);
    await ada.page.keyboard.press('Enter');
    await expect.poll(() => ada.composer.evaluate((field) => field === document.activeElement)).toBe(true);
  });

  it('switches language and theme, and remembers both before the first paint', async () => {
    const ada = await visitAs('Ada');
    await ada.openMenu();
    await ada.page.getByRole('menuitemradio', { name: '简体中文' }).click();
    await ada.page.getByRole('heading', { name: '大厅' }).waitFor();
    await ada.page.getByRole('menuitemradio', { name: '深色' }).click();
    await ada.page.keyboard.press('Escape');
    // Without the page's own program there is only what stands before the first paint.
    await ada.page.route('**/assets/*.js', (route) => route.abort());
    await ada.page.reload();
    expect(await ada.page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(await ada.page.locator('html').getAttribute('data-theme')).toBe('dark');
    expect(await ada.page.locator('#app > *').count()).toBe(0);
    await ada.page.unrouteAll();
    await ada.page.reload();
    await expect.poll(() => ada.rows()).toEqual(['系统Ada加入了聊天']);
  });

  it('leaves when asked, says so to the others, and fills the name in for the next time', async () => {
    const ada = await visitAs('Ada');
    const lin = await visitAs('Lin');
    await ada.leave();
    expect(await ada.name.inputValue()).toBe('Ada');
    await expect.poll(() => lin.rows()).toContain('SystemAda left the chat');
    await ada.page.reload();
    await ada.name.waitFor();
  });

  it('has left on both tabs once one of them leaves, and either can come back under the name at once', async () => {
    const one = await visitAs('Ada');
    const two = await one.openTab();
    visits.add(two);
    await two.connection.getByText('Connected').waitFor();
    await one.composer.fill('half a sentence');
    await two.leave();
    await two.name.press('Enter');
    await two.connection.getByText('Connected').waitFor();
    await one.name.waitFor();
    expect(await one.name.inputValue()).toBe('Ada');

    await two.leave();
    await one.page.reload();
    await one.name.press('Enter');
    await one.connection.getByText('Connected').waitFor();
    expect(await one.composer.inputValue()).toBe('half a sentence');
    await one.composer.press('Enter');
    await expect
      .poll(() => one.rows())
      .toEqual([
        'SystemAda joined the chat',
        'SystemAda left the chat',
        'SystemAda joined the chat',
        'SystemAda left the chat',
        'SystemAda joined the chat',
        'Me: half a sentence',
      ]);
    expect(await two.name.isVisible()).toBe(true);
  });

  it('fits a screen of 360 pixels; with a keyboard at hand one can type at once', async () => {
    const ada = await visitAs('Ada', {
      viewport: { width: 360, height: 640 },
      isMobile: true,
      hasTouch: true,
    });
    await ada.write(`https://example.org/${'long'.repeat(100)}`);
    await ada.log.getByRole('link').waitFor();
    const overflow = await ada.page.evaluate(() =>
      [...document.querySelectorAll('*')]
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .map((element) => element.outerHTML.slice(0, 80)),
    );
    expect(overflow).toEqual([]);
    const box = await ada.composer.boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(640);
    const lin = await visitAs('Lin');
    expect(await lin.composer.evaluate((field) => field === document.activeElement)).toBe(true);
  });

  it('shows to everybody at once what somebody edits, reacts to and deletes', async () => {
    const ada = await visitAs('Ada');
    const lin = await visitAs('林溪', { locale: 'zh-CN' });
    await ada.write('helo');
    await lin.message('helo').waitFor();
    await ada.inLog('helo').waitFor();

    await ada.composer.press('ArrowUp');
    const field = ada.log.getByRole('textbox', { name: /Edit message/ });
    await field.press('End');
    await field.pressSequentially(' hello');
    await field.press('Enter');
    await lin.message('helo hello').getByText('已编辑').waitFor();
    await expect.poll(() => ada.composer.evaluate((own) => own === document.activeElement)).toBe(true);

    await lin.message('helo hello').hover();
    await lin.message('helo hello').getByRole('button', { name: '用 👍 回应' }).click();
    const chip = ada.message('helo hello').getByRole('button', { name: '👍 1. 林溪' });
    await chip.click();
    await lin.message('helo hello').getByRole('button', { name: '👍 2. 你和Ada', pressed: true }).click();
    await ada.message('helo hello').getByRole('button', { name: '👍 1. you', pressed: true }).waitFor();

    await ada.act('helo hello', 'Delete…');
    const question = ada.page.getByRole('alertdialog', { name: 'Delete this message?' });
    await question.getByRole('button', { name: 'Keep' }).click();
    await question.waitFor({ state: 'detached' });
    await ada.act('helo hello', 'Delete…');
    await question.getByRole('button', { name: 'Delete' }).click();
    await lin.message('这条消息已删除').waitFor();
    expect(await lin.texts()).toEqual(['这条消息已删除']);
    const history = await (await fetch(`${visits.server.url}/api/rooms/lobby/history`)).text();
    expect(history).not.toContain('helo');
  });

  it('has every action of a message in reach of the keyboard, and the focus comes back to the message', async () => {
    const ada = await visitAs('Ada');
    await ada.write('by hand');
    await ada.inLog('by hand').waitFor();
    const { keyboard } = ada.page;
    await ada.log.focus();
    await keyboard.press('ArrowUp');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    const mine = ada.message('by hand').getByRole('button', { name: '👍 1. you', pressed: true });
    await mine.waitFor();
    await keyboard.press('Escape');
    const row = ada.page.locator('[data-row]:focus');
    expect(await row.textContent()).toContain('by hand');

    await keyboard.press('ContextMenu');
    const menu = ada.page.getByRole('menu');
    await menu.waitFor();
    await keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });
    await expect.poll(() => row.textContent()).toContain('by hand');

    await ada.act('by hand', 'Add a reaction');
    const grid = ada.page.getByRole('dialog', { name: 'Add a reaction' });
    await grid.getByRole('button', { name: '😀' }).and(ada.page.locator(':focus')).waitFor();
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowRight');
    await keyboard.press('Enter');
    await ada.message('by hand').getByRole('button', { name: '🤔 1. you' }).waitFor();
    await expect.poll(() => row.textContent()).toContain('by hand');

    await ada.act('by hand', 'Edit');
    await keyboard.type(' and foot');
    await ada.page.reload();
    const field = ada.log.getByRole('textbox', { name: /Edit message/ });
    await field.waitFor();
    expect(await field.inputValue()).toBe('by hand and foot');
    await field.press('Escape');
    await expect.poll(() => ada.texts()).toEqual(['by hand']);
    await expect.poll(() => row.textContent()).toContain('by hand');
  });

  it('opens the menu of a message by a finger, on a phone', async () => {
    const ada = await visitAs('Ada', {
      viewport: { width: 360, height: 640 },
      isMobile: true,
      hasTouch: true,
    });
    await ada.write('tap me');
    await ada.inLog('tap me').waitFor();
    await ada.message('tap me').locator('[data-text]').tap();
    const react = ada.page.getByRole('menuitemcheckbox', { name: 'React with ❤️' });
    const box = await react.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(40);
    await react.tap();
    await ada.message('tap me').getByRole('button', { name: '❤️ 1. you' }).waitFor();
  });

  it('changes title and topic of the room for everybody, and says who did', async () => {
    const ada = await visitAs('Ada');
    const lin = await visitAs('林溪', { locale: 'zh-CN' });
    await ada.page.getByRole('button', { name: 'Change title and topic' }).click();
    const dialog = ada.page.getByRole('dialog', { name: 'Title and topic' });
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Wires');
    await dialog.getByRole('textbox', { name: 'Topic' }).fill('投影与接线');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await lin.page.getByRole('heading', { name: 'Wires', level: 1 }).waitFor();
    await lin.page.locator('header').getByText('投影与接线').waitFor();
    await expect
      .poll(() => lin.rows())
      .toEqual([
        '系统Ada加入了聊天',
        '系统林溪加入了聊天',
        '系统Ada把聊天室改名为“Wires”',
        '系统Ada把话题设为：投影与接线',
      ]);
    await expect.poll(() => lin.page.title()).toBe('Wires · Wireroom');
  });
});
