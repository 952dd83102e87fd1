// The page in a real Chromium against a real server: people who read and write, and what must not happen to them. What else they do: the
// other page-*.browser.test.ts.
import { describe, expect, it } from 'vitest';
import { findChromium } from './chromium.ts';
import { NativeClient } from './native-client.ts';
import { PageVisits } from './page-visits.ts';

const ATTACK = '<img src=x onerror="document.title=1"><script>document.title=2</script>';

const visits = new PageVisits();
const visit = visits.visit.bind(visits);
const visitAs = visits.visitAs.bind(visits);
const wsUrl = (): string => `${visits.server.url.replace('http', 'ws')}/ws`;

describe.skipIf(!findChromium())('the page', () => {
  visits.aroundTests();

  it('two people chat, each in their own language, and see each other come', async () => {
    const ada = await visitAs('Ada');
    const lin = await visitAs('林溪', { locale: 'zh-CN' });
    await ada.write('Hello, is anybody here?');
    await lin.message('Hello, is anybody here?').waitFor();
    await lin.write('在的。');
    await ada.message('在的。').waitFor();
    await expect
      .poll(() => ada.rows())
      .toEqual([
        'SystemAda joined the chat',
        'System林溪 joined the chat',
        'Me: Hello, is anybody here?',
        '林溪: 在的。',
      ]);
    await expect
      .poll(() => lin.rows())
      .toEqual(['系统Ada加入了聊天', '系统林溪加入了聊天', 'Ada: Hello, is anybody here?', '我: 在的。']);
    expect(await lin.page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
  });

  it('shows what people type as text, in messages and in names', async () => {
    const eve = await visitAs('<b>Eve</b>');
    const ada = await visitAs('Ada');
    await eve.write(ATTACK);
    await expect.poll(() => ada.texts()).toEqual([ATTACK]);
    await expect.poll(() => ada.rows()).toContain(`<b>Eve</b>: ${ATTACK}`);
    expect(await ada.log.locator('img, script, b').count()).toBe(0);
    expect(await ada.page.title()).toBe('Lobby · Wireroom');
  });

  it('makes links of web addresses only, and none that knows where it was clicked', async () => {
    const ada = await visitAs('Ada');
    await ada.write('see https://example.org/a, not javascript:alert(1)');
    const link = ada.log.getByRole('link');
    await link.waitFor();
    expect(await link.count()).toBe(1);
    expect(await link.getAttribute('href')).toBe('https://example.org/a');
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer nofollow');
  });

  it('does not send on the Enter that confirms an input method’s composition', async () => {
    const lin = await visitAs('林溪', { locale: 'zh-CN' });
    await lin.composer.focus();
    const inputMethod = await lin.page.context().newCDPSession(lin.page);
    await inputMethod.send('Input.imeSetComposition', {
      text: 'ni hao',
      selectionStart: 6,
      selectionEnd: 6,
    });
    // As a browser reports a key that the input method takes.
    const key = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 } as const;
    await inputMethod.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
    await inputMethod.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
    expect(await lin.composer.inputValue()).toBe('ni hao');
    expect(await lin.texts()).toEqual([]);
    await inputMethod.send('Input.insertText', { text: '你好' });
    await lin.page.keyboard.press('Enter');
    await expect.poll(() => lin.texts()).toEqual(['你好']);
    expect(await lin.composer.inputValue()).toBe('');
  });

  it('makes a line on Shift+Enter, and keeps lines and spaces as they are', async () => {
    const ada = await visitAs('Ada');
    await ada.composer.fill('one');
    await ada.composer.press('Shift+Enter');
    await ada.composer.pressSequentially('  two   three');
    await ada.composer.press('Enter');
    await expect.poll(() => ada.texts()).toEqual(['one\n  two   three']);
  });

  it('has a field as high as its text, also when the window becomes narrower or wider', async () => {
    // Once as the browser does it, once where it cannot.
    for (const initScript of ['', `CSS.supports = () => false;`]) {
      const ada = await visitAs(initScript === '' ? 'Ada' : 'Bea', { initScript });
      if (initScript !== '') {
        await ada.composer.evaluate((field) => field.style.setProperty('field-sizing', 'fixed'));
      }
      const height = (): Promise<number> => ada.composer.evaluate((field) => field.clientHeight);
      const hiddenPx = (): Promise<number> =>
        ada.composer.evaluate((field) => field.scrollHeight - field.clientHeight);
      const empty = await height();
      await ada.composer.fill('some words '.repeat(20));
      const wide = await height();
      await ada.page.setViewportSize({ width: 400, height: 800 });
      await expect.poll(hiddenPx).toBeLessThanOrEqual(1);
      expect(await height()).toBeGreaterThan(wide);
      await ada.page.setViewportSize({ width: 1280, height: 800 });
      await expect.poll(height).toBe(wide);
      await ada.composer.fill('');
      expect(await height()).toBe(empty);
    }
  });

  it('has the suggested name ready to be written over, where there is a keyboard', async () => {
    const ada = await visit();
    await ada.name.waitFor();
    await ada.page.keyboard.type('Ada');
    await ada.page.keyboard.press('Enter');
    await ada.composer.waitFor();
    await expect.poll(() => ada.rows()).toEqual(['SystemAda joined the chat']);
    const lin = await visit({ isMobile: true, hasTouch: true });
    await lin.name.waitFor();
    expect(await lin.page.evaluate(() => document.activeElement === document.body)).toBe(true);
  });

  it('refuses a name that is taken beside the field, in the reader’s language, and takes another', async () => {
    await visitAs('Ada');
    const other = await visit({ locale: 'zh-CN' });
    expect(await other.name.inputValue()).not.toBe('');
    await other.name.fill('ADA');
    await other.name.press('Enter');
    await other.page.getByText('聊天室里已经有人叫这个名字了，请换一个。').waitFor();
    expect(await other.name.getAttribute('aria-invalid')).toBe('true');
    await other.name.fill('x'.repeat(65));
    await other.name.press('Enter');
    await other.page.getByText('名字太长了，最多 64 个字符。').waitFor();
    await other.enter('阿达');
  });

  it('is the same person after a reload, without leaving and coming again', async () => {
    const ada = await visitAs('Ada');
    await ada.write('before');
    await ada.message('before').waitFor();
    await ada.composer.fill('half a sentence');
    await ada.page.reload();
    await ada.message('before').waitFor();
    expect(await ada.composer.inputValue()).toBe('half a sentence');
    await ada.composer.press('Enter');
    await expect
      .poll(() => ada.rows())
      .toEqual(['SystemAda joined the chat', 'Me: before', 'Me: half a sentence']);
  });

  it('pages back through 300 messages in order, and follows new ones only from the end', async () => {
    const program = await NativeClient.enter(wsUrl(), 'program');
    for (let at = 1; at <= 300; at++) await program.post(`message ${at}`);
    const ada = await visitAs('Ada');
    await ada.message('message 300').waitFor();
    const seen = new Set<string>();
    const beginning = ada.log.getByText('The room’s log begins here');
    while (!(await beginning.isVisible())) {
      const texts = await ada.texts();
      const numbers = texts.map((text) => Number(text.split(' ')[1]));
      expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
      for (const text of texts) seen.add(text);
      await ada.scrollUp(900);
    }
    for (const text of await ada.texts()) seen.add(text);
    expect(seen.size).toBe(300);

    await program.post('news');
    const below = ada.page.getByRole('button', { name: '1 new message' });
    await below.click();
    await ada.message('news').waitFor();
    await below.waitFor({ state: 'detached' });
    await program.post('more news');
    await ada.message('more news').waitFor();

    await ada.log.hover();
    await ada.page.mouse.wheel(0, -1500);
    await ada.page.getByRole('button', { name: 'To the newest message' }).waitFor();
    await ada.write('mine');
    await ada.message('mine').waitFor();
    expect(
      await ada.message('mine').evaluate((row) => row.getBoundingClientRect().bottom < innerHeight),
    ).toBe(true);
    await program.close();
  });

  it('stays at the newest message through a burst, until the reader scrolls up', async () => {
    const ada = await visitAs('Ada');
    const programs = await Promise.all(
      ['one', 'two', 'three'].map((name) => NativeClient.enter(wsUrl(), name)),
    );
    for (let round = 0; round < 4; round++) {
      await Promise.all(
        programs.flatMap((program) => Array.from({ length: 100 }, (_, at) => program.post(`${round}.${at}`))),
      );
    }
    await programs[0]?.post('the last one');
    await ada.message('the last one').waitFor();
    await ada.log.hover();
    await ada.page.mouse.wheel(0, -2_000);
    await ada.page.getByRole('button', { name: 'To the newest message' }).waitFor();
    await Promise.all(programs.map((program) => program.close()));
  });

  it('never covers the newest message: not on entering, not by a field that grows, not in a burst or a smaller window', async () => {
    const program = await NativeClient.enter(wsUrl(), 'program');
    for (let at = 1; at <= 60; at++) await program.post(`message ${at}\n${'more of it '.repeat(at % 30)}`);
    const ada = await visitAs('Ada');
    await ada.log.getByText('Ada joined the chat').waitFor();
    expect(await ada.coveredPx()).toBeLessThanOrEqual(0);
    for (let line = 2; line <= 6; line++) {
      await ada.composer.press('Shift+Enter');
      expect(await ada.coveredPx()).toBeLessThanOrEqual(0);
    }
    await ada.composer.fill('');
    expect(await ada.coveredPx()).toBeLessThanOrEqual(0);
    await Promise.all(Array.from({ length: 120 }, (_, at) => program.post(`burst ${at}`)));
    await ada.message('burst 119').waitFor();
    expect(await ada.coveredPx()).toBeLessThanOrEqual(0);
    await ada.page.setViewportSize({ width: 400, height: 500 });
    expect(await ada.coveredPx()).toBeLessThanOrEqual(0);

    await ada.log.hover();
    await ada.page.mouse.wheel(0, -600);
    await ada.page.getByRole('button', { name: 'To the newest message' }).waitFor();
    const read = await ada.log.evaluate((log) => log.scrollTop);
    await ada.composer.press('Shift+Enter');
    await program.post('not for now');
    await ada.page.getByRole('button', { name: '1 new message' }).waitFor();
    expect(await ada.log.evaluate((log) => log.scrollTop)).toBe(read);
    await program.close();
  });

  it('counts in the title what comes while nobody looks', async () => {
    const ada = await visitAs('Ada');
    const program = await NativeClient.enter(wsUrl(), 'program');
    await ada.log.getByText('program joined the chat').waitFor();
    const setHidden = (isHidden: boolean): Promise<void> =>
      ada.page.evaluate((hidden) => {
        Object.defineProperty(document, 'visibilityState', {
          configurable: true,
          get: () => (hidden ? 'hidden' : 'visible'),
        });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    await setHidden(true);
    await program.post('one');
    await program.post('two');
    await expect.poll(() => ada.page.title()).toBe('(2) Lobby · Wireroom');
    await setHidden(false);
    await expect.poll(() => ada.page.title()).toBe('Lobby · Wireroom');
    await program.close();
  });

  it('works where the browser has no storage, no crypto.subtle, no locks: plain http on a LAN, a locked-down window', async () => {
    const initScript = `
      for (const name of ['localStorage', 'sessionStorage']) {
        Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
      }
      for (const name of ['randomUUID', 'subtle']) Object.defineProperty(crypto, name, { value: undefined });
      for (const name of ['locks', 'serviceWorker']) Object.defineProperty(navigator, name, { value: undefined });
    `;
    const ada = await visitAs('Ada', { initScript });
    await ada.write('still here');
    await expect.poll(() => ada.rows()).toContain('Me: still here');
  });
});
