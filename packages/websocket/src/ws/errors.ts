// The engine's errors in the words of ws: its codes and its sentences, since programs and what collects their errors match
// on both. Errors that ws does not know keep ours.
import { constants } from 'node:zlib';
import type { WireError, WireErrorCode } from '../core/wire-error.ts';

const FRAME = 'Invalid WebSocket frame: ';

interface Words {
  readonly code: string;
  /** Absent: our own sentence. `#` stands for the number in our sentence. */
  readonly text?: string;
}

const WORDS: Readonly<Partial<Record<WireErrorCode, Words>>> = {
  'control-fragmented': { code: 'WS_ERR_EXPECTED_FIN', text: `${FRAME}FIN must be set` },
  'mask-missing': { code: 'WS_ERR_EXPECTED_MASK', text: `${FRAME}MASK must be set` },
  'mask-unexpected': { code: 'WS_ERR_UNEXPECTED_MASK', text: `${FRAME}MASK must be clear` },
  'close-code-invalid': { code: 'WS_ERR_INVALID_CLOSE_CODE', text: `${FRAME}invalid status code #` },
  'close-payload-invalid': {
    code: 'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH',
    text: `${FRAME}invalid payload length 1`,
  },
  'control-too-long': { code: 'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH' },
  'opcode-reserved': { code: 'WS_ERR_INVALID_OPCODE', text: `${FRAME}invalid opcode #` },
  'continuation-unexpected': { code: 'WS_ERR_INVALID_OPCODE', text: `${FRAME}invalid opcode 0` },
  'continuation-missing': { code: 'WS_ERR_INVALID_OPCODE' },
  'utf8-invalid': { code: 'WS_ERR_INVALID_UTF8', text: `${FRAME}invalid UTF-8 sequence` },
  'close-reason-invalid': { code: 'WS_ERR_INVALID_UTF8', text: `${FRAME}invalid UTF-8 sequence` },
  'length-impossible': {
    code: 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH',
    text: 'Unsupported WebSocket frame: payload length > 2^53 - 1',
  },
  'message-too-large': { code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', text: 'Max payload size exceeded' },
  'too-many-fragments': { code: 'WS_ERR_TOO_MANY_BUFFERED_PARTS', text: 'Too many message fragments' },
  // The code that zlib gives.
  'deflate-data-invalid': { code: 'Z_DATA_ERROR' },
};

const RSV_1: Words = { code: 'WS_ERR_UNEXPECTED_RSV_1', text: `${FRAME}RSV1 must be clear` };
const RSV_2_3: Words = { code: 'WS_ERR_UNEXPECTED_RSV_2_3', text: `${FRAME}RSV2 and RSV3 must be clear` };
// The sentence names the three bits; when RSV2 or RSV3 is among them, it is not about RSV1 alone.
const RESERVED_BITS_2_3 = /\b[01](?:1[01]|01)\b/;
const NUMBER = /\b(?:0x[0-9a-f]+|\d+)\b/;

/** An error of the protocol, as the `error` event gives it. */
export class ProtocolError extends RangeError {
  /** One of the codes `WS_ERR_…` or of zlib, or the engine's own where ws has none. */
  readonly code: string;
  /** The number of zlib's error. */
  declare readonly errno?: number;

  constructor(error: WireError) {
    const { code = error.code, text } = wordsOf(error) ?? {};
    super(text?.replace('#', numberIn(error.message)) ?? error.message, { cause: error });
    this.code = code;
    if (error.code === 'deflate-data-invalid') this.errno = constants.Z_DATA_ERROR;
  }
}

function wordsOf({ code, message }: WireError): Words | undefined {
  if (code !== 'reserved-bits') return WORDS[code];
  return RESERVED_BITS_2_3.test(message) ? RSV_2_3 : RSV_1;
}

function numberIn(sentence: string): string {
  const [number] = NUMBER.exec(sentence) ?? [];
  return number === undefined ? '' : String(Number(number));
}
