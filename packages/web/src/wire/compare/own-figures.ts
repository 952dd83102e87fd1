// What this page's own connection has cost so far, out of its records: the handshake, and the last line each way. Pure.
import type { Decoded, DecodedFrame, DecodedMessage, Direction } from '@wireroom/capture';

export interface OwnFigures {
  readonly handshake: { readonly up: number; readonly down: number };
  /** Bytes of the frames of the last line that this page sent, and of the last one that it got; absent: none yet. */
  readonly sent?: number;
  readonly received?: number;
}

/** `undefined`: the handshake has not been seen. */
export function ownFigures({ handshake, frames, messages }: Decoded): OwnFigures | undefined {
  const { request, response } = handshake;
  if (request === undefined || response === undefined) return undefined;
  const bytesOf = (message: DecodedMessage | undefined): number | undefined =>
    message && framesOf(message, frames).reduce((sum, { span }) => sum + span.to - span.from, 0);
  const sent = bytesOf(lastOf(messages, 'in', 'post'));
  const received = bytesOf(lastOf(messages, 'out', 'entry'));
  return {
    handshake: { up: request.span.to - request.span.from, down: response.span.to - response.span.from },
    ...(sent !== undefined && { sent }),
    ...(received !== undefined && { received }),
  };
}

const lastOf = (messages: readonly DecodedMessage[], direction: Direction, type: string) =>
  messages.findLast(
    ({ direction: own, meaning }) =>
      own === direction && meaning?.language === 'wireroom' && meaning.type === type,
  );

const framesOf = (message: DecodedMessage, frames: readonly DecodedFrame[]): readonly DecodedFrame[] =>
  frames.filter(({ direction, index }) => direction === message.direction && message.frames.includes(index));
