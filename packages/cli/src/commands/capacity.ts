// `wireroom capacity`: how many people a room carries. All of it is in ../capacity/; the measuring is @wireroom/capacity's.
import { startCapacity } from '@wireroom/capacity';
import { capacity } from '../capacity/capacity.ts';

export const run = (args: readonly string[]): Promise<number> => capacity(args, { measure: startCapacity });
