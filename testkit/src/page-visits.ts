// What every file of tests in a real Chromium needs: one browser, a server for each test, and visitors who are closed at the end
// of it and must have had nothing to complain about.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { launchChromium } from './chromium.ts';
import { Visitor, type VisitorOptions } from './page-visitor.ts';
import { startTestServer, type TestServer } from './server.ts';

export class PageVisits {
  #browser: Browser | undefined;
  #server: TestServer | undefined;
  #visitors: Visitor[] = [];

  /** Of the test that runs. A test that puts another in its place has stopped this one. */
  get server(): TestServer {
    if (this.#server === undefined) throw new Error('A server is there only inside of a test.');
    return this.#server;
  }

  set server(server: TestServer) {
    this.#server = server;
  }

  /** Somebody opens the page, at its entrance or at another of its addresses. */
  async visit(options: VisitorOptions = {}, url: string = this.server.url): Promise<Visitor> {
    if (this.#browser === undefined) throw new Error('A browser is there only inside of a test.');
    return this.add(await Visitor.open(this.#browser, url, options));
  }

  async visitAs(name: string, options: VisitorOptions = {}): Promise<Visitor> {
    const visitor = await this.visit(options);
    await visitor.enter(name);
    return visitor;
  }

  /** Closed at the end of the test as well. */
  add(visitor: Visitor): Visitor {
    this.#visitors.push(visitor);
    return visitor;
  }

  /** Call it in the `describe` whose tests these are. */
  aroundTests(): void {
    beforeAll(async () => {
      this.#browser = await launchChromium();
    });
    afterAll(async () => {
      await this.#browser?.close();
    });
    beforeEach(async () => {
      this.#server = await startTestServer();
    });
    afterEach(async () => {
      const complaints = this.#visitors.flatMap((visitor) => visitor.complaints);
      await Promise.all(this.#visitors.map((visitor) => visitor.close()));
      this.#visitors = [];
      await this.server.stop();
      // Breaches of the policy, errors of React and of ours: in no test is there any.
      expect(complaints).toEqual([]);
    });
  }
}
