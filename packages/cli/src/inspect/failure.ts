// Why a connection did not come about or broke, in sentences for people who have not read the engine's table of errors.
import { WireError } from '@wireroom/websocket';

/** A sentence or two: what happened, and what to do about it where that is known. */
export function describeFailure(error: unknown, url: URL): string {
  if (!(error instanceof WireError)) return sentence(error instanceof Error ? error.message : String(error));
  switch (error.code) {
    case 'connect-failed':
      return describeDialling(error.cause, url);
    case 'connect-timeout':
      return `${url.host} did not complete the handshake in time. Is it a WebSocket server?`;
    case 'response-refused':
      return `${url.host} refused: it answered ${error.httpStatus} instead of 101.${adviceFor(error.httpStatus)}`;
    case 'redirect-refused':
      return `${sentence(error.message)} -L follows redirects.`;
    case 'head-malformed':
      return `${url.host} answered with bytes that are no HTTP.${url.protocol === 'ws:' ? ' If it speaks TLS, the URL begins with wss:.' : ''}`;
    case 'head-cut':
      return `${url.host} ended the connection in the middle of the handshake.`;
    default:
      return sentence(error.message);
  }
}

const ADVICE: Readonly<Record<number, string>> = {
  400: ' Something in the request displeased it; the body may say what.',
  401: ' It wants to know who you are: --auth user:password, or -H "Authorization: …".',
  403: ' It may want another Origin: -o https://the-page.example.',
  404: ' Is there a WebSocket at this path?',
  426: ' It wants another version or protocol; its headers say which.',
  429: ' It has had too many requests from here.',
};

const adviceFor = (status: number | undefined): string => ADVICE[status ?? 0] ?? '';

function describeDialling(cause: unknown, url: URL): string {
  const host = url.hostname;
  const code = codeOf(cause);
  switch (code) {
    case 'ENOTFOUND':
      return `There is no host called "${host}": the name leads to no address.`;
    case 'EAI_AGAIN':
      return `The name "${host}" could not be looked up just now; is there a network?`;
    case 'ECONNREFUSED':
      return `Nothing listens at ${withPort(url)}: the connection was refused.`;
    case 'ECONNRESET':
      return `${withPort(url)} cut the connection before it was one.`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${withPort(url)} cannot be reached (${code}).`;
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'EPROTO':
      return `${withPort(url)} does not speak TLS; the URL may have to begin with ws: instead of wss:.`;
    default:
      return isCertificateError(code)
        ? `The certificate of ${url.host} is not trusted: ${lowerFirst(messageOf(cause))}. -n connects all the same; --ca FILE names whom to trust.`
        : sentence(`No connection to ${withPort(url)}: ${messageOf(cause)}`);
  }
}

const CERTIFICATE_CODES = /CERT|SELF_SIGNED|VERIFY_LEAF|ALTNAME|ISSUER/;

const isCertificateError = (code: string): boolean => CERTIFICATE_CODES.test(code);

/** Of several addresses that were tried, the errors lie beneath one without a message. */
function codeOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0]);
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message.replace(/\.$/, '') || codeOf(cause);
}

const withPort = (url: URL): string => `${url.hostname}:${url.port || (url.protocol === 'wss:' ? 443 : 80)}`;
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
