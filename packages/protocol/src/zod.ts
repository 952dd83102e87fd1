// zod, as every schema here gets it: without code generation outside Node. zod compiles a schema by `new Function` when it
// is built; a page under a strict Content-Security-Policy refuses that and reports a violation. So the switch has to be
// thrown before the first schema is built, whichever module a bundle starts with: here, where they all come for `z`.
import { z } from 'zod';

const isNode = typeof process === 'object' && typeof process.versions?.node === 'string';
if (!isNode) z.config({ jitless: true });

export { z };
