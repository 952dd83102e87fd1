// What a script is: the acts of one scene, in order, on a stage that it does not have to clean up. Type only.
import type { Stage } from '../stage/stage.ts';

export type Script = (stage: Stage) => Promise<void>;

/** Scripts by the names of their scenes. */
export type Scripts = Readonly<Record<string, Script>>;
