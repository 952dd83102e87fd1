// `wireroom serve`: runs the chat server. All of it is @wireroom/server's.
import { serve } from '@wireroom/server';

export const run = (args: readonly string[]): Promise<number> => serve(args);
