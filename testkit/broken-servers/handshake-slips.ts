// Servers that get the handshake wrong, each in one way.
import { createHash } from 'node:crypto';
import { Connection, GUID, type Headers } from './base-server.ts';
import { another, type BrokenServer, slip } from './broken-server.ts';

const sha1 = (input: string | Buffer): Buffer => createHash('sha1').update(input).digest();

const without = (lines: readonly string[], name: string): string[] =>
  lines.filter((line) => !line.startsWith(`${name}:`));

export const ACCEPT_SLIPS: readonly BrokenServer[] = [
  slip(
    'wrong-guid',
    'The GUID lacks a letter.',
    class extends Connection {
      protected override accept(key: string): string {
        return sha1(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B1`).toString('base64');
      }
    },
  ),
  another(
    'guid-in-lower-case',
    'wrong-guid',
    'The GUID is in lower case.',
    class extends Connection {
      protected override accept(key: string): string {
        return sha1(key + GUID.toLowerCase()).toString('base64');
      }
    },
  ),
  another(
    'other-guid',
    'wrong-guid',
    'The GUID is quite another one.',
    class extends Connection {
      protected override accept(key: string): string {
        return sha1(`${key}01234567-89AB-CDEF-0123-456789ABCDEF`).toString('base64');
      }
    },
  ),
  slip(
    'accept-over-wrong-string',
    'The key is decoded before it is hashed.',
    class extends Connection {
      protected override accept(key: string): string {
        return sha1(Buffer.concat([Buffer.from(key, 'base64'), Buffer.from(GUID)])).toString('base64');
      }
    },
  ),
  another(
    'guid-before-key',
    'accept-over-wrong-string',
    'The GUID stands before the key.',
    class extends Connection {
      protected override accept(key: string): string {
        return sha1(GUID + key).toString('base64');
      }
    },
  ),
  slip(
    'accept-wrong-digest',
    'The hash is written in hex.',
    class extends Connection {
      protected override accept(key: string): string {
        return sha1(key + GUID).toString('hex');
      }
    },
  ),
  slip(
    'accept-constant',
    'The accept value is copied from an example.',
    class extends Connection {
      protected override accept(): string {
        return 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
      }
    },
  ),
  slip(
    'accept-missing',
    'There is no accept value.',
    class extends Connection {
      protected override answerLines(headers: Headers): string[] {
        return without(super.answerLines(headers), 'Sec-WebSocket-Accept');
      }
    },
  ),
];

export const ANSWER_SLIPS: readonly BrokenServer[] = [
  slip(
    'lf-instead-of-crlf',
    'The lines end with LF.',
    class extends Connection {
      protected override answer(headers: Headers): string {
        return super.answer(headers).replaceAll('\r\n', '\n');
      }
    },
  ),
  slip(
    'head-unterminated',
    'The empty line is missing.',
    class extends Connection {
      protected override answer(headers: Headers): string {
        return super.answer(headers).slice(0, -2);
      }
    },
  ),
  slip(
    'bytes-after-head',
    'There is a line break too many.',
    class extends Connection {
      protected override answer(headers: Headers): string {
        return `${super.answer(headers)}\r\n`;
      }
    },
  ),
  slip(
    'wrong-status-line',
    'The status is 200.',
    class extends Connection {
      protected override answerLines(headers: Headers): string[] {
        return ['HTTP/1.1 200 OK', ...super.answerLines(headers).slice(1)];
      }
    },
  ),
  slip(
    'upgrade-header-missing',
    'There is no Upgrade field.',
    class extends Connection {
      protected override answerLines(headers: Headers): string[] {
        return without(super.answerLines(headers), 'Upgrade');
      }
    },
  ),
  slip(
    'connection-header-missing',
    'There is no Connection field.',
    class extends Connection {
      protected override answerLines(headers: Headers): string[] {
        return without(super.answerLines(headers), 'Connection');
      }
    },
  ),
  slip(
    'second-101',
    'Whatever comes is answered as a handshake.',
    class extends Connection {
      #headers: Headers | undefined;

      protected override answer(headers: Headers): string {
        this.#headers = headers;
        return super.answer(headers);
      }

      protected override readFrames(): void {
        if (this.received.length === 0) return;
        this.received = Buffer.alloc(0);
        this.socket.write(super.answer(this.#headers ?? {}));
      }
    },
  ),
  slip(
    'subprotocol-not-offered',
    'It always says that it speaks chat.',
    class extends Connection {
      protected override answerLines(headers: Headers): string[] {
        return [...super.answerLines(headers), 'Sec-WebSocket-Protocol: chat'];
      }
    },
  ),
  slip(
    'subprotocol-list-echoed',
    'It sends the offered subprotocols back.',
    class extends Connection {
      protected override answerLines(headers: Headers): string[] {
        const offered = headers['sec-websocket-protocol'];
        return [
          ...super.answerLines(headers),
          ...(offered === undefined ? [] : [`Sec-WebSocket-Protocol: ${offered}`]),
        ];
      }
    },
  ),
  slip(
    'extension-not-offered',
    'It accepts an extension of its own.',
    class extends Connection {
      protected override answerLines(headers: Headers): string[] {
        return [...super.answerLines(headers), 'Sec-WebSocket-Extensions: x-fast'];
      }
    },
  ),
];

export const REQUEST_SLIPS: readonly BrokenServer[] = [
  slip(
    'header-case-sensitive',
    'It looks for Sec-WebSocket-Key in this spelling.',
    class extends Connection {
      protected override headersOf(lines: readonly string[]): Headers {
        const exact = Object.fromEntries(
          lines.map((line): [string, string] => [
            line.split(':')[0] ?? '',
            line.slice(line.indexOf(':') + 1).trim(),
          ]),
        );
        const known = [
          'Host',
          'Upgrade',
          'Connection',
          'Origin',
          'Sec-WebSocket-Key',
          'Sec-WebSocket-Version',
        ];
        return Object.fromEntries(
          known.flatMap((name) => (exact[name] === undefined ? [] : [[name.toLowerCase(), exact[name]]])),
        );
      }
    },
  ),
  another(
    'header-in-lower-case-only',
    'header-case-sensitive',
    'It looks for sec-websocket-key in this spelling.',
    class extends Connection {
      protected override headersOf(lines: readonly string[]): Headers {
        return Object.fromEntries(
          lines.map((line): [string, string] => [
            line.split(':')[0] ?? '',
            line.slice(line.indexOf(':') + 1).trim(),
          ]),
        );
      }
    },
  ),
  slip(
    'connection-list-unread',
    'Connection must be Upgrade and nothing else.',
    class extends Connection {
      protected override wantsUpgrade(connection = ''): boolean {
        return connection.toLowerCase() === 'upgrade';
      }
    },
  ),
  slip(
    'handshake-one-read',
    'The first read must hold the whole request.',
    class extends Connection {
      protected override handshake(): void {
        if (this.received.includes('\r\n\r\n')) super.handshake();
        else this.socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      }
    },
  ),
  slip(
    'version-unchecked',
    'Any version will do.',
    class extends Connection {
      protected override badVersion(): undefined {
        return undefined;
      }
    },
  ),
  slip(
    'request-unchecked',
    'Whatever has a head is a handshake.',
    class extends Connection {
      protected override badRequest(): undefined {
        return undefined;
      }
    },
  ),
  slip(
    'origin-unchecked',
    'Any page may connect.',
    class extends Connection {
      protected override badOrigin(): undefined {
        return undefined;
      }
    },
  ),
  slip(
    'slow-handshake-never-cut',
    'It waits for the rest of a request as long as it takes.',
    class extends Connection {
      protected override tooSlow(): void {}
    },
  ),
];
