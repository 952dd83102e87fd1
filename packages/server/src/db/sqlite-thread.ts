// Where the database thread starts. Nothing else in the process touches the file. thread-service.ts does the work.
import { parentPort, workerData } from 'node:worker_threads';
import { SqliteExecutor } from './sqlite-executor.ts';
import { startThreadService } from './thread-service.ts';

const port = parentPort;
if (port === null) throw new Error('sqlite-thread is started as a worker thread.');
const file: unknown = workerData;
if (typeof file !== 'string') throw new TypeError('The thread is given the path of the database file.');

const service = await startThreadService(
  () => SqliteExecutor.open(file),
  (message) => port.postMessage(message),
);
if (service !== undefined) {
  port.on('message', async (message) => {
    // A failure here is no operation's failure: it ends the thread, and the client reports it.
    await service.handle(message);
    if (message.type === 'close') port.close();
  });
}
