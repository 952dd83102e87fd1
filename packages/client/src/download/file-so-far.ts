// What there is of the file: how much, its digest, and, once its last line is there, whether it is what that line says. Keeps no
// more of the bytes than the line that may be the last one.
import {
  endJsonOf,
  type HistoryEnd,
  type HistoryFormat,
  type HistoryResumption,
  type HistoryVerifier,
  historyVerifier,
  problemText,
  type RunningDigest,
} from '@wireroom/history';
import { DownloadError, type HistoryPicture } from './download-options.ts';

export class FileSoFar {
  readonly #format: HistoryFormat;
  readonly #digest: RunningDigest;
  readonly #verifier: HistoryVerifier;
  #hashedBytes = 0;
  /** What the verifier has not given to the digest: the newest line, and the beginning of the next. */
  #unhashed: Uint8Array = new Uint8Array(0);
  #bytes = 0;

  constructor(format: HistoryFormat, digest: RunningDigest) {
    this.#format = format;
    this.#digest = digest;
    this.#verifier = historyVerifier({
      digest: {
        update: (bytes) => {
          digest.update(bytes);
          this.#hashedBytes += bytes.length;
        },
        hex: () => digest.hex(),
      },
    });
  }

  get bytes(): number {
    return this.#bytes;
  }

  get records(): number {
    return this.#verifier.records;
  }

  push(bytes: Uint8Array): void {
    const begin = this.#bytes - this.#unhashed.length;
    this.#bytes += bytes.length;
    this.#verifier.push(bytes);
    const gone = this.#hashedBytes - begin;
    if (gone >= this.#unhashed.length) {
      this.#unhashed = bytes.slice(gone - this.#unhashed.length);
      return;
    }
    const rest = new Uint8Array(this.#bytes - this.#hashedBytes);
    rest.set(this.#unhashed.subarray(gone));
    rest.set(bytes, rest.length - bytes.length);
    this.#unhashed = rest;
  }

  resumption({ until, epoch }: HistoryPicture): HistoryResumption {
    const digest = this.#digest.copy();
    digest.update(this.#unhashed);
    return { until, epoch, has: { bytes: this.#bytes }, prefixSha256: digest.hex() };
  }

  /** Is the newest line, which is whole, an end? A file that broke off has none. */
  get isEnded(): boolean {
    const line = new TextDecoder().decode(this.#unhashed);
    return endJsonOf(this.#format, line) !== undefined;
  }

  /** Once, when it is ended. Throws a DownloadError, `not-verified`. One that the server cut is proven, and says so in its end. */
  proven(): HistoryEnd {
    const { end, problems } = this.#verifier.finish();
    const problem = problems.find(({ code }) => code !== 'cut');
    if (end !== undefined && problem === undefined) return end;
    const sentence = problem === undefined ? 'It has no end.' : problemText(problem);
    throw new DownloadError('not-verified', `The file is not what the server made: ${sentence}`);
  }
}
