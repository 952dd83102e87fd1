// The worked example of exercise 01: the request, the three steps to the accept value, and the answer. The values are those
// of RFC 6455, section 1.3. They are computed by the solution, so they cannot be wrong alone.
import { createHash } from 'node:crypto';
import { acceptOf, answerOf } from '../solutions/01-handshake.ts';

const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const joined = `${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
const sha1 = createHash('sha1').update(joined).digest('hex');
const requestLine = 'GET /chat HTTP/1.1';
const headers = [
  ['Host', '127.0.0.1:8090'],
  ['Upgrade', 'websocket'],
  ['Connection', 'Upgrade'],
  ['Sec-WebSocket-Key', key],
  ['Sec-WebSocket-Version', '13'],
] as const;

console.log([requestLine, ...headers.map(([name, value]) => `${name}: ${value}`), ''].join('\n'));
console.log('key + GUID  ', joined);
console.log('SHA-1       ', sha1.replaceAll(/(..)(?=.)/g, '$1 '));
console.log('Base64      ', acceptOf(key));
const names = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
console.log(`\n${answerOf({ requestLine, headers: names }).replaceAll('\r\n', '\n').trimEnd()}`);
