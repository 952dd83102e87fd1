// A reader is cut off while others go on writing. What it gets on coming back, with a cursor and without.
import { ChatClient, isMessage, type Json, startChat } from './chat.ts';
import { type Cell, type Report, t } from './report.ts';

const MISSED = 5;

/** How many of the missed messages an answer to `join` brings. */
const missedIn = (joined: Json): number =>
  (Array.isArray(joined.entries) ? joined.entries : []).filter(
    (entry) => isMessage(entry) && String(entry.text).startsWith('missed'),
  ).length;

export async function measure(): Promise<Report> {
  const server = await startChat();
  const { client: ada } = await ChatClient.enter(server, { name: 'Ada' });
  const { client: lin, token } = await ChatClient.enter(server, { name: 'Lin' });
  ada.say('seen');
  await lin.until(() => lin.messages.length > 0);
  const last = lin.messages.at(-1) ?? {};
  const cursor = { epoch: last.epoch, seq: last.seq };
  lin.cut();
  for (let sent = 1; sent < MISSED; sent++)
    await ada.ask({ type: 'post', room: 'lobby', text: `missed ${sent}` });
  // The acknowledgement is sent after the commit: whoever has it may be cut off and loses nothing.
  const { seq } = await ada.ask({ type: 'post', room: 'lobby', text: `missed ${MISSED}` });
  const back = await ChatClient.enter(server, { token }, cursor);
  const again = await ChatClient.enter(server, { token }, { epoch: cursor.epoch, seq });
  const live = back.client.messages.length;
  for (const client of [ada, back.client, again.client]) client.cut();
  await server.stop();
  const row = (name: Cell, joined: Json): readonly Cell[] => [name, String(joined.resume), missedIn(joined)];
  return {
    title: t(`断线期间房间里多了 ${MISSED} 条`, `${MISSED} messages while one reader was away`),
    columns: [t('回来时怎么说', 'what it says on coming back'), 'resume', t('补到几条', 'messages brought')],
    rows: [
      [t('只等新消息（没有游标）', 'only waits for what is new'), '–', live],
      row(t(`游标：seq ${cursor.seq}`, `cursor: seq ${cursor.seq}`), back.joined),
      row(t(`游标：seq ${seq}`, `cursor: seq ${seq}`), again.joined),
    ],
    note: t(
      '重复送到的由 seq 认出来：小于等于自己的游标就丢掉。',
      'What comes twice is known by its seq: at or below one’s cursor it is dropped.',
    ),
  };
}
