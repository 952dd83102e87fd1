// A terminal with an input line that stays at the bottom while lines are printed above it; or plain lines in and out
// where there is no person. What the lines mean is the command's business.
import readline from 'node:readline';
import type { Io } from './io.ts';

export { hasColor, type Io, processIo } from './io.ts';
export { harmless, type Style, styleFor } from './style.ts';

export interface TerminalHandlers {
  line(text: string): void;
  /** Ctrl-D, or the input has ended. Once. */
  ended(): void;
  /** Ctrl-C. */
  interrupted(): void;
}

export interface Terminal {
  /** Prints lines above the input line, which keeps what is typed in it. */
  print(text: string): void;
  /** What stands before the input. It may have lines above it, which stay above. */
  setPrompt(prompt: string): void;
  /** No more input. What is printed later stands alone. */
  close(): void;
}

/** Is there a person at both ends? */
export const isInteractive = ({ input, output }: Io): boolean =>
  input.isTTY === true && output.isTTY === true;

export function openTerminal(io: Io, handlers: TerminalHandlers): Terminal {
  return isInteractive(io) ? new InputLine(io, handlers) : new PlainLines(io, handlers);
}

/** Commands that were typed before and can be had again with the arrow keys. */
const TYPED_LINES_KEPT = 200;

class InputLine implements Terminal {
  readonly #io: Io;
  readonly #lines: readline.Interface;
  readonly #keyPressed = (_text: unknown, key: { readonly name?: string } | undefined): void => {
    if (key?.name === 'return' || key?.name === 'enter') this.#aboutToEnter();
  };
  /** Of text that is pasted readline counts no rows (seen in Node 20), and later draws over the line above. */
  readonly #keyTaken = (): void => {
    const { rows } = this.#lines.getCursorPos();
    if (this.#isDrawn && this.#believedRows !== rows) Reflect.set(this.#lines, 'prevRows', rows);
  };
  #isOpen = true;
  /** Do prompt and input stand on the screen? Not while a line that was entered is being handled. */
  #isDrawn = false;
  /** Rows from the prompt's first one to the last one of what was entered. */
  #enteredRows = 0;

  constructor(io: Io, handlers: TerminalHandlers) {
    this.#io = io;
    const { input, output } = io;
    this.#lines = readline.createInterface({
      ...{ input, output },
      terminal: true,
      prompt: '',
      historySize: TYPED_LINES_KEPT,
    });
    input.prependListener('keypress', this.#keyPressed);
    input.on('keypress', this.#keyTaken);
    this.#lines.on('line', (text) => {
      this.#takeBack();
      handlers.line(text);
      if (this.#isOpen) this.#draw();
    });
    this.#lines.on('SIGINT', () => handlers.interrupted());
    this.#lines.on('close', () => {
      if (!this.#isOpen) return;
      this.#end();
      handlers.ended();
    });
    this.#draw();
  }

  print(text: string): void {
    if (this.#isDrawn) this.#redraw(`${text}\n`);
    else this.#io.output.write(`${text}\n`);
  }

  setPrompt(prompt: string): void {
    if (!this.#isOpen || prompt === this.#lines.getPrompt()) return;
    if (this.#isDrawn) this.#redraw('', prompt);
    else this.#lines.setPrompt(prompt);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#end();
    this.#lines.close();
  }

  #end(): void {
    this.#isOpen = false;
    if (this.#isDrawn) this.#wipe(this.#lines.getCursorPos().rows);
    this.#isDrawn = false;
    this.#io.input.off('keypress', this.#keyPressed);
    this.#io.input.off('keypress', this.#keyTaken);
  }

  #draw(): void {
    this.#lines.prompt(true);
    this.#isDrawn = true;
  }

  /** Prompt and input once more, below what is written in their place. */
  #redraw(above: string, prompt = this.#lines.getPrompt()): void {
    const { rows } = this.#lines.getCursorPos();
    const goesUp = this.#believedRows ?? rows;
    this.#wipe(rows);
    // As many empty lines as readline is about to go up by itself before it draws prompt and input again.
    this.#io.output.write(above + '\n'.repeat(goesUp));
    this.#lines.setPrompt(prompt);
    this.#draw();
  }

  /** How many rows readline believes to be above the cursor. Not documented; absent, it is taken to be right. */
  get #believedRows(): number | undefined {
    const believed: unknown = Reflect.get(this.#lines, 'prevRows');
    return typeof believed === 'number' ? believed : undefined;
  }

  #wipe(rows: number): void {
    const { output } = this.#io;
    readline.moveCursor(output, 0, -rows);
    readline.cursorTo(output, 0);
    readline.clearScreenDown(output);
  }

  /** The key is on its way to readline. Only now can be told how many rows there are: afterwards the line is empty. */
  #aboutToEnter(): void {
    this.#lines.write(null, { name: 'end' });
    this.#enteredRows = this.#lines.getCursorPos().rows;
  }

  /** What was entered is not left standing: the command prints what became of it. The cursor is below it. */
  #takeBack(): void {
    this.#isDrawn = false;
    this.#wipe(this.#enteredRows + 1);
  }
}

class PlainLines implements Terminal {
  readonly #io: Io;
  readonly #lines: readline.Interface;
  readonly #stopListening: () => void;
  #isOpen = true;

  constructor(io: Io, handlers: TerminalHandlers) {
    this.#io = io;
    this.#lines = readline.createInterface({ input: io.input, terminal: false });
    this.#lines.on('line', (text) => handlers.line(text));
    this.#lines.on('close', () => {
      if (this.#isOpen) handlers.ended();
    });
    this.#stopListening = io.onInterrupt(() => handlers.interrupted());
  }

  print(text: string): void {
    this.#io.output.write(`${text}\n`);
  }

  setPrompt(): void {
    // There is nobody to prompt.
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#stopListening();
    this.#lines.close();
    // A pipe that nobody ends must not keep the process.
    this.#io.input.destroy();
  }
}
