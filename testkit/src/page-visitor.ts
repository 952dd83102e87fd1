// Somebody with a browser of their own, who uses the page as people do: by what stands on it. Collects everything that the
// browser complains about, so that a test can say that there was nothing.
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

/** So long the browser looks for one thing on a page: that it takes its time is no fault. */
const LOOKING_MS_MAX = 60_000;

export interface VisitorOptions extends BrowserContextOptions {
  /** Runs in the page before anything else. */
  readonly initScript?: string;
}

export class Visitor {
  readonly page: Page;
  /** Errors, warnings and breaches of the security policy, as the browser said them. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      const isServerAway = /WebSocket connection to|net::ERR_/.test(message.text());
      if (['error', 'warning'].includes(message.type()) && !isServerAway)
        this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(`uncaught: ${error.message}`));
  }

  static async open(browser: Browser, url: string, options: VisitorOptions = {}): Promise<Visitor> {
    const { initScript, ...contextOptions } = options;
    const context = await browser.newContext({ locale: 'en-GB', ...contextOptions });
    context.setDefaultTimeout(LOOKING_MS_MAX);
    if (initScript !== undefined) await context.addInitScript(initScript);
    const visitor = new Visitor(await context.newPage());
    await visitor.page.goto(url);
    return visitor;
  }

  /** A second tab of the same browser. Its owner closes both. */
  async openTab(): Promise<Visitor> {
    const visitor = new Visitor(await this.page.context().newPage());
    await visitor.page.goto(this.page.url());
    return visitor;
  }

  get name(): Locator {
    return this.page.getByRole('textbox', { name: /What should we call you|怎么称呼你/ });
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: /Write a message|输入消息/ });
  }

  get log(): Locator {
    return this.page.getByRole('log', { name: /Messages|聊天消息/ });
  }

  get connection(): Locator {
    return this.page.locator('header').getByRole('status');
  }

  /** The sign that there is no connection. */
  get away(): Locator {
    return this.connection.getByText(/^(Offline|Restarting)$/);
  }

  /** Does not wait for the next try, unless the page has come back by itself already. */
  async reconnect(): Promise<void> {
    const button = this.page.getByRole('button', { name: 'Reconnect now' });
    await button.evaluateAll((found) => {
      for (const each of found) if (each instanceof HTMLElement) each.click();
    });
    await this.connection.getByText('Connected').waitFor();
  }

  async enter(name: string): Promise<void> {
    await this.name.fill(name);
    await this.name.press('Enter');
    await this.composer.waitFor();
    await this.connection.getByText(/^(Connected|已连接)$/).waitFor();
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  message(text: string): Locator {
    return this.log.getByRole('article').filter({ hasText: text });
  }

  /** The same, once it is in the log. */
  inLog(text: string): Locator {
    return this.message(text).and(this.page.locator('[data-kind=message]'));
  }

  /** Does something with a message, by its menu. */
  async act(text: string, action: string): Promise<void> {
    const row = this.message(text);
    await row.hover();
    await row.getByRole('button', { name: /What to do with message|的操作/ }).click();
    await this.page.getByRole('menuitem', { name: action }).click();
  }

  /** What stands in the rows that are drawn, top to bottom: `name: text` for messages, the sentence for notices. */
  rows(): Promise<readonly string[]> {
    return this.log.locator('[data-row]').evaluateAll((rows) =>
      rows.map((row) => {
        const name = row.querySelector('[data-name]')?.textContent ?? '';
        const text = row.querySelector('[data-text]')?.textContent ?? '';
        return name === '' ? text : `${name}: ${text}`;
      }),
    );
  }

  /** The texts of messages only. */
  async texts(): Promise<readonly string[]> {
    return this.log.locator('article [data-text]').allInnerTexts();
  }

  /** Turns the wheel over the log, and comes back once the log stands still: what was asked for before cannot add up. */
  async scrollUp(px: number): Promise<void> {
    await this.log.hover();
    await this.page.mouse.wheel(0, -px);
    await this.log.evaluate(async (log) => {
      for (let before = Number.NaN, still = 0; still < 2; before = log.scrollTop) {
        await new Promise((painted) => requestAnimationFrame(painted));
        still = log.scrollTop === before ? still + 1 : 0;
      }
    });
  }

  isAtTop(): Promise<boolean> {
    return this.log.evaluate((log) => log.scrollTop === 0);
  }

  /** How much of the newest row the message field covers, once what has come is painted. In pixels; at most 0 if none. */
  async coveredPx(): Promise<number> {
    return this.page.evaluate(async () => {
      for (let frame = 0; frame < 3; frame++) await new Promise((painted) => requestAnimationFrame(painted));
      const row = [...document.querySelectorAll('[role=log] [data-row]')].at(-1)?.getBoundingClientRect();
      const field = document.querySelector('#composer')?.closest('form')?.getBoundingClientRect();
      return row && field ? row.bottom - field.top : Number.NaN;
    });
  }

  async openMenu(): Promise<void> {
    await this.page.getByRole('button', { name: /^(Menu|菜单)$/ }).click();
    await this.page.getByRole('menu').waitFor();
  }

  async leave(): Promise<void> {
    await this.openMenu();
    await this.page.getByRole('menuitem', { name: /Leave the room|离开聊天室/ }).click();
    await this.name.waitFor();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
