// The engine's errors under the codes that the documentation of ws gives them. Errors that ws has no code for keep ours.
import type { WireError, WireErrorCode } from '../core/wire-error.ts';

const CODES: Readonly<Partial<Record<WireErrorCode, string>>> = {
  'control-fragmented': 'WS_ERR_EXPECTED_FIN',
  'mask-missing': 'WS_ERR_EXPECTED_MASK',
  'mask-unexpected': 'WS_ERR_UNEXPECTED_MASK',
  'close-code-invalid': 'WS_ERR_INVALID_CLOSE_CODE',
  'close-payload-invalid': 'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH',
  'control-too-long': 'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH',
  'opcode-reserved': 'WS_ERR_INVALID_OPCODE',
  'continuation-unexpected': 'WS_ERR_INVALID_OPCODE',
  'continuation-missing': 'WS_ERR_INVALID_OPCODE',
  'utf8-invalid': 'WS_ERR_INVALID_UTF8',
  'close-reason-invalid': 'WS_ERR_INVALID_UTF8',
  'length-impossible': 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH',
  'message-too-large': 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
  'too-many-fragments': 'WS_ERR_TOO_MANY_BUFFERED_PARTS',
};

// The sentence names the three bits; when RSV2 or RSV3 is among them, it is not about RSV1 alone.
const RESERVED_BITS_2_3 = /\b[01](?:1[01]|01)\b/;

/** An error of the protocol, as the `error` event gives it. */
export class ProtocolError extends RangeError {
  /** One of the codes `WS_ERR_…`, or the engine's own where ws has none. */
  readonly code: string;

  constructor(error: WireError) {
    super(error.message, { cause: error });
    this.code = codeOf(error);
  }
}

function codeOf({ code, message }: WireError): string {
  if (code !== 'reserved-bits') return CODES[code] ?? code;
  return RESERVED_BITS_2_3.test(message) ? 'WS_ERR_UNEXPECTED_RSV_2_3' : 'WS_ERR_UNEXPECTED_RSV_1';
}
