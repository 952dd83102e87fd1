// How a frame travelled, as a list of facts: the form of its length, the TCP reads that it lay in, the message that it is part of,
// the pong to a ping, the code of a Close.
import { closeCodeText, type DecodedFrame, type DecodedMessage } from '@wireroom/capture';
import type { ReactNode } from 'react';
import controls from '../../app/controls.module.css';
import { durationText } from '../durations.ts';
import { type Say, useSay } from '../words/words.ts';
import styles from './FrameDetail.module.css';
import type { FrameDetailProps } from './FrameDetail.tsx';

interface Props extends FrameDetailProps {
  readonly message: DecodedMessage | undefined;
}

export function FrameFacts(props: Props) {
  const { frame, message } = props;
  const say = useSay();
  return (
    <section className={styles.section}>
      <h4 className={styles.subtitle}>{say('facts.title')}</h4>
      <dl className={styles.facts}>
        <Fact name={say('facts.length')}>
          {say(`facts.length.${frame.lengthForm}`)}{' '}
          {say(frame.isShortestForm ? 'facts.shortest' : 'facts.notShortest')}
        </Fact>
        <Fact name={say('facts.tcp')}>
          <Travel {...props} />
        </Fact>
        {message !== undefined && message.frames.length > 1 && (
          <Fact name={say('facts.message')}>
            <Fragments {...props} message={message} />
          </Fact>
        )}
        <PingFact {...props} />
        {frame.opcode === 0x8 && <CloseFacts {...props} />}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Travel({ decoded, frame }: FrameDetailProps) {
  const say = useSay();
  const verb = frame.direction === 'in' ? 'read' : 'write';
  const [first = 0] = frame.chunks;
  if (frame.chunks.length > 1) {
    const sizes = frame.chunks.map((index) =>
      sharedBytes(decoded.chunks[frame.direction][index]?.span, frame),
    );
    return say(`facts.tcp.${verb}.many`, { count: frame.chunks.length, sizes: sizes.join(' + ') });
  }
  const others = decoded.frames.filter(
    ({ direction, chunks }) => direction === frame.direction && chunks.includes(first),
  ).length;
  return others > 1
    ? say(`facts.tcp.${verb}.shared`, { number: first + 1, others: others - 1, count: others - 1 })
    : say(`facts.tcp.${verb}.alone`, { number: first + 1 });
}

function sharedBytes(
  chunk: { readonly from: number; readonly to: number } | undefined,
  frame: DecodedFrame,
): number {
  if (chunk === undefined) return 0;
  return Math.max(0, Math.min(chunk.to, frame.span.to) - Math.max(chunk.from, frame.span.from));
}

function Fragments({ frame, message, onFrame }: Props & { readonly message: DecodedMessage }) {
  const say = useSay();
  return (
    <>
      {say('facts.message.part', {
        part: message.frames.indexOf(frame.index) + 1,
        parts: message.frames.length,
      })}{' '}
      {message.frames.map((index, at) => (
        <button
          type="button"
          className={controls.inline}
          key={index}
          aria-current={index === frame.index}
          onClick={() => onFrame(frame.direction, index)}
        >
          {at + 1}
        </button>
      ))}
    </>
  );
}

function PingFact({ decoded, frame, onFrame }: Props) {
  const say = useSay();
  const isPing = frame.opcode === 0x9;
  if (!isPing && frame.opcode !== 0xa) return null;
  const pair = decoded.pings.find(({ ping, pong, direction }) =>
    isPing
      ? direction === frame.direction && ping === frame.index
      : direction !== frame.direction && pong === frame.index,
  );
  const other = isPing ? pair?.pong : pair?.ping;
  if (pair === undefined || other === undefined)
    return <Fact name={say('facts.ping')}>{say(isPing ? 'facts.ping.open' : 'facts.pong.alone')}</Fact>;
  return (
    <Fact name={say('facts.ping')}>
      {say('facts.ping.trip', { time: durationText(pair.roundTripMicros ?? 0) })}{' '}
      <button
        type="button"
        className={controls.inline}
        onClick={() => onFrame(frame.direction === 'in' ? 'out' : 'in', other)}
      >
        {say(isPing ? 'facts.ping.toPong' : 'facts.ping.toPing')}
      </button>
    </Fact>
  );
}

function closeText(say: Say, code: number): string {
  const text = closeCodeText(code);
  return `${code} ${say.of(text.name)}. ${say.of(text)}`;
}

function CloseFacts({ decoded, frame, onFrame }: Props) {
  const say = useSay();
  const { closing } = decoded;
  const isFirst = closing?.begunBy === frame.direction && closing.firstFrame === frame.index;
  const other = isFirst ? closing.answerFrame : closing?.firstFrame;
  const code = frame.close?.code;
  return (
    <>
      <Fact name={say('facts.close.code')}>
        {code === undefined ? say('facts.close.none') : closeText(say, code)}
        {frame.close?.reason ? ` “${frame.close.reason}”` : ''}
      </Fact>
      {closing !== undefined && (
        <Fact name={say('facts.close.begun')}>
          {say(`facts.close.by.${closing.begunBy}`)}{' '}
          {closing.answeredAfterMicros === undefined
            ? say('facts.close.unanswered')
            : say('facts.close.answered', { time: durationText(closing.answeredAfterMicros) })}{' '}
          {other !== undefined && (
            <button
              type="button"
              className={controls.inline}
              onClick={() => onFrame(frame.direction === 'in' ? 'out' : 'in', other)}
            >
              {say('facts.close.other')}
            </button>
          )}
        </Fact>
      )}
    </>
  );
}
