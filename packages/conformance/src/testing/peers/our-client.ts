// A client under test: our own.
import { type Connection, connect, WireError } from '@wireroom/websocket';
import { playAll, testerUrl } from './case-loop.mjs';
import { ENGINE_LIMITS } from './engine-limits.ts';

async function readOne(url: string): Promise<string> {
  const connection = await connect(url);
  return new Promise((resolve) => connection.handle({ message: (message) => resolve(message.text()) }));
}

async function echo(url: string): Promise<void> {
  const connection = await open(url);
  if (connection === undefined) return;
  await new Promise<void>((resolve) => {
    connection.handle({
      message: (message) => connection.send(message.kind === 'text' ? message.text() : message.data),
      close: () => resolve(),
    });
  });
}

/** Undefined for a handshake that failed, as it must in some of the cases. */
async function open(url: string): Promise<Connection | undefined> {
  try {
    return await connect(url, { limits: ENGINE_LIMITS, perMessageDeflate: { thresholdBytes: 0 } });
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

await playAll(testerUrl(), { readOne, echo });
