// Two people post at once, two others read: is the order the same for both? And one message is sent twice, with a draftId
// and without.
import { ChatClient, startChat } from './chat.ts';
import { type Report, t, yesNo } from './report.ts';

const EACH = 50;

export async function measure(): Promise<Report> {
  const server = await startChat();
  const [ada, lin, ren, joe] = await Promise.all(
    ['Ada', 'Lin', 'Ren', 'Joe'].map(async (name) => (await ChatClient.enter(server, { name })).client),
  );
  if (!ada || !lin || !ren || !joe) throw new Error('nobody came');
  for (let sent = 0; sent < EACH; sent++) {
    ada.say(`Ada ${sent}`);
    lin.say(`Lin ${sent}`);
  }
  const both = [ren, joe] as const;
  await Promise.all(both.map((reader) => counted(reader, 2 * EACH)));
  const [first = [], second = []] = both.map((reader) => reader.messages.map(({ text }) => String(text)));
  const ofAda = first.filter((text) => text.startsWith('Ada'));
  const isInOrder = ofAda.every((text, index) => text === `Ada ${index}`);

  ada.say('pay 1', 'draft-000001');
  ada.say('pay 1', 'draft-000001');
  lin.say('pay 2');
  lin.say('pay 2');
  lin.say('end');
  await ren.until(() => ren.messages.some(({ text }) => text === 'end'));
  const times = (wanted: string): number => ren.messages.filter(({ text }) => text === wanted).length;
  const row = [times('pay 1'), times('pay 2')] as const;
  for (const client of [ada, lin, ren, joe]) client.cut();
  await server.stop();
  return {
    title: t(
      `两个人同时各发 ${EACH} 条，另外两个人看`,
      `Two people post ${EACH} messages each at the same time, two others read`,
    ),
    columns: [t('问题', 'question'), t('结果', 'result')],
    rows: [
      [
        t('同一个人的消息按他发的顺序到', 'the messages of one person come as they were sent'),
        yesNo(isInOrder),
      ],
      [
        t('两个读者看到的总顺序相同', 'both readers see the same order of all'),
        yesNo(first.join() === second.join()),
      ],
      [t('带 draftId 发两次，房间里有几条', 'sent twice with a draftId: how many are in the room'), row[0]],
      [t('不带 draftId 发两次，房间里有几条', 'sent twice without one: how many are in the room'), row[1]],
    ],
  };
}

const counted = (reader: ChatClient, count: number): Promise<unknown> =>
  reader.until(() => reader.messages.length >= count);
