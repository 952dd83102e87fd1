// Scripts of faults that a chat has on a wire where every frame is right: a token that is no longer known, the last message
// lost, a message twice, an order that depends on clocks. Each plays the fault first and then its cure.
import type { Connection, ConnectionHandlers } from '@wireroom/websocket';
import type { RawClient } from '../stage/raw-client.ts';
import type { Stage } from '../stage/stage.ts';
import type { Scripts } from './script.ts';
import { commandOf, TinyLog, textOf } from './tiny-chat.ts';

/** How often a client that does not think is shown to try. */
const ROUNDS_SHOWN = 3;

async function tokenExpired(stage: Stage): Promise<void> {
  const { port } = await stage.serve({ handlers: greet });
  for (let round = 1; round <= ROUNDS_SHOWN; round++) {
    const client = await stage.connect(port);
    stage.note(round === 1 ? 'old-token-sent' : 'old-token-again', client, { round });
    await client.say({ type: 'hello', ref: 1, token: 'token-of-last-month' });
    await client.heard(1);
    await client.close();
  }
  const client = await stage.connect(port);
  stage.note('token-forgotten', client);
  // #region forget-the-token
  await client.say({ type: 'hello', ref: 1, token: 'token-of-last-month' });
  const [answer = ''] = await client.heard(1);
  if (commandOf(answer).code === 'bad-token') await client.say({ type: 'hello', ref: 2, name: 'Ada' });
  // #endregion
  await client.heard(2);
  await client.close();
}

/** Knows no token: all of them are from before the server's last month. */
function greet(connection: Connection): ConnectionHandlers {
  return {
    message(message) {
      const { ref, token } = commandOf(message.text());
      const answer =
        token === undefined
          ? { type: 'welcome', ref, token: 'token-of-today' }
          : { type: 'refused', ref, code: 'bad-token', message: 'This token is not known (any more).' };
      connection.send(JSON.stringify(answer));
    },
  };
}

async function lostLastMessage(stage: Stage): Promise<void> {
  const naive = await hearAllButTheLast(stage);
  await stage.wait(stage.pauseMs);
  stage.note('still-missing', naive, { ms: stage.pauseMs });
  await naive.close();

  const careful = await hearAllButTheLast(stage);
  await stage.wait(stage.pauseMs);
  stage.note('head-asked', careful);
  // #region slow-check
  const last = seqOf(careful.texts.at(-1));
  await careful.say({ type: 'head', ref: 1 });
  const [, , head] = await careful.heard(3);
  if (seqOf(head) > last) await careful.say({ type: 'page', ref: 2, after: last });
  // #endregion
  await careful.heard(4);
  await careful.close();
}

const seqOf = (text: string | undefined): number => Number(commandOf(text ?? '{}').seq ?? 0);

/** Three messages are stored, and the hint that there is a third one gets lost: nothing follows it that would show the gap. */
async function hearAllButTheLast(stage: Stage): Promise<RawClient> {
  const log = new TinyLog();
  const { server, port } = await stage.serve({
    handlers: (connection) => ({
      message(message) {
        const { type, after } = commandOf(message.text());
        if (type === 'head')
          connection.send(JSON.stringify({ type: 'head', ref: 1, seq: log.entries.length }));
        else connection.send(JSON.stringify({ type: 'page', ref: 2, entries: log.after(Number(after)) }));
      },
    }),
  });
  const client = await stage.connect(port);
  stage.note('third-is-lost', client);
  for (const text of ['Where do we meet?', 'At the station.', 'No, at the harbour!']) {
    const { entry } = log.append({ text });
    if (entry.seq === 3) break;
    for (const connection of server.connections) connection.send(JSON.stringify({ type: 'entry', ...entry }));
    await client.heard(entry.seq);
  }
  return client;
}

async function duplicateOnRetry(stage: Stage): Promise<void> {
  await postTwice(stage, { type: 'post', ref: 1, text: 'I pay 20' });
  // #region draft-id
  // Made once, when the message is written, and sent along however often it is sent.
  await postTwice(stage, { type: 'post', ref: 1, text: 'I pay 20', draftId: 'd-7f3a' });
  // #endregion
}

/** The first acknowledgement gets lost with the connection, so the client sends again what is stored already. */
async function postTwice(stage: Stage, post: Readonly<Record<string, unknown>>): Promise<void> {
  const log = new TinyLog();
  const { port: targetPort } = await stage.serve({
    records: 'none',
    handlers: (connection) => ({
      message(message) {
        const { ref, text, draftId } = commandOf(message.text());
        const draft = { text: textOf(text), ...(typeof draftId === 'string' && { draftId }) };
        const { entry, isRepeated } = log.append(draft);
        connection.send(
          JSON.stringify({ type: 'posted', ref, seq: entry.seq, ...(isRepeated && { isRepeated }) }),
        );
      },
    }),
  });
  let isLost = false;
  const { port } = await stage.proxy({
    targetPort,
    onChunk(direction, chunk, link) {
      if (isLost || direction === 'in' || !chunk.includes('"posted"')) return chunk;
      isLost = true;
      link.cut();
      return undefined;
    },
  });
  const first = await stage.connect(port);
  stage.note('ack-lost', first);
  await first.say(post);
  await first.recording?.until(() => false);
  const second = await stage.connect(port);
  stage.note('sent-again', second);
  await second.say(post);
  await second.heard(1);
  stage.note('in-the-log', second, { count: log.entries.length });
  await second.close();
}

async function clockSkew(stage: Stage): Promise<void> {
  const log = new TinyLog();
  const { server, port } = await stage.serve({
    handlers: () => ({
      message(message) {
        const { author, sentAt, text } = commandOf(message.text());
        const { entry } = log.append({ author: textOf(author), sentAt: textOf(sentAt), text: textOf(text) });
        for (const connection of server.connections)
          connection.send(JSON.stringify({ type: 'entry', ...entry }));
      },
    }),
  });
  const ada = await stage.connect(port);
  const bob = await stage.connect(port);
  stage.note('clock-right', ada);
  stage.note('clock-slow', bob);
  await ada.say({ type: 'post', author: 'Ada', sentAt: '12:00:00', text: 'Shall I deploy?' });
  await Promise.all([ada.heard(1), bob.heard(1)]);
  await bob.say({ type: 'post', author: 'Bob', sentAt: '11:55:04', text: 'Yes, go on.' });
  await Promise.all([ada.heard(2), bob.heard(2)]);
  // #region order
  const byClock = [...log.entries].sort((a, b) => (a.sentAt ?? '').localeCompare(b.sentAt ?? ''));
  const bySeq = [...log.entries].sort((a, b) => a.seq - b.seq);
  // #endregion
  const words = (entries: typeof bySeq): string => entries.map(({ author }) => author).join(', ');
  stage.note('order-by-clock', ada, { order: words(byClock) });
  stage.note('order-by-seq', ada, { order: words(bySeq) });
  await ada.close();
  await bob.close();
}

export const FAULT_CHAT_SCRIPTS: Scripts = {
  'token-expired': tokenExpired,
  'lost-last-message': lostLastMessage,
  'duplicate-on-retry': duplicateOnRetry,
  'clock-skew': clockSkew,
};
