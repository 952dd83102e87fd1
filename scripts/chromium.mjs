// The Chromium that the browser tests drive: which programs are one, and which of Debian's packages bring one.
// Finds and installs only; testkit/src/chromium.ts launches it.
import { run } from './child.mjs';
import { provideProgram } from './debian-program.mjs';

const needed = {
  title: 'Chromium',
  variable: 'CHROMIUM',
  // The first is the browser without its window, which takes less than half the time for the same pages.
  programs: [
    'chromium-headless-shell',
    ...['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
  ],
  // Ubuntu's package of this name is a pointer to a snap: only a browser that tells its version is one.
  /** @param {string} path */
  works: async (path) => (await run(path, ['--version'], { cwd: '/', timeoutMs: 60_000 })).code === 0,
};
// Because Chinese on a page without a Chinese font is boxes.
const font = 'fonts-noto-cjk';

export async function provideChromium() {
  const shell = await provideProgram({ ...needed, packages: ['chromium-headless-shell', font] });
  return shell.path === undefined ? provideProgram({ ...needed, packages: ['chromium', font] }) : shell;
}
