// `wireroom history`: all of it is in ../history/.
import { history } from '../history/history.ts';

export const run = (args: readonly string[]): Promise<number> => history(args);
