// How the measuring package starts a Wireroom: this command itself, from source or as it is built, with the word `serve`. It starts it in
// its own folder, where tsx is found.
import { fileURLToPath } from 'node:url';

export function launcher(): readonly string[] {
  const isSource = import.meta.url.endsWith('.ts');
  const main = fileURLToPath(new URL(`../main.${isSource ? 'ts' : 'js'}`, import.meta.url));
  const flags = isSource ? ['--import', 'tsx', '--conditions', '@wireroom/source'] : [];
  return [process.execPath, ...flags, main, 'serve'];
}
