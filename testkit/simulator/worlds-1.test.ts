// One of four files that share two thousand worlds between them.
import { describeWorlds } from './worlds.contract.ts';

describeWorlds({ from: 1, count: 500 });
