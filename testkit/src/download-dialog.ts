// The page's download dialog in a test's hand: chosen from and pressed as people do, read by what it shows, and what it has saved
// judged by the verifier, which knows nothing of how it came.
import { type HistoryVerdict, historyVerifier } from '@wireroom/history';
import { expect } from 'vitest';
import type { Visitor } from './page-visitor.ts';

/** As in Firefox, in Safari, and on plain http: the page cannot write a file of the reader's choice. */
export const NO_PICKER = `Object.defineProperty(window, 'showSaveFilePicker', { value: undefined });`;
/** A file that the reader has chosen, without the browser's window in which one does: in the page's own corner of the disk. */
export const OWN_PICKER = `Object.defineProperty(window, 'showSaveFilePicker', {
  value: async ({ suggestedName }) =>
    (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true }),
});`;

/** Machines that run these tests may be slow: nothing is said by how long something takes. */
const PATIENCE = { timeout: 240_000 };

export class DownloadDialog {
  readonly #visitor: Visitor;

  constructor(visitor: Visitor) {
    this.#visitor = visitor;
  }

  /** Opened, and the room is counted. */
  async open(): Promise<void> {
    await this.#visitor.openMenu();
    await this.#visitor.page.getByRole('menuitem', { name: 'Download the history' }).click();
    await this.hasCounted();
  }

  hasCounted(): Promise<void> {
    return this.#visitor.page.getByText(/records?, about/).waitFor(PATIENCE);
  }

  press(name: string): Promise<void> {
    return this.#visitor.page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  }

  async percent(): Promise<number> {
    return Number(await this.#visitor.page.getByRole('progressbar').getAttribute('aria-valuenow'));
  }

  hasComeTo(percent: number): Promise<void> {
    return expect.poll(() => this.percent(), PATIENCE).toBeGreaterThanOrEqual(percent);
  }

  isTitled(name: string): Promise<void> {
    return this.#visitor.page.getByRole('heading', { name, exact: true }).waitFor(PATIENCE);
  }

  isDone(): Promise<void> {
    return this.isTitled('Downloaded and verified');
  }

  /** Offered by a page that was loaded anew. */
  async goOnWithKept(): Promise<void> {
    const { page } = this.#visitor;
    await page.getByText(/^Your download of Lobby stopped at \d+ %\.$/).waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: /^Show the download/ }).click();
  }

  async says(text: string | RegExp): Promise<void> {
    await this.#visitor.page.getByRole('dialog').getByText(text).waitFor(PATIENCE);
  }
}

export function verdictOf(bytes: Uint8Array): HistoryVerdict {
  const verifier = historyVerifier();
  verifier.push(bytes);
  return verifier.finish();
}
