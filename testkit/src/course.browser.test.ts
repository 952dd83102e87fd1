// The page beside an exercise of the course, in a real browser: whoever has solved exercise 01 sees `open`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';

const solutions = new URL('../../examples/course/solutions/', import.meta.url);

describe.skipIf(findChromium() === undefined)('an exercise in a browser', () => {
  let browser: Awaited<ReturnType<typeof launchChromium>>;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it.each([
    ['01-handshake.ts', ['open']],
    ['10-broadcast.ts', ['open', 'message: 你好', 'close: 1000 ']],
  ])('%s: the page says %j', async (file, lines) => {
    const program = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL(file, solutions))], {
      env: { ...process.env, PORT: '0', PAGE_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const page = await browser.newPage();
    for await (const line of createInterface(program.stdout)) {
      const url = /http:\S+/.exec(line)?.[0];
      if (url === undefined) continue;
      await page.goto(url);
      break;
    }
    await page.getByText('open', { exact: true }).waitFor();
    if (lines.length > 1) {
      await page.getByRole('textbox').fill('你好');
      await page.keyboard.press('Enter');
      await page.getByText('message: 你好').waitFor();
      await page.getByRole('button', { name: 'close' }).click();
      await page.getByText('close: 1000').waitFor();
    }
    expect(await page.getByRole('listitem').allInnerTexts()).toEqual(lines.map((line) => line.trim()));
    await page.close();
    program.kill();
    await once(program, 'close');
  });
});
