// What every file of tests in a real Chromium needs: one browser, a server for each test, and visitors who are closed at the end
// of it and must have had nothing to complain about.
import { rmSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { launchChromium } from './chromium.ts';
import { Visitor, type VisitorOptions } from './page-visitor.ts';
import { startTestServer, type TestServer, temporaryDir } from './server.ts';

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

  /** With these it can be started again after it was stopped: same ports, same data. */
  get settings(): Readonly<Record<string, string>> {
    const { dataDir, port, socketPort } = this.server;
    return { DATA_DIR: dataDir, PORT: String(port), SOCKET_PORT: String(socketPort) };
  }

  /** Closed at the end of the test as well. */
  add(visitor: Visitor): Visitor {
    this.#visitors.push(visitor);
    return visitor;
  }

  /**
   * Call it in the `describe` whose tests these are. A server takes a second or more to start: tests that do not mind what others
   * wrote share one.
   */
  aroundTests({ isServerShared = false }: { readonly isServerShared?: boolean } = {}): void {
    beforeAll(async () => {
      this.#browser = await launchChromium();
      if (isServerShared) await this.#startServer();
    });
    afterAll(async () => {
      await this.#browser?.close();
      if (isServerShared) await this.#stopServer();
    });
    beforeEach(async () => {
      if (!isServerShared) await this.#startServer();
    });
    afterEach(async () => {
      const complaints = this.#visitors.flatMap((visitor) => visitor.complaints);
      await Promise.all(this.#visitors.map((visitor) => visitor.close()));
      this.#visitors = [];
      if (!isServerShared) await this.#stopServer();
      // Breaches of the policy, errors of React and of ours: in no test is there any.
      expect(complaints).toEqual([]);
    });
  }

  async #startServer(): Promise<void> {
    this.#server = await startTestServer({ DATA_DIR: temporaryDir() });
  }

  async #stopServer(): Promise<void> {
    const { dataDir } = this.server;
    await this.server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
