// A capture as calm plain text, line by line while it happens: for terminals, documents and the course. Everything that came
// from the wire is escaped, so that no byte of a stranger reaches a terminal as a command.
import { CaptureDecoder, type DecodedChange } from '../decode/decode.ts';
import type { DecodedFrame, DecodedMessage, WireFault } from '../decoded.ts';
import { closeCodeText, opcodeText } from '../explain/code-text.ts';
import { faultText } from '../explain/fault-text.ts';
import { remarkText } from '../explain/remark-text.ts';
import type { Capture, CaptureRecord, Direction, Micros } from '../record.ts';
import { escaped, hexShown, shortened, timeShown } from './line-text.ts';
import { meaningLines } from './meaning-text.ts';
import { type Language, PHRASES, type Phrases } from './phrases.ts';
import { recordLine } from './record-text.ts';

/** What a piece of a line is, for whoever paints it. */
export type Paint =
  | 'time'
  | 'in'
  | 'out'
  | 'title'
  | 'name'
  | 'value'
  | 'dim'
  | 'text'
  | 'hex'
  | 'meaning'
  | 'fault'
  | 'note';

export interface TextOptions {
  /** Times since the first record in front of each line. */
  readonly times?: boolean;
  /** How much of a payload that is no text is shown, in hex. */
  readonly hexBytesMax?: number;
  /** How much of a text is shown. */
  readonly textCharactersMax?: number;
  readonly language?: Language;
  /** Called for each piece of a line; without it the text is plain. */
  readonly paint?: (kind: Paint, text: string) => string;
}

const DEFAULTS = {
  times: true,
  hexBytesMax: 32,
  textCharactersMax: 400,
  language: 'en',
  paint: (_kind: Paint, text: string): string => text,
} as const;

export function textOf(capture: Capture, options: TextOptions = {}): string {
  const renderer = new TextRenderer(options);
  const lines = capture.records.flatMap((record) => renderer.push(record));
  return `${[...lines, ...renderer.end()].join('\n')}\n`;
}

export class TextRenderer {
  readonly #options: Required<TextOptions>;
  readonly #phrases: Phrases;
  readonly #decoder = new CaptureDecoder();
  #start: Micros | undefined;

  constructor(options: TextOptions = {}) {
    this.#options = { ...DEFAULTS, ...options };
    this.#phrases = PHRASES[this.#options.language];
  }

  /** The lines that this record adds. */
  push(record: CaptureRecord): string[] {
    this.#start ??= record.at;
    const change = this.#decoder.push(record);
    if (record.kind !== 'bytes') {
      const line = recordLine(record, this.#options);
      return line === undefined ? [] : [this.#line(record.at, line)];
    }
    return this.#changeLines(change, record.at);
  }

  /** What is left when nothing more comes: a frame that did not come whole, bytes that nobody can decode. */
  end(): string[] {
    const { unfinished } = this.#decoder.decoded;
    return [unfinished.in, unfinished.out].flatMap((rest, index) => {
      if (!rest || rest.kind === 'body') return [];
      const arrow = this.#arrow(index === 0 ? 'in' : 'out');
      const size = this.#phrases.bytes(rest.to - rest.from);
      const title = rest.frame
        ? this.#phrases.onlyCame(this.#title(rest.frame), size)
        : this.#rest(rest.kind, size);
      return [
        this.#line(rest.frame?.firstAt, `${arrow} ${this.#paint('title', title)}`),
        ...this.#faults(rest.frame?.faults ?? []),
        ...rest.remarks.map((found) => this.#below('note', remarkText(found)[this.#options.language])),
      ];
    });
  }

  #changeLines(change: DecodedChange, at: Micros): string[] {
    const { request, response } = change;
    const messages = new Map(change.messages.map((message) => [keyOf(message), message]));
    return [
      ...(request ? this.#head('in', `${request.method} ${request.target} ${request.version}`, request) : []),
      ...(response
        ? this.#head('out', `${response.version} ${response.status} ${response.reasonPhrase}`, response)
        : []),
      ...this.#faults(change.faultsOfHandshake),
      ...change.gaps.map(({ direction, missing }) =>
        this.#line(
          at,
          `${this.#arrow(direction)} ${this.#paint('note', this.#phrases.missing(this.#phrases.bytes(missing.to - missing.from)))}`,
        ),
      ),
      ...change.frames.flatMap((frame) => this.#frameLines(frame, messages)),
    ];
  }

  #head(
    direction: Direction,
    first: string,
    head: NonNullable<DecodedChange['request'] | DecodedChange['response']>,
  ): string[] {
    return [
      this.#line(head.at, `${this.#arrow(direction)} ${this.#paint('title', escaped(first))}`),
      ...head.headers.map(({ name, value }) =>
        this.#indent(`${this.#paint('name', `${escaped(name)}:`)} ${this.#paint('value', escaped(value))}`),
      ),
    ];
  }

  #frameLines(frame: DecodedFrame, messages: ReadonlyMap<string, DecodedMessage>): string[] {
    const key = `${frame.direction}${frame.messageIndex}`;
    // A message is told of at its last frame.
    const message = frame.fin && frame.messageIndex !== undefined ? messages.get(key) : undefined;
    const isPlain = message?.frames.length === 1 && !message.isCompressed;
    const text = isPlain ? message.text : undefined;
    return [
      this.#line(frame.at, `${this.#arrow(frame.direction)} ${this.#paint('title', this.#title(frame))}`),
      ...this.#payloadLines(frame, text),
      ...this.#faults(frame.faults),
      ...(message ? this.#messageLines(message, isPlain) : []),
    ];
  }

  #payloadLines(frame: DecodedFrame, text: string | undefined): string[] {
    if (frame.close) return this.#closeLines(frame.close);
    if (frame.payloadLength === 0) return [];
    if (text !== undefined) return [this.#textLine(text)];
    const { hexBytesMax } = this.#options;
    return [this.#below('hex', hexShown(frame.payload, frame.payloadLength, hexBytesMax, this.#phrases))];
  }

  #closeLines({ code, reason }: NonNullable<DecodedFrame['close']>): string[] {
    if (code === undefined) return [];
    const { name } = closeCodeText(code);
    const said =
      reason === '' ? '' : `: ${shortened(reason, this.#options.textCharactersMax, this.#phrases)}`;
    return [this.#below('text', `${code} ${name[this.#options.language]}${said}`)];
  }

  #messageLines(message: DecodedMessage, isPlain: boolean): string[] {
    const { language } = this.#options;
    const lines: string[] = [];
    if (!isPlain) {
      const { bytes, message: named, inflatedFrom, comma } = this.#phrases;
      const inflated = message.isCompressed ? [inflatedFrom(message.carriedLength)] : [];
      const size = bytes(message.isCompressed ? message.data.length : message.carriedLength);
      const parts = [named(message.type, message.frames.length), size, ...inflated];
      lines.push(this.#below('dim', `= ${parts.join(comma)}`));
      if (message.text !== undefined) lines.push(this.#textLine(message.text));
    }
    return [
      ...lines,
      ...meaningLines(message.meaning).map((line) => this.#below('meaning', line)),
      ...this.#faults(message.faults),
      ...message.remarks.map((found) => this.#below('note', remarkText(found)[language])),
    ];
  }

  /** For instance `text frame, 12 bytes, masked with 37fa213d`. */
  #title(
    frame: Pick<
      DecodedFrame,
      'opcode' | 'fin' | 'rsv1' | 'payloadLength' | 'maskingKey' | 'lengthForm' | 'isShortestForm'
    >,
  ): string {
    const { bytes, frame: named, maskedWith, lengthIn, comma } = this.#phrases;
    const { name, nameZh } = opcodeText(frame.opcode);
    return [
      named(this.#options.language === 'zh' ? nameZh : name),
      bytes(frame.payloadLength),
      frame.fin ? '' : 'FIN 0',
      frame.rsv1 ? 'RSV1' : '',
      frame.maskingKey ? maskedWith(hexShown(frame.maskingKey, 4, 4).replaceAll(' ', '')) : '',
      frame.isShortestForm ? '' : lengthIn(frame.lengthForm),
    ]
      .filter((part) => part !== '')
      .join(comma);
  }

  #rest(kind: string, size: string): string {
    return kind === 'undecodable' ? this.#phrases.undecodable(size) : this.#phrases.unfinished(size, kind);
  }

  #textLine(text: string): string {
    return this.#below('text', shortened(text, this.#options.textCharactersMax, this.#phrases));
  }

  #faults(faults: readonly WireFault[]): string[] {
    return faults.map((found) =>
      this.#below('fault', `✗ ${escaped(faultText(found)[this.#options.language])} (${found.rule})`),
    );
  }

  #arrow(direction: Direction): string {
    return this.#paint(direction, direction === 'in' ? '→' : '←');
  }

  #line(at: Micros | undefined, text: string): string {
    if (!this.#options.times) return text;
    const time = at === undefined ? '' : timeShown(at - (this.#start ?? at));
    return `${this.#paint('time', time.padStart(TIME_WIDTH))}  ${text}`;
  }

  #below(kind: Paint, text: string): string {
    return this.#indent(this.#paint(kind, text));
  }

  #indent(text: string): string {
    return `${' '.repeat((this.#options.times ? TIME_WIDTH + 2 : 0) + 2)}${text}`;
  }

  #paint(kind: Paint, text: string): string {
    return this.#options.paint(kind, text);
  }
}

const TIME_WIDTH = 11;
const keyOf = ({ direction, index }: DecodedMessage): string => `${direction}${index}`;
