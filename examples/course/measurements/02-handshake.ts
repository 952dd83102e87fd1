// What different requests on one port are answered with: the handshake is HTTP, and a server may say no in HTTP's words.
import http from 'node:http';
import { WebSocketServer } from '@wireroom/websocket';
import { type Cell, type Report, t } from './report.ts';
import { ask, listen, upgradeRequest } from './wires.ts';

/** The status line, and of the headers those that decide. */
async function answer(port: number, request: string): Promise<readonly Cell[]> {
  const { head, socket } = await ask(port, request);
  socket.destroy();
  const [status = '', ...lines] = head.trimEnd().split('\r\n');
  const wanted = lines.filter((line) => /^(upgrade|sec-websocket-version|content-type):/i.test(line));
  return [status.replace('HTTP/1.1 ', ''), wanted.join(', ') || '–'];
}

export async function measure(): Promise<Report> {
  const server = new WebSocketServer({
    decide: ({ path }) =>
      path === '/chat' ? { accept: true } : { accept: false, status: 404, reason: 'No such room.' },
    onConnection: () => undefined,
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const website = http.createServer((_, response) => response.end('a page'));
  const websitePort = await listen(website);
  const good = upgradeRequest({}, '/chat');
  const rows: readonly (readonly Cell[])[] = [
    [t('合格的握手', 'a proper handshake'), ...(await answer(port, good))],
    [
      t('版本是 12', 'version 12'),
      ...(await answer(port, upgradeRequest({ 'Sec-WebSocket-Version': '12' }, '/chat'))),
    ],
    [
      t('没有 Upgrade 头', 'no Upgrade header'),
      ...(await answer(port, upgradeRequest({ Upgrade: undefined }, '/chat'))),
    ],
    [
      t('没有 Key', 'no key'),
      ...(await answer(port, upgradeRequest({ 'Sec-WebSocket-Key': undefined }, '/chat'))),
    ],
    [t('用 POST', 'POST'), ...(await answer(port, good.replace('GET', 'POST')))],
    [t('路径不存在', 'a path that is not there'), ...(await answer(port, upgradeRequest({}, '/nowhere')))],
    [t('不懂 WebSocket 的网站', 'a website that knows no WebSocket'), ...(await answer(websitePort, good))],
  ];
  website.closeAllConnections();
  website.close();
  await server.close();
  return {
    title: t('七个请求，七个回答', 'Seven requests, seven answers'),
    columns: [t('请求', 'request'), t('状态行', 'status'), t('有关的头', 'headers that matter')],
    rows,
    note: t(
      '只有 101 之后，这条 TCP 连接上才不再是 HTTP。',
      'Only after a 101 is the TCP connection no longer HTTP.',
    ),
  };
}
