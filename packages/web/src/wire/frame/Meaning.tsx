// What a message says: its text, indented where it is JSON, and what it means in the chat; of Socket.IO layer by layer.
import { type DecodedMessage, type EngineIoPacket, remarkText } from '@wireroom/capture';
import { useMemo } from 'react';
import controls from '../../app/controls.module.css';
import { FaultList } from '../FaultList.tsx';
import { type Say, useSay } from '../words/words.ts';
import detail from './FrameDetail.module.css';
import { jsonPieces } from './json-tokens.ts';
import styles from './Meaning.module.css';

interface Props {
  readonly message: DecodedMessage;
  onMessage?: ((seq: number) => void) | undefined;
}

export function Meaning({ message, onMessage }: Props) {
  const say = useSay();
  const { meaning, text } = message;
  return (
    <section className={detail.section}>
      <h4 className={detail.subtitle}>{say('meaning.title')}</h4>
      <FaultList faults={message.faults} />
      {message.remarks.map((remark) => (
        <p className={styles.remark} key={remark.code}>
          {say.of(remarkText(remark))}
        </p>
      ))}
      {meaning?.language === 'wireroom' && (
        <p className={styles.chat}>
          <span className={styles.type}>{meaning.type}</span>
          {meaning.entryType !== undefined && <span className={styles.type}>{meaning.entryType}</span>}
          <span>{say(`meaning.${meaning.role}`)}</span>
          {meaning.ref !== undefined && <span>{say('meaning.ref', { ref: meaning.ref })}</span>}
          {meaning.draftId !== undefined && <span>{say('meaning.draft', { draft: meaning.draftId })}</span>}
          {meaning.seq !== undefined && (
            <Seq
              seq={meaning.seq}
              say={say}
              onMessage={meaning.target === undefined ? onMessage : undefined}
            />
          )}
          {meaning.target !== undefined && <span>{say('meaning.target', { seq: meaning.target })}</span>}
          {meaning.target !== undefined && onMessage !== undefined && (
            <Seq seq={meaning.target} say={say} onMessage={onMessage} />
          )}
          {meaning.rooms !== undefined && <span>{say('meaning.rooms', { count: meaning.rooms })}</span>}
          {meaning.reconnectAfterMs !== undefined && (
            <span>{say('meaning.backIn', { ms: meaning.reconnectAfterMs })}</span>
          )}
        </p>
      )}
      {meaning?.language === 'socketio' &&
        meaning.packets.map((packet, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a packet is its place
          <PacketLayers key={at} packet={packet} say={say} />
        ))}
      {text !== undefined && meaning?.language !== 'socketio' && <Json text={text} />}
      {text === undefined && message.type === 'binary' && <p>{say('meaning.binary')}</p>}
    </section>
  );
}

interface SeqProps {
  readonly seq: number;
  readonly say: Say;
  onMessage?: ((seq: number) => void) | undefined;
}

function Seq({ seq, say, onMessage }: SeqProps) {
  if (onMessage === undefined) return <span>#{seq}</span>;
  return (
    <button type="button" className={controls.inline} onClick={() => onMessage(seq)}>
      {say('meaning.toMessage', { seq })}
    </button>
  );
}

function Json({ text }: { readonly text: string }) {
  const pieces = useMemo(() => jsonPieces(text), [text]);
  return (
    <pre className={styles.json}>
      {pieces.map(({ kind, text: piece }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place
        <span key={at} data-kind={kind}>
          {piece}
        </span>
      ))}
    </pre>
  );
}

/** `42["message",{…}]`: the digit of Engine.IO, inside it that of Socket.IO, inside it the event. */
function PacketLayers({ packet, say }: { readonly packet: EngineIoPacket; readonly say: Say }) {
  const { inner } = packet;
  return (
    <div className={styles.layer} data-look="opcode">
      <p className={styles.layerHead}>
        <b>{packet.digit}</b> Engine.IO <span>{packet.type}</span> {say(`eio.${packet.type}`)}
      </p>
      {inner === undefined ? (
        packet.text !== '' && <Json text={packet.text} />
      ) : (
        <div className={styles.layer} data-look="length">
          <p className={styles.layerHead}>
            <b>{inner.digit}</b> Socket.IO <span>{inner.type}</span> {say(`sio.${inner.type}`)}{' '}
            {say('meaning.namespace', { name: inner.namespace })}
            {inner.id !== undefined && ` ${say('meaning.ackId', { id: inner.id })}`}
          </p>
          {inner.data !== undefined && <Json text={inner.data} />}
          {inner.lessonType !== undefined && (
            <p className={styles.layerHead}>{say('meaning.lesson', { type: inner.lessonType })}</p>
          )}
        </div>
      )}
    </div>
  );
}
