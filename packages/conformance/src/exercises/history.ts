// The checks of exercise 12: the history is whole, and whoever downloads it, however slowly, is in nobody's way.
// A download that stands still is the test: what the chat does meanwhile is seen by the order of events, not by a clock.
import { get, type IncomingMessage } from 'node:http';
import { words } from './grade.ts';
import { type Entry, entryIn, Member } from './member.ts';
import { type Check, Shortfall, type Trial } from './trial.ts';

/** So many bytes may wait in the server for one reader who pauses. */
const WAITING_BYTES_MAX = 1024 * 1024;

const BACK_PRESSURE = words(
  'socket.write 返回 false 就停下，等 drain 再写。',
  'When socket.write returns false, stop; go on when drain comes.',
);

/** Asks by GET. Nothing of the body is read until somebody does. */
async function ask(trial: Trial, path: string): Promise<IncomingMessage> {
  const { hostname, port } = trial.url;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = get({ hostname, port, path, agent: false, timeout: trial.patienceMs }, resolve);
    trial.atEnd(() => request.destroy());
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('nothing came')));
  }).catch((error: Error) => {
    throw new Shortfall(
      words(`GET ${path} 没有应答（${error.message}）`, `GET ${path} got no answer (${error.message})`),
    );
  });
  if (response.statusCode === 200) return response;
  throw new Shortfall(
    words(`GET ${path} 得到 ${response.statusCode}`, `GET ${path} got ${response.statusCode}`),
  );
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(Buffer.from(chunk));
  } catch (error) {
    throw new Shortfall(words(`下载断了（${error}）`, `the download broke off (${error})`));
  }
  return Buffer.concat(chunks).toString();
}

/** The entries of a body: from the one behind `after` on, each once, in order. */
function entriesIn(body: string, after: number): Entry[] {
  const lines = body.split('\n');
  if (lines.pop() !== '')
    throw new Shortfall(words('最后一行没有以 \\n 结束', 'the last line does not end with \\n'));
  return lines.map((line, index) => {
    const entry = entryIn(parsed(line));
    if (entry.seq === after + index + 1) return entry;
    throw new Shortfall(
      words(
        `第 ${index + 1} 行应为第 ${after + index + 1} 条，却是第 ${entry.seq} 条`,
        `line ${index + 1} should be entry ${after + index + 1}; it is entry ${entry.seq}`,
      ),
    );
  });
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // Said below, like all that is not an object.
  }
  const shown = line.slice(0, 60);
  throw new Shortfall(
    words(`这一行不是 JSON 对象：${shown}`, `this line is not an object in JSON: ${shown}`),
    words(
      '每条记录占一行：JSON.stringify(entry) 加 \\n。',
      'One entry, one line: JSON.stringify(entry) and \\n.',
    ),
  );
}

/** Bytes that have been as many so often in a row are all that will wait. */
const STEADY_ANSWERS = 8;
const ANSWERS_MAX = 200;

/** How many bytes wait in the server, by its own account, once that no longer changes; or as soon as it is too much. */
async function bytesWaiting(trial: Trial): Promise<number> {
  let [bytes, same] = [Number.NaN, 0];
  for (let asked = 0; asked < ANSWERS_MAX && same < STEADY_ANSWERS; asked += 1) {
    const now = Number(await read(await ask(trial, '/waiting')));
    same = now === bytes && now > 0 ? same + 1 : 0; // 0: the kernel still takes all
    bytes = now;
    if (bytes > WAITING_BYTES_MAX) break;
  }
  return bytes;
}

const lastSeq = async (trial: Trial): Promise<number> =>
  entriesIn(await read(await ask(trial, '/history')), 0).length;

export const HISTORY: readonly Check[] = [
  {
    title: words('GET /history 给出每一条，按顺序', 'GET /history gives every entry, in order'),
    play: async (trial) => {
      const count = await lastSeq(trial);
      if (count >= 100_000) return;
      throw new Shortfall(words(`只有 ${count} 条，应有 100000 条`, `${count} entries of 100,000`));
    },
  },
  {
    title: words('?after=N 只给后面的', '?after=N gives only what is behind N'),
    play: async (trial) => {
      const count = await lastSeq(trial);
      const after = count - 10;
      const { length } = entriesIn(await read(await ask(trial, `/history?after=${after}`)), after);
      if (length !== 10)
        throw new Shortfall(words(`应有 10 条，却有 ${length} 条`, `10 entries were due; ${length} came`));
    },
  },
  {
    title: words('有人下载到一半停住，聊天照常', 'somebody’s download stands still, the chat goes on'),
    play: async (trial) => {
      const after = await lastSeq(trial);
      const response = await ask(trial, '/history'); // and nobody reads it
      const [ada, bo] = [await Member.enter(trial, after), await Member.enter(trial, after)];
      for (let i = 0; i < 20; i += 1) {
        const seq = await ada.post(`while you download ${i}`);
        await bo.hearUntil(seq);
      }
      response.destroy();
    },
  },
  {
    title: words(
      '为停住的人，内存里最多留 1 MiB',
      'at most 1 MiB is kept in memory for the one who stands still',
    ),
    play: async (trial) => {
      const response = await ask(trial, '/history');
      const bytes = await bytesWaiting(trial);
      response.destroy();
      if (bytes <= WAITING_BYTES_MAX) return;
      throw new Shortfall(
        words(
          `一个人停住，服务器的内存里就有 ${(bytes / 2 ** 20).toFixed(1)} MiB 在等他`,
          `one reader pauses, and ${(bytes / 2 ** 20).toFixed(1)} MiB wait for them in the server's memory`,
        ),
        BACK_PRESSURE,
      );
    },
  },
  {
    title: words('停住的人接着读，一条不少', 'who stood still reads on, and nothing is missing'),
    play: async (trial) => {
      const after = await lastSeq(trial);
      const response = await ask(trial, '/history');
      const ada = await Member.enter(trial, after);
      for (let i = 0; i < 5; i += 1) await ada.post(`said during the download ${i}`);
      const { length } = entriesIn(await read(response), 0);
      if (length >= after) return;
      throw new Shortfall(words(`${after} 条里只有 ${length} 条`, `${length} of ${after} entries`));
    },
  },
  {
    title: words('下载完了和断了，看得出区别', 'a finished download can be told from a broken one'),
    rule: 'RFC 9112 §6, §8',
    play: async (trial) => {
      const response = await ask(trial, '/history');
      const { 'transfer-encoding': coding, 'content-length': length } = response.headers;
      response.destroy();
      if (coding === 'chunked' || length !== undefined) return;
      throw new Shortfall(
        words(
          '没有 Transfer-Encoding: chunked，也没有 Content-Length：断线看起来就像下载完了',
          'neither Transfer-Encoding: chunked nor Content-Length: a cut line looks like the end',
        ),
        words(
          '每块前面是它的十六进制长度，最后是 0\\r\\n\\r\\n。',
          'In front of each chunk stands its length in hex, and 0\\r\\n\\r\\n at the end.',
        ),
      );
    },
  },
  {
    title: words('下载断在中间，房间还在', 'a download is cut off, and the room lives on'),
    play: async (trial) => {
      const after = await lastSeq(trial);
      const response = await ask(trial, '/history');
      response.destroy();
      const ada = await Member.enter(trial, after);
      await ada.hearUntil(await ada.post('still here'));
      await lastSeq(trial);
    },
  },
];
