// What is seen goes out here: as text while it happens, as JSON lines, or the messages alone; and into a file at the end.
// Secrets are hidden before anything else is done with a record.
import {
  type CaptureRecord,
  jsonlHeader,
  jsonlRecord,
  type Paint,
  Redactor,
  TextRenderer,
} from '@wireroom/capture';
import {
  harmless,
  hasColor,
  type Io,
  isInteractive,
  type Style,
  styleFor,
  type Terminal,
} from '../terminal/terminal.ts';
import type { InspectOptions } from './arguments.ts';
import { KeptCaptures } from './kept-captures.ts';

/** Of the body of a refusal. */
const BODY_LINES_MAX = 40;

/** Takes the records of one connection. */
export type Sink = (record: CaptureRecord) => void;

export class Outlet {
  readonly #options: InspectOptions;
  readonly #io: Io;
  readonly #style: Style;
  #terminal: Terminal | undefined;
  readonly #kept: KeptCaptures | undefined;
  #connections = 0;
  #hasHeader = false;

  constructor(options: InspectOptions, io: Io) {
    this.#options = options;
    this.#io = io;
    this.#style = styleFor(options.isColorWanted && hasColor(io));
    this.#kept = options.saveTo === undefined ? undefined : new KeptCaptures(options.saveTo);
  }

  /** A connection begins. */
  begin(): Sink {
    this.#connections += 1;
    const show = this.#shower(this.#connections);
    const keep = this.#kept?.begin();
    const redactor = this.#options.showsSecrets ? undefined : new Redactor();
    return (record) => {
      const safe = redactor?.push(record) ?? record;
      show(safe);
      keep?.(safe);
    };
  }

  /** A message has come, and how it is shown where only messages are. */
  message(data: string | Uint8Array): void {
    if (this.#options.output !== 'messages') return;
    if (typeof data === 'string') this.#print(this.#marked(this.#safe(data)));
    else if (this.#options.isBinary && this.#io.output.isTTY !== true) this.#io.output.write(data);
    else this.#print(this.#marked(Buffer.from(data).toString('hex')));
  }

  control(kind: 'ping' | 'pong', payload: Uint8Array): void {
    if (this.#options.output !== 'messages' || !this.#options.showsPings) return;
    const text = payload.length === 0 ? '' : ` ${this.#safe(Buffer.from(payload).toString())}`;
    this.#print(this.#style.dim(this.#marked(`(${kind}${text})`)));
  }

  /** For people: said to them above their input, or beside the output. */
  remark(text: string): void {
    if (isInteractive(this.#io)) this.#print(this.#style.dim(harmless(text)));
    else if (this.#options.output === 'frames') this.#io.errors.write(`${harmless(text)}\n`);
  }

  complain(text: string): void {
    const line = harmless(text);
    if (isInteractive(this.#io)) this.#print(this.#style.red(line));
    else this.#io.errors.write(`${line}\n`);
  }

  /** What a server said with its refusal. */
  showBody(text: string): void {
    if (this.#options.output !== 'frames') return;
    const lines = text.split('\n');
    const shown = lines.slice(0, BODY_LINES_MAX);
    if (lines.length > shown.length) shown.push(`… (${lines.length - shown.length} more lines)`);
    this.#print(shown.map((line) => `             ${this.#style.dim('│')} ${harmless(line)}`).join('\n'));
  }

  /** From now on there is an input line, which must not be written over. */
  printAbove(terminal: Terminal): void {
    this.#terminal = terminal;
  }

  /** Everything has been seen. */
  finish(): void {
    this.#terminal = undefined;
    const trouble = this.#kept?.save();
    if (trouble !== undefined) this.complain(trouble);
  }

  #shower(number: number): Sink {
    const { to, output } = this.#options;
    if (output === 'messages') return () => {};
    if (output === 'json') return this.#jsonShower(to.kind === 'listen');
    const mark = to.kind === 'listen' ? this.#style.of(String(number), `[${number}] `) : '';
    const renderer = new TextRenderer({ paint: (kind, text) => paint(this.#style, kind, text) });
    return (record) => {
      const lines =
        record.kind === 'close' ? [...renderer.end(), ...renderer.push(record)] : renderer.push(record);
      if (lines.length > 0) this.#print(lines.map((line) => mark + line).join('\n'));
    };
  }

  /** In a file of captures the records of one stand together; those of several clients at once wait for their end. */
  #jsonShower(isHeldBack: boolean): Sink {
    const held: string[] = [];
    return (record) => {
      held.push(jsonlRecord(record));
      if (isHeldBack && record.kind !== 'close') return;
      if (!this.#hasHeader) this.#print(jsonlHeader());
      this.#hasHeader = true;
      this.#print(held.splice(0).join('\n'));
    };
  }

  /** As wscat marks what comes, where a person reads along. */
  #marked(text: string): string {
    return this.#io.output.isTTY === true ? `< ${text}` : text;
  }

  /** A program gets a message as it came; a terminal must not be told by strangers what to do. */
  #safe(text: string): string {
    return this.#io.output.isTTY === true ? harmless(text) : text;
  }

  #print(text: string): void {
    if (this.#terminal === undefined) this.#io.output.write(`${text}\n`);
    else this.#terminal.print(text);
  }
}

/** How a piece of a capture's text looks in a terminal. */
export function paint(style: Style, kind: Paint, text: string): string {
  switch (kind) {
    case 'time':
    case 'dim':
    case 'hex':
      return style.dim(text);
    case 'title':
      return style.bold(text);
    case 'fault':
      return style.red(text);
    case 'note':
      return style.yellow(text);
    case 'in':
    case 'out':
    case 'name':
    case 'meaning':
      return style.tone(kind, text);
    case 'value':
    case 'text':
      return text;
  }
}
