// The two chat rooms of examples/lesson as their readers see them: their pages in a real Chromium, two people each.
// Clients that are no browser are in lesson.test.ts.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';
import { type LessonServer, startLesson } from './lesson-server.ts';

const ATTACK = '<img src=x onerror="document.title=1">';

/** The lines that a page shows: who, and what. */
const linesOf = (page: Page): Promise<readonly string[]> =>
  page
    .locator('#lines li')
    .evaluateAll((lines) =>
      lines.map((line) => [...line.children].map((part) => part.textContent).join(' ')),
    );

const expectLines = (page: Page, lines: readonly string[]): Promise<void> =>
  expect.poll(() => linesOf(page)).toEqual(lines);

const waitForStatus = (page: Page, text: string | RegExp): Promise<void> =>
  page.getByRole('status').filter({ hasText: text }).waitFor();

async function typeAndEnter(page: Page, selector: string, text: string): Promise<void> {
  await page.fill(selector, text);
  await page.press(selector, 'Enter');
}

/** Composes a word with an input method, picks it with Enter, which must not send it, and sends it with a second Enter. */
async function composeAndSend(page: Page, word: string): Promise<void> {
  await page.focus('#text');
  const inputMethod = await page.context().newCDPSession(page);
  await inputMethod.send('Input.imeSetComposition', {
    text: word,
    selectionStart: 0,
    selectionEnd: word.length,
  });
  await page.keyboard.press('Enter');
  expect(await page.inputValue('#text')).toBe(word); // sending would have emptied the field
  await inputMethod.send('Input.insertText', { text: word });
  await page.keyboard.press('Enter');
}

/** Each page has a browser context of its own, as two people have. */
function useBrowser(): (url: string) => Promise<Page> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(async () => {
    await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
  });
  return async (url) => {
    if (!browser) throw new Error('The browser has not been started.');
    const page = await (await browser.newContext()).newPage();
    await page.goto(url);
    return page;
  };
}

/** A server of the lesson that is fresh for each test. */
function useServer(file: 'native-server.ts' | 'socketio-server.ts'): () => LessonServer {
  let server: LessonServer | undefined;
  beforeEach(async () => {
    server = await startLesson(file);
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });
  return () => {
    if (!server) throw new Error('The server has not been started.');
    return server;
  };
}

describe.skipIf(!findChromium())('the native lesson in Chromium', () => {
  const server = useServer('native-server.ts');
  const openPage = useBrowser();

  const openSocket = async (): Promise<Page> => {
    const page = await openPage(server().pageUrl);
    await page.click('#open');
    await expectLines(page, ['系统 连接已打开']);
    return page;
  };

  it('two pages chat, and the server prints the reads and the frames in them', async () => {
    const first = await openSocket();
    const second = await openSocket();
    await typeAndEnter(first, '#text', '你好');
    await expectLines(second, ['系统 连接已打开', '收到 你好']);
    await second.fill('#text', 'x'.repeat(300));
    await second.click('#send');
    await expectLines(first, ['系统 连接已打开', '收到 你好', `收到 ${'x'.repeat(300)}`]);
    await expect.poll(server().printed).toMatch(/socket 2, read 2: 308 bytes <Buffer 81 fe 01 2c /);
    const printed = server().printed();
    expect(printed).toContain("'Upgrade: websocket'");
    expect(printed).toContain("258EAFA5-E914-47DA-95CA-C5AB0DC85B11'");
    expect(printed).toMatch(
      /socket 1, read 2: 12 bytes <Buffer 81 86 .*\n {2}frame: FIN 1, RSV 0, opcode 1, .*'你好'/,
    );
  });

  it('a reload is a Close 1001 in the log, not another handshake', async () => {
    const staying = await openSocket();
    const leaving = await openSocket();
    await leaving.reload();
    await expect.poll(server().printed).toMatch(/opcode 8, .*payload <Buffer 03 e9>\n {2}close 1000/);
    await leaving.click('#open');
    await expectLines(leaving, ['系统 连接已打开']);
    await typeAndEnter(leaving, '#text', 'back');
    await expectLines(staying, ['系统 连接已打开', '收到 back']);
    expect(server().printed().split('101 Switching Protocols')).toHaveLength(4);
  });

  it('what somebody types is shown as text, and Enter that picks a word of an input method does not send', async () => {
    const writer = await openSocket();
    const reader = await openSocket();
    await typeAndEnter(writer, '#text', ATTACK);
    await composeAndSend(writer, '你好');
    await typeAndEnter(writer, '#text', 'end');
    await expectLines(reader, ['系统 连接已打开', `收到 ${ATTACK}`, '收到 你好', '收到 end']);
    expect(await reader.locator('#lines img').count()).toBe(0);
  });
});

describe.skipIf(!findChromium())('the Socket.IO lesson in Chromium', () => {
  const server = useServer('socketio-server.ts');
  const openPage = useBrowser();

  const logIn = async (name: string): Promise<Page> => {
    const page = await openPage(server().pageUrl);
    await waitForStatus(page, '已连接');
    await typeAndEnter(page, '#name', name);
    return page;
  };

  it('two pages chat: 系统, 我 and the name of the other stand in front', async () => {
    const ada = await logIn('Ada');
    await expectLines(ada, ['系统 Ada加入了聊天']);
    const ming = await logIn('小明');
    await expectLines(ming, ['系统 小明加入了聊天']);
    await typeAndEnter(ada, '#text', 'hello');
    await expectLines(ming, ['系统 小明加入了聊天', 'Ada hello']);
    await ming.fill('#text', '你好');
    await ming.click('#send');
    await expectLines(ada, ['系统 Ada加入了聊天', '系统 小明加入了聊天', '我 hello', '小明 你好']);
    await ming.close();
    const adaSaw = ['系统 Ada加入了聊天', '系统 小明加入了聊天', '我 hello', '小明 你好'];
    await expectLines(ada, [...adaSaw, '系统 小明离开了聊天']);
  });

  it('what somebody types is shown as text, names too', async () => {
    const reader = await logIn('Ada');
    await expectLines(reader, ['系统 Ada加入了聊天']);
    const writer = await logIn('<b>Bob</b>');
    await typeAndEnter(writer, '#text', ATTACK);
    await expectLines(reader, ['系统 Ada加入了聊天', '系统 <b>Bob</b>加入了聊天', `<b>Bob</b> ${ATTACK}`]);
    expect(await reader.locator('#lines img, #lines b b').count()).toBe(0);
  });

  it('Enter that picks a word of an input method does not send', async () => {
    const writer = await logIn('小明');
    await expectLines(writer, ['系统 小明加入了聊天']);
    await composeAndSend(writer, '你好');
    await typeAndEnter(writer, '#text', 'end');
    await expectLines(writer, ['系统 小明加入了聊天', '我 你好', '我 end']);
  });

  it('a name that somebody has, or that the page itself writes, is refused', async () => {
    const ada = await logIn('Ada');
    await expectLines(ada, ['系统 Ada加入了聊天']);
    const other = await openPage(server().pageUrl);
    await waitForStatus(other, '已连接');
    for (const name of ['Ada', 'ada', '系统', '我']) {
      await typeAndEnter(other, '#name', name);
      await waitForStatus(other, '这个名字已经有人用了');
      await typeAndEnter(other, '#name', '');
      await waitForStatus(other, '请填写名字');
    }
    expect(await other.locator('#text').isVisible()).toBe(false);
    await typeAndEnter(other, '#name', 'Bob');
    await expectLines(other, ['系统 Bob加入了聊天']);
    await expectLines(ada, ['系统 Ada加入了聊天', '系统 Bob加入了聊天']);
  });

  it('a page whose server was started again logs in again by itself', async () => {
    const ada = await logIn('Ada');
    await expectLines(ada, ['系统 Ada加入了聊天']);
    const settings = { SOCKET_PORT: String(server().socketPort) };
    await server().stop();
    await waitForStatus(ada, /断开|连接不上/);
    const again = await startLesson('socketio-server.ts', settings);
    try {
      await expectLines(ada, ['系统 Ada加入了聊天', '系统 Ada加入了聊天']);
      await typeAndEnter(ada, '#text', 'still here');
      await expectLines(ada, ['系统 Ada加入了聊天', '系统 Ada加入了聊天', '我 still here']);
    } finally {
      await again.stop();
    }
  });
});
