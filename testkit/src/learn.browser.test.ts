// The course in a real Chromium: found, read, gone through with links and with Back, marked as done, in both languages.
import { describe, expect, it } from 'vitest';
import { findChromium } from './chromium.ts';
import type { Visitor, VisitorOptions } from './page-visitor.ts';
import { PageVisits } from './page-visits.ts';

const visits = new PageVisits();
let visitor: Visitor;

async function visit(hash: string, options: VisitorOptions = {}): Promise<Visitor> {
  visitor = await visits.visit(options, `${visits.server.url}/${hash}`);
  return visitor;
}

const title = () => visitor.page.locator('h1');
const heading = (name: string) => visitor.page.getByRole('heading', { level: 1, name });
const scrollTop = () => visitor.page.locator('main').evaluate((main) => main.scrollTop);

describe.skipIf(!findChromium())('the course in the page', () => {
  visits.aroundTests({ isServerShared: true });

  it('is found at the entrance, leads to a unit, and Back leads out again', async () => {
    const { page, name } = await visit('');
    await page.getByRole('link', { name: 'Learn' }).click();
    await page
      .getByRole('link', { name: 'Why are the client’s frames masked, and only the client’s?' })
      .click();
    await heading('Why are the client’s frames masked, and only the client’s?').waitFor();
    expect(page.url()).toContain('#learn/interview/05-why-mask');
    expect(await page.title()).toBe('Why are the client’s frames masked, and only the client’s? · Wireroom');
    // A screen reader is where the new text begins.
    expect(await title().evaluate((element) => element === document.activeElement)).toBe(true);
    await page.goBack();
    await heading('The course: from one handshake to a chat room').waitFor();
    await page.goBack();
    await name.waitFor();
  });

  it('is in the room’s menu, and the chat goes on behind it', async () => {
    const ada = await visit('');
    await ada.enter('Ada');
    await ada.openMenu();
    await ada.page.getByRole('menuitem', { name: 'Learn' }).click();
    await ada.page.getByRole('heading', { name: 'Interview questions' }).waitFor();
    await ada.page.getByRole('link', { name: 'To the chat' }).click();
    await ada.write('still here');
    await ada.message('still here').waitFor();
  });

  it('remembers what was opened and what is done', async () => {
    const { page } = await visit('#learn/interview/08-frames-and-packets');
    await page.getByRole('button', { name: 'Mark as done' }).click();
    await page.getByRole('link', { name: /^Next/ }).click();
    await heading('How do Ping/Pong, TCP keep-alive and a heartbeat of one’s own differ?').waitFor();
    await page.reload();
    const rail = page.getByRole('navigation', { name: 'Interview questions' });
    await rail.getByRole('link', { name: /sticky packets.*done$/ }).waitFor();
    await rail.getByRole('link', { name: /keep-alive.*opened$/ }).waitFor();
    await page.getByRole('link', { name: 'Interview questions' }).click();
    await expect.poll(() => page.getByText('1 / 30').isVisible()).toBe(true);
  });

  it('follows the page’s language, by a switch and by an address', async () => {
    const { page } = await visit('#learn/interview/05-why-mask', { locale: 'zh-CN' });
    await heading('为什么客户端的帧要加掩码，而且只有客户端要').waitFor();
    await page.getByRole('button', { name: '语言 / 外观' }).click();
    await page.getByRole('menuitemradio', { name: 'English' }).click();
    await heading('Why are the client’s frames masked, and only the client’s?').waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  });

  it('goes to a section, and Back to where one was', async () => {
    const { page } = await visit('#learn/interview/01-why-websocket');
    await page.getByRole('link', { name: 'Follow-ups' }).click();
    await expect.poll(scrollTop).toBeGreaterThan(200);
    const there = await scrollTop();
    await page.getByRole('link', { name: /^Next/ }).click();
    await heading('What is the handshake, and why does it borrow HTTP?').waitFor();
    await expect.poll(scrollTop).toBe(0);
    await page.goBack();
    await heading('Why WebSocket at all? Polling, long polling and SSE compared').waitFor();
    await expect.poll(scrollTop).toBe(there);
  });

  it('plays a scene in the inspector, and closing it leads back to where one read', async () => {
    const { page } = await visit('#learn/interview/05-why-mask');
    await page.getByRole('link', { name: 'Play it live' }).first().click();
    await page.getByRole('heading', { name: 'The wire' }).waitFor();
    expect(page.url()).toContain('#wire/try/masking');
    await page
      .getByRole('button', { name: /^Close/ })
      .first()
      .click();
    await heading('Why are the client’s frames masked, and only the client’s?').waitFor();
    await expect.poll(scrollTop).toBeGreaterThan(200);
  });

  it('offers each scene to the inspector, and unfolds hints by the keyboard', async () => {
    const { page } = await visit('#learn/interview/05-why-mask');
    const play = page.getByRole('link', { name: 'Play it live' }).first();
    expect(await play.getAttribute('href')).toBe('#wire/try/masking');
    await page.goto(`${visits.server.url}/#learn/practice/03-unmask`);
    const hint = page.locator('main details', { hasText: 'Hint 1' });
    await hint.locator('summary').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => hint.evaluate((details) => details.hasAttribute('open'))).toBe(true);
  });

  it('fits a narrow screen without scrolling sideways', async () => {
    const { page } = await visit('#learn/interview/13-half-open', { viewport: { width: 360, height: 740 } });
    await title().waitFor();
    const sideways = () =>
      page
        .locator('main')
        .evaluate((main) => [main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth]);
    expect(await sideways()).toEqual([0, 360]);
  });
});
