// The Chromium that the browser tests drive: which programs are one, and which of Debian's packages bring one.
// Finds and installs only; testkit/src/chromium.ts launches it.
import { run } from './child.mjs';
import { provideProgram } from './debian-program.mjs';

export const provideChromium = () =>
  provideProgram({
    title: 'Chromium',
    variable: 'CHROMIUM',
    programs: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    // The second one because Chinese on a page without a Chinese font is boxes.
    packages: ['chromium', 'fonts-noto-cjk'],
    // Ubuntu's package of this name is a pointer to a snap: only a browser that tells its version is one.
    works: async (path) => (await run(path, ['--version'], { cwd: '/', timeoutMs: 60_000 })).code === 0,
  });
