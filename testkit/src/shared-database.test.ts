// Two servers on one PostgreSQL: people chat across them, and nobody leaves because another server starts or dies.

import { administer, serverUrl, temporaryDatabase } from '@wireroom/server/postgres-for-tests';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Json, NativeClient } from './native-client.ts';
import { spawnServer, startTestServer, type TestServer } from './server.ts';

const postgres = await serverUrl();
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

describe.skipIf(postgres === undefined)('two servers on one PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof temporaryDatabase>>;
  beforeAll(async () => {
    database = await temporaryDatabase(postgres ?? '');
  });
  afterAll(() => database.drop());

  /** One of several in this process, with everything of its own but the database. */
  async function serve(settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
    const server = await startTestServer({ DATABASE_URL: database.url, SOCKET_PORT: 'off', ...settings });
    cleanUps.push(() => server.stop());
    return server;
  }
  const urlOf = ({ port }: { readonly port: number }): string => `ws://localhost:${port}/ws`;
  const isLeave = (event: Json): boolean => JSON.stringify(event).includes('"type":"leave"');
  const holdersOf = async (name: string): Promise<number> => {
    const sql = `SELECT node_id FROM held_authors JOIN authors USING (author_id) WHERE name = '${name}'`;
    return (await administer(database.url, sql)).length;
  };

  it('[L9.7] bring what is said at one to readers at the other, in one numbering', async () => {
    const [one, two] = [await serve(), await serve()];
    const ada = await NativeClient.enter(urlOf(one), 'Ada');
    const bo = await NativeClient.enter(urlOf(two), 'Bo');
    const said = [await ada.post('from one'), await bo.post('from two'), await ada.post('from one again')];
    for (const client of [ada, bo])
      for (const text of ['from one', 'from two', 'from one again']) await client.untilText(text);
    const seqs = said.map(({ seq }) => Number(seq));
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    const messages = (client: NativeClient) => client.entries.filter(({ type }) => type === 'message');
    expect(messages(ada)).toEqual(messages(bo));
  }, 60_000);

  it('[L9.8] keep a name for one person, and nobody leaves when another server starts or they come back elsewhere', async () => {
    const grace = { LEAVE_GRACE: '0' };
    const one = await serve(grace);
    const cy = await NativeClient.open(urlOf(one));
    const welcome = await cy.ask({ type: 'hello', name: 'Cy' });
    await cy.ask({ type: 'join', room: 'lobby' });
    // Without grace a server that took them for its own would have them leave as it starts.
    const two = await serve(grace);
    const other = await NativeClient.open(urlOf(two));
    expect(await other.ask({ type: 'hello', name: 'Cy' })).toMatchObject({
      type: 'refused',
      code: 'name-taken',
    });
    const dee = await NativeClient.enter(urlOf(two), 'Dee');
    const again = await NativeClient.enter(urlOf(two), 'Cy', String(welcome.token));
    expect(await holdersOf('Cy')).toBe(2);
    await cy.close();
    await expect.poll(() => holdersOf('Cy')).toBe(1);
    expect(await again.post('still here')).toMatchObject({ type: 'posted' });
    await dee.untilText('still here');
    expect(dee.received.filter(isLeave)).toEqual([]);
    await again.close();
    await dee.until(isLeave);
    await expect.poll(() => holdersOf('Cy')).toBe(0);
  }, 60_000);

  it('[L9.5] goes on when the server beside it is killed, and keeps every message', async () => {
    const two = await serve();
    const one = await spawnServer({ DATABASE_URL: database.url, SOCKET_PORT: 'off' });
    cleanUps.push(() => one.end('SIGKILL'));
    const eve = await NativeClient.enter(urlOf(one), 'Eve');
    const fay = await NativeClient.enter(urlOf(two), 'Fay');
    const draftIds = Array.from({ length: 200 }, (_, index) => `killed-at-${index}`);
    const acknowledged: string[] = [];
    for (const draftId of draftIds)
      void eve.post(draftId, draftId).then((answer) => {
        if (answer.type === 'posted') acknowledged.push(draftId);
      });
    await eve.until((event) => event.type === 'posted');
    await one.end('SIGKILL');
    expect(await fay.post('goes on')).toMatchObject({ type: 'posted' });
    await fay.untilText('goes on');
    const texts = new Set(fay.entries.map(({ text }) => text));
    expect(acknowledged.filter((draftId) => !texts.has(draftId))).toEqual([]);
  }, 60_000);
});
