// Probes of the server's answer to a handshake: its status line, its header fields, the accept value, what it chooses from
// what was offered. What it does with odd requests is requests.ts.
import { acceptOf, names } from '../../wire/http.ts';
import { guessAccept } from '../accept-guess.ts';
import { say } from '../mistake.ts';
import type { Probe, ProbeRun } from '../probe.ts';
import type { ProbeLink } from '../probe-link.ts';
import { hex, type SeenHead, shown, valueIn } from '../seen-bytes.ts';

export const ANSWER_PROBES: readonly Probe[] = [
  { name: 'answer', title: say('the answer to the handshake', '握手的响应'), run: answer },
  { name: 'subprotocol', title: say('which subprotocol it chooses', '子协议的选择'), run: subprotocol },
  { name: 'extension', title: say('extensions that nobody offered', '没人提出的扩展'), run: extension },
];

async function answer(run: ProbeRun): Promise<void> {
  const link = await run.ask();
  const { head } = link;
  if (head === undefined) return;
  form(run, head);
  const { line } = head;
  if (!/^HTTP\/1\.1 101( |$)/.test(line))
    run.see(
      'wrong-status-line',
      say(`Its first line was "${shown(line)}".`, `响应的第一行是 “${shown(line)}”。`),
    );
  fields(run, head);
  await accept(run, link, head);
}

function form(run: ProbeRun, head: SeenHead): void {
  if (!head.isEnded) {
    const end = hex(head.raw.subarray(-12));
    run.see(
      'head-unterminated',
      say(
        `The answer ends with the bytes ${end}; the empty line (0d 0a 0d 0a) never came.`,
        `响应以 ${end} 结尾；空行（0d 0a 0d 0a）一直没有来。`,
      ),
    );
  } else if (head.hasBareLf) {
    const at = head.raw.indexOf('\n');
    const around = hex(head.raw.subarray(Math.max(0, at - 6), at + 3));
    run.see(
      'lf-instead-of-crlf',
      say(
        `At least one line of the answer ends with LF alone: … ${around} …`,
        `响应里至少有一行只用 LF 结尾：… ${around} …`,
      ),
    );
  }
}

function fields(run: ProbeRun, head: SeenHead): void {
  const upgrade = valueIn(head, 'upgrade');
  const connection = valueIn(head, 'connection');
  if (upgrade?.toLowerCase() !== 'websocket') {
    const seen =
      upgrade === undefined
        ? say('The answer has no Upgrade field.', '响应里没有 Upgrade 字段。')
        : say(`The answer says "Upgrade: ${shown(upgrade)}".`, `响应里写的是 “Upgrade: ${shown(upgrade)}”。`);
    run.see('upgrade-header-missing', seen);
  }
  if (!names(connection, 'upgrade')) {
    const seen =
      connection === undefined
        ? say('The answer has no Connection field.', '响应里没有 Connection 字段。')
        : say(
            `The answer says "Connection: ${shown(connection)}".`,
            `响应里写的是 “Connection: ${shown(connection)}”。`,
          );
    run.see('connection-header-missing', seen);
  }
}

async function accept(run: ProbeRun, link: ProbeLink, head: SeenHead): Promise<void> {
  const value = valueIn(head, 'sec-websocket-accept');
  const right = acceptOf(link.key);
  if (value === right) return;
  if (value === undefined) {
    run.see(
      'accept-missing',
      say('The answer has no Sec-WebSocket-Accept field.', '响应里没有 Sec-WebSocket-Accept 字段。'),
    );
    return;
  }
  const en = `For the key ${link.key} it answered "${shown(value)}" instead of "${right}".`;
  const zh = `对于键 ${link.key}，它回答的是 “${shown(value)}”，应为 “${right}”。`;
  const guess = guessAccept(link.key, value);
  if (guess !== undefined) {
    run.see(guess.id, say(`${en} ${guess.how.en}`, `${zh}${guess.how.zh}`));
    return;
  }
  const again = await run.ask();
  const isConstant = again.head !== undefined && valueIn(again.head, 'sec-websocket-accept') === value;
  if (isConstant)
    run.see(
      'accept-constant',
      say(`${en} For another key it answered the same.`, `${zh}换一个键，它的回答还是一样。`),
    );
  else if (Buffer.from(value, 'base64').length !== 20)
    run.see(
      'accept-wrong-digest',
      say(
        `${en} That is not the Base64 of the 20 bytes that SHA-1 has.`,
        `${zh}这不是 SHA-1 那 20 个字节的 Base64。`,
      ),
    );
  else
    run.see(
      'wrong-guid',
      say(
        `${en} It has the right length and changes with the key, so something else than the key and the GUID went into the hash; most likely the GUID is mistyped.`,
        `${zh}长度对，也随键变化，所以进入哈希的不是“键 + GUID”；最可能是 GUID 抄错了。`,
      ),
    );
}

const OFFERED = ['check-one.invalid', 'check-two.invalid'];

async function subprotocol(run: ProbeRun): Promise<void> {
  const asked = run.target.reach.changes?.['Sec-WebSocket-Protocol'];
  const plain = await run.ask();
  const unasked = plain.head && valueIn(plain.head, 'sec-websocket-protocol');
  if (asked === undefined && unasked !== undefined) {
    run.see(
      'subprotocol-not-offered',
      say(
        `The request offered no subprotocol, and the answer says "Sec-WebSocket-Protocol: ${shown(unasked)}".`,
        `请求没有提出任何子协议，响应里却有 “Sec-WebSocket-Protocol: ${shown(unasked)}”。`,
      ),
    );
  }
  const link = await run.ask({ request: { changes: { 'Sec-WebSocket-Protocol': OFFERED.join(', ') } } });
  const chosen = link.isTaken && link.head ? valueIn(link.head, 'sec-websocket-protocol') : undefined;
  if (chosen === undefined || OFFERED.includes(chosen)) return;
  const isList = OFFERED.every((name) => chosen.includes(name));
  run.see(
    isList ? 'subprotocol-list-echoed' : 'subprotocol-not-offered',
    say(
      `The request offered "${OFFERED.join(', ')}", and the answer chose "${shown(chosen)}".`,
      `请求提出的是 “${OFFERED.join(', ')}”，响应选的是 “${shown(chosen)}”。`,
    ),
  );
}

async function extension(run: ProbeRun): Promise<void> {
  for (const offer of [undefined, 'x-check-unknown; a=1']) {
    const link = await run.ask(
      offer === undefined ? {} : { request: { changes: { 'Sec-WebSocket-Extensions': offer } } },
    );
    const accepted = link.isTaken && link.head ? valueIn(link.head, 'sec-websocket-extensions') : undefined;
    if (accepted === undefined || accepted === '') continue;
    const asked =
      offer === undefined ? ['no extension', '没有提出扩展'] : [`"${offer}"`, `提出的是 “${offer}”`];
    run.see(
      'extension-not-offered',
      say(
        `The request offered ${asked[0]}, and the answer says "Sec-WebSocket-Extensions: ${shown(accepted)}".`,
        `请求${asked[1]}，响应里却有 “Sec-WebSocket-Extensions: ${shown(accepted)}”。`,
      ),
    );
    return;
  }
}
