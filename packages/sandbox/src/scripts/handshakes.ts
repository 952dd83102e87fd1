// Scripts about the opening handshake: requests that are refused, and one that never ends.

import type { NoteId } from '../scene-texts.ts';
import type { RequestShape } from '../stage/raw-client.ts';
import type { Script, Scripts } from './script.ts';

const refused =
  (note: NoteId, shape: RequestShape): Script =>
  async (stage) => {
    const { port } = await stage.serve();
    const client = await stage.dial(port);
    stage.note(note, client);
    await client.upgrade(shape);
    await client.ended();
  };

const halfHandshake: Script = async (stage) => {
  const { port } = await stage.serve({ limits: { handshakeTimeoutMs: stage.pauseMs } });
  const client = await stage.dial(port);
  const request = client.request();
  stage.note('half-request', client, { ms: stage.pauseMs });
  await client.send(request.slice(0, request.indexOf('Sec-WebSocket-Key')));
  await client.head();
  await client.ended();
};

export const HANDSHAKE_SCRIPTS: Scripts = {
  'half-handshake': halfHandshake,
  'wrong-version': refused('old-version-asked', { version: '8' }),
  'missing-key': refused('key-left-out', { isKeyless: true }),
};
