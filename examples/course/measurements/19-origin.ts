// The same handshake with different Origin headers, at a chat server that judges them.
import { startChat } from './chat.ts';
import { type Cell, type Report, t } from './report.ts';
import { ask, upgradeRequest } from './wires.ts';

export async function measure(): Promise<Report> {
  const server = await startChat();
  const host = `127.0.0.1:${server.port}`;
  const origins: readonly (readonly [Cell, string | undefined])[] = [
    [t('本站的页面', 'a page of this site'), `http://${host}`],
    [t('另一个网站的页面', 'a page of another site'), 'https://evil.example'],
    [t('名字相像的网站', 'a site with a similar name'), `http://127.0.0.1.evil.example:${server.port}`],
    [t('沙箱 iframe、data: 页面', 'a sandboxed iframe, a data: page'), 'null'],
    [t('不是浏览器，没有这个头', 'no browser, no such header'), undefined],
    [t('不是浏览器，自己编一个', 'no browser, one made up'), `http://${host}`],
  ];
  const rows: Cell[][] = [];
  for (const [name, Origin] of origins) {
    const { head, socket } = await ask(
      server.port,
      upgradeRequest({ Host: host, Origin, Cookie: 'sid=of-the-victim' }, '/ws'),
    );
    socket.destroy();
    rows.push([
      name,
      Origin?.replaceAll(String(server.port), '3000') ?? '–',
      head.split('\r\n')[0]?.replace('HTTP/1.1 ', '') ?? '–',
    ]);
  }
  await server.stop();
  return {
    title: t('谁的页面可以连进来', 'Whose pages may connect'),
    columns: [t('谁', 'who'), 'Origin', t('回答', 'answer')],
    rows,
    note: t(
      'Cookie 每次都在：浏览器不管页面是谁家的，照样带上（除非 SameSite 拦住）。所以要看 Origin。最后一行说明它不是登录。',
      'The cookie is there each time: a browser sends it whosever page it is (unless SameSite keeps it back). Hence Origin. The last row shows that it is no login.',
    ),
  };
}
