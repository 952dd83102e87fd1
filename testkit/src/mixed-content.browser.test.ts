// What a real browser does where a page on https opens a WebSocket: what the course says about mixed content.
import { createServer, type Server } from 'node:https';
import { WebSocketServer } from '@wireroom/websocket';
import type { Browser, Page } from 'playwright-core';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';

let browser: Browser;
let secure: Server;
let plain: WebSocketServer;
let page: Page;
let ports: { readonly secure: number; readonly plain: number };
/** Sockets that reached the port without TLS. */
let arrived = 0;

/** What becomes of `new WebSocket(url)` in the page. */
const open = (url: string): Promise<string> =>
  page.evaluate(
    (target) =>
      new Promise<string>((resolve) => {
        try {
          const socket = new WebSocket(target);
          socket.onopen = () => resolve('open');
          socket.onclose = ({ code }) => resolve(`closed ${code}`);
        } catch (error) {
          resolve(error instanceof Error ? error.name : String(error));
        }
      }),
    url,
  );

describe.skipIf(!findChromium())('mixed content', () => {
  beforeAll(async () => {
    const server = new WebSocketServer({ onConnection: () => undefined });
    plain = new WebSocketServer({
      tap: {
        open() {
          arrived += 1;
          return undefined;
        },
      },
      onConnection: () => undefined,
      onError: () => undefined,
    });
    const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
    secure = createServer({ key, cert }, (_, response) => {
      response.setHeader('Content-Type', 'text/html').end('<title>a page</title>');
    });
    secure.on('upgrade', (request, socket, head) => server.handleUpgrade(request, socket, head));
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    const address = secure.address();
    ports = {
      secure: typeof address === 'object' && address !== null ? address.port : 0,
      plain: (await plain.listen({ port: 0, host: '127.0.0.1' })).port,
    };
    browser = await launchChromium();
    page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    await page.goto(`https://127.0.0.1:${ports.secure}/`);
  });
  afterAll(async () => {
    await browser?.close();
    secure?.close();
    await plain?.close({ timeoutMs: 50 });
  });

  it('[T13] ws: from a page on https is refused by the browser, before anything is sent', async () => {
    expect(await open('ws://chat.example/ws')).toBe('SecurityError');
  });

  it('[T13] ws: to the machine itself is let through, so the fault does not show where it is made', async () => {
    expect(await open(`ws://127.0.0.1:${ports.plain}/`)).toBe('open');
  });

  it('[T13] wss: to a port without TLS ends with 1006; its first bytes have arrived there', async () => {
    const before = arrived;
    expect(await open(`wss://127.0.0.1:${ports.plain}/`)).toBe('closed 1006');
    expect(arrived).toBeGreaterThan(before);
  });

  it('[T13] wss: to a port with TLS opens, by an address that the page makes of its own', async () => {
    const url = await page.evaluate(() => {
      // #region address-of-the-page
      // https: becomes wss:, http: becomes ws:; host and port are those that the page came from.
      const url = new URL('/ws', location.href);
      url.protocol = url.protocol.replace('http', 'ws');
      // #endregion
      return url.href;
    });
    expect(url).toBe(`wss://127.0.0.1:${ports.secure}/ws`);
    expect(await open(url)).toBe('open');
  });
});
