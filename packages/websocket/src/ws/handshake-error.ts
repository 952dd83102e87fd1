// A handshake that failed, in the words of ws: its sentences on both sides, and its statuses on the server's, since
// programs match on them. The code stays the engine's; what ws does not know keeps our sentence.
import { WireError, type WireErrorCode } from '../core/wire-error.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
}

const VERSION = { status: 400, text: 'Missing or invalid Sec-WebSocket-Version header' };

const ANSWERS: Readonly<Partial<Record<WireErrorCode, Answer>>> = {
  'method-not-get': { status: 405, text: 'Invalid HTTP method' },
  'upgrade-missing': { status: 400, text: 'Invalid Upgrade header' },
  'key-invalid': { status: 400, text: 'Missing or invalid Sec-WebSocket-Key header' },
  'version-unsupported': VERSION,
  'version-repeated': VERSION,
  'subprotocols-malformed': { status: 400, text: 'Invalid Sec-WebSocket-Protocol header' },
  'extensions-malformed': { status: 400, text: 'Invalid or unacceptable Sec-WebSocket-Extensions header' },
};

/** What a client's request is refused with. */
export function serverError(error: WireError): WireError {
  const answer = ANSWERS[error.code];
  if (answer === undefined) return error;
  return new WireError(error.code, answer.text, { cause: error, httpStatus: answer.status });
}

/** Headers of the refusal, so that the client learns what would have been right. */
export function headersOfRefusal({ code }: WireError): Readonly<Record<string, string>> {
  switch (code) {
    case 'method-not-get':
      return { Allow: 'GET' };
    case 'upgrade-missing':
      return { Upgrade: 'websocket' };
    case 'version-unsupported':
    case 'version-repeated':
      return { 'Sec-WebSocket-Version': '13, 8' };
    default:
      return {};
  }
}

/** What the client had asked for. */
interface Asked {
  readonly subprotocols: readonly string[];
  readonly hasOfferedDeflate: boolean;
}

/** Why a client does not take the server's answer. */
export function clientError(error: WireError, asked: Asked): WireError {
  const text = clientText(error, asked);
  return text === undefined ? error : new WireError(error.code, text, { cause: error });
}

function clientText({ code, message }: WireError, asked: Asked): string | undefined {
  switch (code) {
    case 'response-invalid':
      return message.includes('Upgrade') ? 'Invalid Upgrade header' : undefined;
    case 'accept-mismatch':
      return 'Invalid Sec-WebSocket-Accept header';
    case 'subprotocol-unoffered':
      return asked.subprotocols.length === 0
        ? 'Server sent a subprotocol but none was requested'
        : 'Server sent an invalid subprotocol';
    case 'extension-unoffered':
      return asked.hasOfferedDeflate
        ? 'Server indicated an extension that was not requested'
        : 'Server sent a Sec-WebSocket-Extensions header but no extension was requested';
    case 'extensions-malformed':
    case 'extension-acceptance-invalid':
      return 'Invalid Sec-WebSocket-Extensions header';
    default:
      return undefined;
  }
}
