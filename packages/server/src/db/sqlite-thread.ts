// Where the database thread starts. Nothing else in the process touches the file. thread-service.ts does the work.
import { parentPort, workerData } from 'node:worker_threads';
import { SqliteExecutor } from './sqlite-executor.ts';
import type { ToThread } from './thread-port.ts';
import { startThreadService, type ThreadService } from './thread-service.ts';

const port = parentPort;
if (port === null) throw new Error('sqlite-thread is started as a worker thread.');
const file: unknown = workerData;
if (typeof file !== 'string') throw new TypeError('The thread is given the path of the database file.');

try {
  const service = await startThreadService(
    () => SqliteExecutor.open(file),
    (message) => port.postMessage(message),
  );
  if (service !== undefined) port.on('message', (message) => void perform(service, message));
} catch (error) {
  throw portable(error);
}

/** A failure here is no operation's failure: it ends the thread, and the client reports it. */
async function perform(service: ThreadService, message: ToThread): Promise<void> {
  try {
    await service.handle(message);
  } catch (error) {
    throw portable(error);
  }
  if (message.type === 'close') port?.close();
}

/** The drivers' own errors lose their message between threads; a plain one keeps it. */
function portable(error: unknown): Error {
  return new Error(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
