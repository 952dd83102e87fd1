// zod, as every schema here gets it: without code generation outside Node. zod compiles a schema by `new Function` when it
// is built; a page under a strict Content-Security-Policy refuses that. So the switch is thrown before the first schema.
import { z } from 'zod';

const isNode = 'process' in globalThis;
if (!isNode) z.config({ jitless: true });

export { z };
