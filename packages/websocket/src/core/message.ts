// One reassembled WebSocket message, as the application gets it. The text is decoded only when it is asked for.

export type MessageKind = 'text' | 'binary';

export class Message {
  readonly kind: MessageKind;
  /** The payload. Of a text message these bytes are valid UTF-8. They belong to the receiver from now on. */
  readonly data: Buffer;

  constructor(kind: MessageKind, data: Buffer) {
    this.kind = kind;
    this.data = data;
  }

  /** The payload as text; of a binary message, what UTF-8 makes of it. */
  text(): string {
    return this.data.toString('utf8');
  }
}
