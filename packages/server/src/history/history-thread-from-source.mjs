// Starts the download thread from TypeScript source, in development and tests; dist starts history-thread.js itself.
// Node 20 loads no `.ts` worker, and `--import tsx` registers its loader on the main thread only (tsx 4.23): so by hand.
import { register } from 'tsx/esm/api';

register();
await import('./history-thread.ts');
