// Where a database thread starts, to write or to read. Nothing else in the process touches the file. thread-service.ts does
// the work.
import { parentPort, workerData } from 'node:worker_threads';
import { SqliteExecutor } from './sqlite-executor.ts';
import { isThreadTask, type ToThread } from './thread-port.ts';
import { startThreadService, type ThreadService } from './thread-service.ts';

const port = parentPort;
if (port === null) throw new Error('sqlite-thread is started as a worker thread.');
const task: unknown = workerData;
if (!isThreadTask(task)) throw new TypeError('The thread is given a database file and what to do with it.');
const { file, role } = task;

try {
  const service = await startThreadService(
    () => (role === 'writer' ? SqliteExecutor.open(file) : SqliteExecutor.openToRead(file)),
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
