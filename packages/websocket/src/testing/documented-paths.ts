// Vitest loads this first where NODE_PATHS=documented: the engine then does without what Node does not document, as on a
// Node that lacks it. For tests only.
import { rawDeflate } from '../net/raw-deflate.ts';
import { tcpHandles } from '../net/tcp-handle.ts';

rawDeflate.usesHandle = false;
tcpHandles.isUsed = false;
