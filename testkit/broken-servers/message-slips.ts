// Servers that get messages, control frames or closing wrong, each in one way.
import { Connection, type Frame } from './base-server.ts';
import { another, type BrokenServer, slip } from './broken-server.ts';

export const MESSAGE_SLIPS: readonly BrokenServer[] = [
  slip(
    'fragments-joined-wrongly',
    'It keeps the last fragment only.',
    class extends Connection {
      protected override join(parts: readonly Buffer[]): Buffer {
        return parts.at(-1) ?? Buffer.alloc(0);
      }
    },
  ),
  another(
    'fragments-answered-one-by-one',
    'fragments-joined-wrongly',
    'It takes every fragment for a message.',
    class extends Connection {
      #kind = 1;

      protected override isOrderFine(): boolean {
        return true;
      }
      protected override takeData({ opcode, payload }: Frame): void {
        if (opcode !== 0) this.#kind = opcode;
        this.deliver(this.#kind, payload);
      }
    },
  ),
  another(
    'fragments-in-reverse',
    'fragments-joined-wrongly',
    'It joins the fragments from the last to the first.',
    class extends Connection {
      protected override join(parts: readonly Buffer[]): Buffer {
        return Buffer.concat([...parts].reverse());
      }
    },
  ),
  slip(
    'fragment-order-unchecked',
    'A fragment may come at any time.',
    class extends Connection {
      protected override isOrderFine(): boolean {
        return true;
      }
    },
  ),
  slip(
    'control-inside-message',
    'A ping between two fragments becomes part of the message.',
    class extends Connection {
      protected override takePing(payload: Buffer): void {
        if (this.parts.length > 0) this.parts.push(payload);
        super.takePing(payload);
      }
    },
  ),
  slip(
    'utf8-cut-at-chunk',
    'It decodes every fragment by itself.',
    class extends Connection {
      protected override join(parts: readonly Buffer[]): Buffer {
        return this.opcode === 1 && parts.length > 1
          ? Buffer.from(parts.map((part) => part.toString()).join(''))
          : super.join(parts);
      }
    },
  ),
  another(
    'utf8-judged-by-fragment',
    'utf8-cut-at-chunk',
    'It wants every fragment to be UTF-8.',
    class extends Connection {
      protected override takeData(frame: Frame): void {
        const kind = frame.opcode === 0 ? this.opcode : frame.opcode;
        if (kind === 1 && !this.isTextFine(frame.payload)) this.close(1007);
        else super.takeData(frame);
      }
    },
  ),
  slip(
    'text-not-utf8',
    'It reads text as Latin-1.',
    class extends Connection {
      protected override message(opcode: number, payload: Buffer): void {
        this.send(opcode, opcode === 1 ? Buffer.from(payload.toString('latin1')) : payload);
      }
    },
  ),
  slip(
    'utf8-unchecked',
    'Any bytes are text.',
    class extends Connection {
      protected override isTextFine(): boolean {
        return true;
      }
    },
  ),
  slip(
    'binary-as-text',
    'Everything is sent as text.',
    class extends Connection {
      protected override message(_: number, payload: Buffer): void {
        this.send(1, payload);
      }
    },
  ),
  another(
    'binary-through-a-string',
    'binary-as-text',
    'Bytes become a string and bytes again.',
    class extends Connection {
      protected override message(opcode: number, payload: Buffer): void {
        this.send(opcode, Buffer.from(payload.toString()));
      }
    },
  ),
  slip(
    'text-as-binary',
    'Everything is sent as binary.',
    class extends Connection {
      protected override message(_: number, payload: Buffer): void {
        this.send(2, payload);
      }
    },
  ),
  slip(
    'empty-message-lost',
    'What is empty is passed over.',
    class extends Connection {
      protected override message(opcode: number, payload: Buffer): void {
        if (payload.length > 0) super.message(opcode, payload);
      }
    },
  ),
];

export const CONTROL_SLIPS: readonly BrokenServer[] = [
  slip(
    'ping-unanswered',
    'It knows no pings.',
    class extends Connection {
      protected override takePing(): void {}
    },
  ),
  slip(
    'pong-without-payload',
    'Its pongs are empty.',
    class extends Connection {
      protected override takePing(): void {
        this.send(10, Buffer.alloc(0));
      }
    },
  ),
  slip(
    'pong-answered',
    'It answers pongs with pongs.',
    class extends Connection {
      protected override takePong(payload: Buffer): void {
        this.takePing(payload);
      }
    },
  ),
  slip(
    'control-frame-fragmented',
    'It takes pings in fragments.',
    class extends Connection {
      #isPing = false;

      protected override isControlFine(_: boolean, length: number): boolean {
        return length <= 125;
      }
      protected override isOrderFine(opcode: number): boolean {
        return this.#isPing ? opcode === 0 : super.isOrderFine(opcode);
      }
      protected override take(frame: Frame): void {
        const isInPing = this.#isPing;
        this.#isPing = frame.opcode === 9 ? !frame.fin : this.#isPing && frame.opcode !== 0;
        if (!(isInPing && frame.opcode === 0)) super.take(frame);
      }
    },
  ),
  another(
    'pong-without-fin',
    'control-frame-fragmented',
    'Its pongs lack the FIN bit.',
    class extends Connection {
      protected override firstByte(opcode: number): number {
        return opcode === 10 ? opcode : super.firstByte(opcode);
      }
    },
  ),
  slip(
    'control-frame-too-long',
    'It takes pings of any length.',
    class extends Connection {
      protected override isControlFine(fin: boolean): boolean {
        return fin;
      }
    },
  ),
];

export const CLOSING_SLIPS: readonly BrokenServer[] = [
  slip(
    'close-unanswered',
    'It does not answer a Close frame.',
    class extends Connection {
      protected override takeClose(): void {}
    },
  ),
  another(
    'close-cut-short',
    'close-unanswered',
    'At a Close frame it ends TCP at once.',
    class extends Connection {
      protected override takeClose(): void {
        this.isClosing = true;
        this.socket.end();
      }
    },
  ),
  slip(
    'tcp-left-open',
    'It answers a Close frame and leaves TCP open.',
    class extends Connection {
      protected override endTcp(): void {}
    },
  ),
  slip(
    'code-1006-on-wire',
    'It answers every Close frame with 1006.',
    class extends Connection {
      protected override takeClose(): void {
        this.close(1006);
      }
    },
  ),
  another(
    'empty-close-becomes-1005',
    'code-1006-on-wire',
    'It answers a Close frame without a code with 1005.',
    class extends Connection {
      protected override closePayload(code: number | undefined): Buffer {
        return super.closePayload(code ?? 1005);
      }
    },
  ),
  slip(
    'close-code-invalid-sent',
    'It writes the code with the low byte first.',
    class extends Connection {
      protected override closePayload(code: number | undefined): Buffer {
        return super.closePayload(code).reverse();
      }
    },
  ),
  slip(
    'close-code-invalid-accepted',
    'It sends every code back.',
    class extends Connection {
      protected override isCodeFine(): boolean {
        return true;
      }
    },
  ),
  slip(
    'data-after-close-processed',
    'It still answers what comes behind a Close frame.',
    class extends Connection {
      protected override takeClose(payload: Buffer): void {
        this.readFrames();
        super.takeClose(payload);
      }
    },
  ),
  slip(
    'frames-after-close-sent',
    'It says goodbye after its Close frame.',
    class extends Connection {
      protected override endTcp(): void {
        this.socket.write(this.frame(1, Buffer.from('goodbye')));
        super.endTcp();
      }
    },
  ),
];
