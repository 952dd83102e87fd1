// `node --import tsx testkit/broken-servers/main.ts NAME [PORT]`: runs one of them until Ctrl-C. Without a name: the list.
import { listen } from './base-server.ts';
import { BROKEN_SERVERS, SOUND_SERVERS } from './broken-servers.ts';

const [name = '', port = '9000'] = process.argv.slice(2);
const kind = BROKEN_SERVERS.find((server) => server.name === name)?.kind ?? SOUND_SERVERS.get(name);

if (kind === undefined) {
  for (const { name: known, mistake, what } of BROKEN_SERVERS)
    process.stdout.write(`${known.padEnd(30)} ${mistake.padEnd(28)} ${what}\n`);
  for (const known of SOUND_SERVERS.keys())
    process.stdout.write(`${known.padEnd(30)} ${'(none)'.padEnd(28)}\n`);
  process.exitCode = name === '' ? 0 : 2;
} else {
  const server = await listen(kind, Number(port));
  process.stdout.write(`${name}: ws://127.0.0.1:${server.port}/\n`);
}
