// `wireroom compare`: native WebSocket and Socket.IO, measured. All of it is in ../compare/.
import { compare } from '../compare/compare.ts';

export const run = (args: readonly string[]): Promise<number> => compare(args);
