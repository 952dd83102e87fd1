// How long the lesson's two servers are, in lines of code: without blank lines and comments.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const LESSON = new URL('../../../../examples/lesson/src/', import.meta.url);

/** `null`: this is no copy of the repository. */
export async function lessonLines(): Promise<{ readonly native: number; readonly socketio: number } | null> {
  try {
    const read = (name: string): Promise<string> => readFile(fileURLToPath(new URL(name, LESSON)), 'utf8');
    const [native, socketio] = await Promise.all([read('native-server.ts'), read('socketio-server.ts')]);
    return { native: codeLines(native), socketio: codeLines(socketio) };
  } catch {
    return null;
  }
}

/** For code that is formatted: a comment stands on lines of its own, or behind code. */
export function codeLines(source: string): number {
  let isInside = false;
  let count = 0;
  for (const line of source.split('\n').map((text) => text.trim())) {
    if (isInside) {
      isInside = !line.includes('*/');
      continue;
    }
    if (line.startsWith('/*')) isInside = !line.includes('*/');
    else if (line !== '' && !line.startsWith('//')) count += 1;
  }
  return count;
}
