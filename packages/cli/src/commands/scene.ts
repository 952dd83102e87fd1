// `wireroom scene NAME`: plays a scene of the sandbox. All of it is in ../scene/.
import { scene } from '../scene/scene.ts';

export const run = (args: readonly string[]): Promise<number> => scene(args);
