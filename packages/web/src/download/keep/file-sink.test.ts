// A file of the reader's choice, as a stand-in that behaves as browsers' streams do: what is written is in it once the stream is closed.
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../download-fakes.fixture.ts';
import { FileSink } from './file-sink.ts';

class FakeFile {
  readonly name = 'lobby-history.jsonl';
  content = new Uint8Array();
  opened = 0;
  /** Thrown by the next write. */
  error: Error | undefined;

  get text(): string {
    return new TextDecoder().decode(this.content);
  }

  async getFile(): Promise<Blob> {
    return new Blob([this.content]);
  }

  async createWritable({ keepExistingData }: { readonly keepExistingData: boolean }): Promise<object> {
    this.opened += 1;
    let draft = keepExistingData ? this.content.slice() : new Uint8Array();
    let at = 0;
    return {
      truncate: async (size: number) => {
        draft = draft.slice(0, size);
      },
      seek: async (position: number) => {
        at = position;
      },
      write: async (bytes: Uint8Array) => {
        if (this.error !== undefined) throw this.error;
        const next = new Uint8Array(Math.max(draft.length, at + bytes.length));
        next.set(draft);
        next.set(bytes, at);
        draft = next;
        at += bytes.length;
      },
      close: async () => {
        this.content = draft;
      },
    };
  }

  /** As much of a handle as the sink uses. */
  get handle(): FileSystemFileHandle {
    if (!isHandle(this)) throw new Error('no handle');
    return this;
  }
}

const isHandle = (value: unknown): value is FileSystemFileHandle => value instanceof FakeFile;

describe('FileSink', () => {
  it('writes over what was there, and has it in the file when it is settled', async () => {
    const file = new FakeFile();
    file.content = Uint8Array.from(bytesOf('what was there before, and was longer'));
    const sink = await FileSink.open(file.handle, 0);
    await sink.write(bytesOf('one '));
    expect(file.text).toContain('before');
    await sink.settle();
    expect(file.text).toBe('one ');
    await sink.write(bytesOf('two'));
    await sink.finish();
    expect([file.text, file.opened]).toEqual(['one two', 2]);
  });

  it('goes on behind a position, and gives what is before it', async () => {
    const file = new FakeFile();
    file.content = Uint8Array.from(bytesOf('one two three'));
    const sink = await FileSink.open(file.handle, 4);
    const read: Uint8Array[] = [];
    for await (const piece of sink.read(4)) read.push(piece);
    expect(Buffer.concat(read).toString()).toBe('one ');
    await sink.write(bytesOf('2'));
    await sink.finish();
    expect(file.text).toBe('one 2');
  });

  it('is settled after so many megabytes, and more seldom as it grows', async () => {
    const file = new FakeFile();
    const sink = await FileSink.open(file.handle, 0);
    const due: number[] = [];
    for (let mebibytes = 8; mebibytes <= 72; mebibytes += 8) {
      await sink.write(new Uint8Array(8 * 1024 * 1024));
      if (!sink.isDue()) continue;
      due.push(mebibytes);
      await sink.settle();
    }
    expect(due).toEqual([16, 32, 48, 72]);
  });

  it('leaves an empty file of an empty history', async () => {
    const file = new FakeFile();
    file.content = Uint8Array.from(bytesOf('old'));
    await (await FileSink.open(file.handle, 0)).finish();
    expect(file.text).toBe('');
  });

  it('says what became of the file', async () => {
    const file = new FakeFile();
    await expect(FileSink.open(file.handle, 5)).rejects.toMatchObject({ code: 'file-gone' });
    const sink = await FileSink.open(file.handle, 0);
    for (const [name, code] of [
      ['QuotaExceededError', 'disk-full'],
      ['NotAllowedError', 'file-denied'],
      ['NotFoundError', 'file-gone'],
    ] as const) {
      file.error = new DOMException('It said no.', name);
      await expect(sink.write(bytesOf('x'))).rejects.toMatchObject({ code, message: 'It said no.' });
    }
  });
});
