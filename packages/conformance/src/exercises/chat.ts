// The checks of exercises 10 and 11: a room of several people, and those who come back to it. They count what is lost and
// what comes twice. What they wait for are events; no check depends on how long something takes.
import { pathOf } from '../tester/opening.ts';
import type { Session } from '../tester/session.ts';
import { close, text } from '../wire/frame.ts';
import { newKey, readHead, writeRequest } from '../wire/http.ts';
import { type Words, words } from './grade.ts';
import { type Entry, Member } from './member.ts';
import { type Check, expectText, Shortfall, type Trial } from './trial.ts';

const EVERYBODY = words(
  '发给房间里的每一个人，也包括说话的人。',
  'Send it to everybody in the room, the speaker included.',
);
const LEAVING = words(
  "走了的人要从房间里去掉：socket.once('close', …)。",
  "Who is gone has to leave the room: socket.once('close', …).",
);

const openMany = (trial: Trial, count: number): Promise<Session[]> =>
  Promise.all(Array.from({ length: count }, () => trial.open()));

async function expectAll(
  sessions: readonly Session[],
  said: string,
  trial: Trial,
  hint: Words,
): Promise<void> {
  for (const session of sessions) await expectText(session, said, trial, () => hint);
}

/** The next so many texts that this one hears. */
async function hear(session: Session, count: number, { patienceMs }: Trial): Promise<string[]> {
  const heard: string[] = [];
  while (heard.length < count) {
    const event = await session.next(patienceMs);
    if (event?.type !== 'message') break;
    heard.push(event.data.toString());
  }
  return heard;
}

const SLOW_BYTES = 65_536;
/** 16 MiB are more than the kernel's buffers of both sides take by default; twice as much where somebody has tuned them. */
const SLOW_ROUNDS = [256, 512];

interface Reading {
  readonly bytes: number;
  readonly isCutOff: boolean;
}

/** Somebody who shakes hands and then does not read, until they are woken and read what there still is. */
async function sleeper(trial: Trial): Promise<() => Promise<Reading>> {
  const link = await trial.dial();
  await link.write(writeRequest({ host: trial.url.host, path: pathOf(trial.url), key: newKey() }));
  await link.until(({ received }) => readHead(received) !== undefined, trial.patienceMs);
  let bytes = link.release().length;
  const { socket } = link;
  return () =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve({ bytes, isCutOff: false }), trial.patienceMs);
      const done = (): void => {
        clearTimeout(timer);
        resolve({ bytes, isCutOff: true });
      };
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        timer.refresh();
      });
      socket.on('end', done).on('error', done).on('close', done);
      socket.resume();
    });
}

export const BROADCAST: readonly Check[] = [
  {
    title: words('一个人说，三个人都听到', 'one speaks, all three hear it'),
    play: async (trial) => {
      const members = await openMany(trial, 3);
      await members[0]?.send([text('hello, room')]);
      await expectAll(members, 'hello, room', trial, EVERYBODY);
    },
  },
  {
    title: words('两个人同时说，大家听到的顺序一样', 'two speak at once, and all hear the same order'),
    play: async (trial) => {
      const members = await openMany(trial, 3);
      const [a, b] = members;
      for (let i = 0; i < 20; i += 1) {
        void a?.send([text(`a${i}`)]);
        void b?.send([text(`b${i}`)]);
      }
      const [first = [], ...others] = await Promise.all(members.map((member) => hear(member, 40, trial)));
      if (new Set(first).size !== 40)
        throw new Shortfall(
          words(
            `说了 40 句，有人听到 ${new Set(first).size} 句`,
            `40 lines were said; one heard ${new Set(first).size} of them`,
          ),
          EVERYBODY,
        );
      if (others.some((heard) => heard.join() !== first.join()))
        throw new Shortfall(
          words('有人听到的顺序不同', 'somebody heard them in another order'),
          words(
            '收到一句，就在同一轮里写给所有人。',
            'Write each line to all of them in the turn in which it came.',
          ),
        );
    },
  },
  {
    title: words('有人关闭了，房间继续', 'one closes, the room goes on'),
    play: async (trial) => {
      const [a, b, c] = await openMany(trial, 3);
      if (!a || !b || !c) return;
      await c.send([close(1000)]);
      while ((await c.next(trial.patienceMs)) !== undefined);
      await a.send([text('who is left?')]);
      await expectAll([a, b], 'who is left?', trial, LEAVING);
    },
  },
  {
    title: words('有人的线断了，房间继续', 'one is cut off, the room goes on'),
    play: async (trial) => {
      const [a, b, c] = await openMany(trial, 3);
      if (!a || !b || !c) return;
      c.destroy();
      for (let i = 0; i < 10; i += 1) {
        await a.send([text(`line ${i}`)]);
        await expectAll([a, b], `line ${i}`, trial, LEAVING);
      }
    },
  },
  {
    title: words(
      '有人不读：别人照常，他被断开',
      'one does not read: the others hear all, that one is cut off',
    ),
    play: async (trial) => {
      let kept = 0;
      for (const rounds of SLOW_ROUNDS) {
        const { bytes, isCutOff } = await talkBesideSleeper(trial, rounds);
        if (isCutOff && bytes < SLOW_BYTES * rounds) return;
        kept = bytes;
      }
      const mebibytes = Math.round(kept / 2 ** 20);
      throw new Shortfall(
        words(
          `他没有读的时候，你的服务器为他留着一切：${mebibytes} MiB`,
          `while they did not read, your server kept everything for them: ${mebibytes} MiB`,
        ),
        words(
          'socket.writableLength 是还没有送出去的字节。超过上限就 destroy()。',
          'socket.writableLength tells the bytes that wait. Past a bound, destroy().',
        ),
      );
    },
  },
];

/** Two talk while a third does not read; then the third reads what there is for them. */
async function talkBesideSleeper(trial: Trial, rounds: number): Promise<Reading> {
  const [a, b] = await openMany(trial, 2);
  if (!a || !b) throw new TypeError('two were opened');
  const wake = await sleeper(trial);
  const line = 'x'.repeat(SLOW_BYTES);
  for (let i = 0; i < rounds; i += 1) {
    await a.send([text(line)]);
    await expectAll([a, b], line, trial, EVERYBODY);
  }
  a.destroy();
  b.destroy();
  return wake();
}

const NUMBERS = words(
  '每一条的号码是上一条加一，由 Log 来给。',
  'Each entry has the number of the one before plus one, given by the log.',
);
const RESUME = words(
  'resume：先发 log.after(after) 的每一条，再 room.join(socket)，都在同一轮里。',
  'resume: first every entry of log.after(after), then room.join(socket), all in one turn.',
);

export const RECONNECT: readonly Check[] = [
  {
    title: words('每一条有号码，一条比一条大一', 'entries have numbers, each one more than the last'),
    play: async (trial) => {
      const ada = await Member.enter(trial, 0);
      const first = await ada.post('one');
      if (first < 1)
        throw new Shortfall(
          words(`第一条的号码是 ${first}`, `the first entry has the number ${first}`),
          NUMBERS,
        );
      for (let i = 1; i <= 5; i += 1) {
        const seq = await ada.post(`line ${i}`);
        if (seq === first + i) continue;
        throw new Shortfall(
          words(`号码应为 ${first + i}，却是 ${seq}`, `the number should be ${first + i}; it is ${seq}`),
          NUMBERS,
        );
      }
    },
  },
  {
    title: words('新来的人从头听起：after 0', 'a newcomer hears all from the beginning: after 0'),
    play: async (trial) => {
      const ada = await Member.enter(trial, 0);
      const last = await ada.post('before you came');
      const bo = await Member.enter(trial, 0);
      expectRun(await bo.hearUntil(last), 1, last, RESUME);
    },
  },
  {
    title: words(
      '回来的人得到错过的，一条不多，一条不少',
      'who comes back gets what they missed, no more and no less',
    ),
    play: async (trial) => {
      const ada = await Member.enter(trial, 0);
      const seen = await ada.post('you still hear this');
      const bo = await Member.enter(trial, seen);
      bo.cut();
      for (let i = 0; i < 5; i += 1) await ada.post(`missed ${i}`);
      const back = await Member.enter(trial, seen);
      const live = await ada.post('and this is new');
      expectRun(await back.hearUntil(live), seen + 1, live, RESUME);
    },
  },
  {
    title: words(
      '线在说话中间断了十次：丢 0 条，重 0 条',
      'cut off ten times amid the talk: 0 lost, 0 doubled',
    ),
    play: async (trial) => {
      const ada = await Member.enter(trial, 0);
      const from = await ada.post('the talk begins');
      const talk = (async () => {
        for (let i = 0; i < 200; i += 1) await ada.post(`talk ${i}`);
      })();
      const heard: Entry[] = [];
      for (let cuts = 0; cuts < 10; cuts += 1) {
        const bo = await Member.enter(trial, heard.at(-1)?.seq ?? from);
        heard.push(...(await bo.hearUntil(from + (cuts + 1) * 15)));
        bo.cut();
      }
      await talk;
      const last = await Member.enter(trial, heard.at(-1)?.seq ?? from);
      heard.push(...(await last.hearUntil(from + 200)));
      expectRun(heard, from + 1, from + 200, RESUME);
    },
  },
  {
    title: words('同一份草稿发两次，只算一次', 'a draft that is sent twice counts once'),
    play: async (trial) => {
      const bo = await Member.enter(trial, 0);
      const ada = await Member.enter(trial, 0);
      const draft = `draft-${newKey()}`;
      await ada.send({ type: 'post', draft, text: 'did you get this?' });
      const entry = await bo.hearText('did you get this?');
      ada.cut(); // before she has read the acknowledgement
      const back = await Member.enter(trial, entry.seq);
      const seq = await back.post('did you get this?', draft);
      const hint = words(
        '记住每份草稿变成了哪一条；再来一次，就回答原来的号码，不再广播。',
        'Keep which entry each draft became; when it comes again, answer with that number and tell nobody.',
      );
      if (seq !== entry.seq)
        throw new Shortfall(
          words(
            `第一次是 ${entry.seq}，第二次是 ${seq}：存了两条`,
            `it was ${entry.seq}, then ${seq}: stored twice`,
          ),
          hint,
        );
      const next = await back.post('yes');
      expectRun(await bo.hearUntil(next), entry.seq + 1, next, hint);
    },
  },
];

/** These entries are those from `first` to `last`, each once, in order. */
function expectRun(heard: readonly Entry[], first: number, last: number, hint: Words): void {
  const seqs = heard.map(({ seq }) => seq);
  const wanted = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  if (seqs.join() === wanted.join()) return;
  const unique = new Set(seqs);
  const lost = wanted.filter((seq) => !unique.has(seq));
  const doubled = seqs.length - unique.size;
  const extra = [...unique].filter((seq) => seq < first || seq > last);
  const counts = words(
    `丢了 ${lost.length} 条，重复 ${doubled} 条，多余 ${extra.length} 条`,
    `${lost.length} lost, ${doubled} doubled, ${extra.length} that were not due`,
  );
  const order = words('顺序也可能不对', 'or out of order');
  throw new Shortfall(
    words(
      `应该听到 ${first} 到 ${last}：${counts.zh}（${seqs.slice(0, 12).join(' ')}；${order.zh}）`,
      `${first} to ${last} were due: ${counts.en} (${seqs.slice(0, 12).join(' ')}; ${order.en})`,
    ),
    hint,
  );
}
