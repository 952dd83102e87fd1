// Starts one of the two servers of examples/lesson as its readers do: a process of its own, here on free ports.
// The tests of the lesson end it by the handle they get.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface LessonServer {
  readonly pageUrl: string;
  readonly socketPort: number;
  readonly printed: () => string;
  readonly stop: () => Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Waits for the line in which it says where it listens; rejects with what it said if it ends before that. */
export function startLesson(
  file: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<LessonServer> {
  const child = spawn(process.execPath, ['--import', 'tsx', `examples/lesson/src/${file}`], {
    cwd: ROOT,
    env: { ...process.env, HOST: 'localhost', PAGE_PORT: '0', SOCKET_PORT: '0', ...settings },
  });
  let printed = '';
  let complaints = '';
  return new Promise((resolve, reject) => {
    const ended = new Promise<void>((end) => child.once('exit', () => end()));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    child.once('close', (code) => reject(new Error(`ended with ${code}: ${complaints}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const [, socketPort, pageUrl] = /port (\d+)\..*(http:\S+)/.exec(printed) ?? [];
      if (socketPort === undefined || pageUrl === undefined) return;
      const stop = () => {
        child.kill();
        return ended;
      };
      resolve({ pageUrl, socketPort: Number(socketPort), printed: () => printed, stop });
    });
  });
}
