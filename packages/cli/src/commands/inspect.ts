// `wireroom inspect URL`: handshake and frames of any WebSocket or Socket.IO server. All of it is in ../inspect/.
import { inspect } from '../inspect/inspect.ts';

export const run = (args: readonly string[]): Promise<number> => inspect(args);
