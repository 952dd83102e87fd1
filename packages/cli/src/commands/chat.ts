// `wireroom chat [URL]`: a terminal client for the chat. All of it is in ../chat/.
import { chat } from '../chat/chat.ts';

export const run = (args: readonly string[]): Promise<number> => chat(args);
