// What `wireroom inspect --help` prints.
import { ORDER_HELP } from './order.ts';

const FLAGS: readonly (readonly [flag: string, meaning: string])[] = [
  ['-c, --connect URL', 'connects there; the URL may as well stand alone'],
  [
    '-l, --listen PORT',
    'listens instead: an echo server that shows what its clients send (0: any free port)',
  ],
  ['-H, --header "N: V"', 'adds a header to the request; may be given several times'],
  ['-s, --subprotocol NAME', 'offers a subprotocol; may be given several times'],
  ['-o, --origin ORIGIN', 'says that a page of this origin asks'],
  ['    --host NAME', 'another Host header than that of the URL'],
  ['    --auth USER:PASSWORD', 'HTTP Basic authentication'],
  ['-n, --no-check', 'does not check the certificate'],
  ['    --ca, --cert, --key FILE', 'whom to trust, and who we are (PEM); --passphrase opens the key'],
  ['-L, --location', 'follows redirects; --max-redirects N says how many (10 at most)'],
  ['    --deflate', 'offers permessage-deflate'],
  ['    --socketio', 'speaks Socket.IO, as it does where the URL has EIO=4 in it; --event NAME (message)'],
  ['-x, --execute TEXT', 'sends this and waits; may be given several times'],
  ['-f, --file FILE', 'sends the file as one message and waits'],
  ['-b, --binary', 'as binary messages; the whole input is one'],
  [
    '-w, --wait SECONDS',
    'without a person: stays so long after the last line (2); -1: until the other end closes',
  ],
  ['    --slash', 'lines of a pipe may be commands as well'],
  ['    --json', 'prints the records of the capture, one JSON object a line'],
  ['-q, --quiet', 'prints only the messages that come; -P also pings and pongs'],
  ['    --save FILE', "keeps the capture: .pcapng for Wireshark, .har for a browser's tools, .jsonl for us"],
  ['    --show-secrets', 'prints tokens, cookies and passwords instead of hiding them'],
  ['    --no-color', 'as NO_COLOR=1'],
];

export function inspectHelp(): string {
  return [
    'wireroom inspect URL: connects to any WebSocket or Socket.IO server and shows the handshake and every frame.',
    'wireroom inspect FILE: shows what is in a capture (.pcapng, .pcap, .har, .jsonl); --save makes another format of it.',
    '',
    ...table(FLAGS),
    '',
    'In a terminal, lines that you type are sent. Commands:',
    '',
    ...table(ORDER_HELP),
    '',
    'Without a terminal each line of the input is a message.',
    'Exit code: 0 closed in order, 1 refused, broken or closed for an error, 2 a mistake in the command.',
    '',
  ].join('\n');
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
