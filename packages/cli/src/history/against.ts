// Does the server have the same history as a file that was proven whole? It is asked to go on from all but the last line, as after a
// break: it does so only from what it would send itself (rule H3), so that nothing but a digest goes there and a line comes back.
import { DownloadError, downloadHistory } from '@wireroom/client/history';
import type { HistoryVerdict } from '@wireroom/history';
import { urlOf } from '../chat/arguments.ts';
import type { Io } from '../terminal/io.ts';
import { UsageError } from '../usage-error.ts';
import { tokenFor } from './get-arguments.ts';
import { firstBytes } from './history-file.ts';

interface WholeFile {
  readonly name: string;
  readonly verdict: HistoryVerdict;
}

/** What is different, in a sentence; undefined: nothing. Throws a UsageError where the server cannot be asked. */
export async function differenceFromServer(
  { name, verdict }: WholeFile,
  server: string,
  io: Io,
): Promise<string | undefined> {
  const { head, end, hashedBytes } = verdict;
  if (name === '-') throw new UsageError('verify: --against reads the file twice; give its name.');
  if (head === undefined || end === undefined)
    throw new UsageError(`verify: ${name} does not say what it is of.`);
  const url = urlOf(server);
  const token = tokenFor(url, io.env);
  try {
    const { sha256 } = await downloadHistory({
      ...{ url, room: head.room.roomId, spec: head.spec },
      ...(head.after === undefined ? {} : { after: head.after }),
      ...(token === undefined ? {} : { token: token.text }),
      kept: { until: head.until, epoch: head.epoch, stored: firstBytes(name, hashedBytes) },
      // The last line, which the SDK has checked.
      write: () => undefined,
    });
    return sha256 === end.sha256 ? undefined : `its digest is ${end.sha256}, the server’s is ${sha256}.`;
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    if (error.code === 'history-changed')
      return 'the server would send something else now. The room has another epoch, a text was deleted since, or the file is forged.';
    throw new UsageError(`verify: ${server} cannot be asked: ${error.message} (${error.code})`);
  }
}
