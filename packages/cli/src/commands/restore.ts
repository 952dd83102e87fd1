// `wireroom restore`: all of it is in ../upkeep/.
import { upkeep } from '../upkeep/upkeep.ts';

export const run = (args: readonly string[]): Promise<number> => upkeep('restore', args);
