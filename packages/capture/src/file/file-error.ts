// What is wrong with a capture file, in a sentence for whoever opened it.

export class CaptureFileError extends Error {
  override readonly name = 'CaptureFileError';
}
