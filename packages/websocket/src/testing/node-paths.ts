// What this Node has of the things that the engine uses without their being documented, as one line: `npm run matrix` asks
// every Node. Each has a documented way beside it. For tests only.
import { tcpHandles } from '../net/tcp-handle.ts';
import { canUseZlibHandle } from '../net/zlib-handle.ts';

const paths = { 'zlib handle': canUseZlibHandle(), 'TCP handle': tcpHandles.isUsed };

process.stdout.write(
  `${Object.entries(paths)
    .map(([name, isThere]) => `${name}: ${isThere ? 'yes' : 'no'}`)
    .join(', ')}\n`,
);
