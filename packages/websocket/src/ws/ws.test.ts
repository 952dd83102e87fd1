import { createRequire } from 'node:module';
import * as ours from './ws.ts';
import { type WsApi, wsContract } from './ws-api.contract.ts';

// The class that `require('ws')` gives carries everything else; its types are looser than the suite's.
const theirs: WsApi = createRequire(import.meta.url)('ws');

wsContract('ws', theirs);
wsContract('ours', ours);
