// Plays a scene: opens the stage, runs the scene's script on it, and closes it, whatever happens in between.
import { OWN_BYTES_MAX, PAUSE_MS_MAX, SCENE_MS_MAX } from './limits.ts';
import type { Played, PlayOptions } from './scene.ts';
import { sceneNamed } from './scene-texts.ts';
import { SCRIPTS } from './scripts/scripts.ts';
import { Stage } from './stage/stage.ts';

/**
 * Plays the scene of this name on the loopback and resolves with what was recorded, when everything that it opened is closed
 * again. Rejects with a RangeError for a name or an option that there is not. Ended early by `signal`, or after 30 s, it
 * resolves with what was seen until then.
 */
export async function playScene(name: string, options: PlayOptions = {}): Promise<Played> {
  const scene = sceneNamed(name);
  const script = SCRIPTS.get(name);
  if (scene === undefined || script === undefined) throw new RangeError(`There is no scene "${name}".`);
  assertOptions(options);
  const ending = new AbortController();
  const end = (): void => ending.abort(new Error('The scene was ended early.'));
  const timer = setTimeout(end, SCENE_MS_MAX);
  options.signal?.addEventListener('abort', end, { once: true });
  if (options.signal?.aborted === true) end();
  const stage = new Stage(scene, options, ending.signal);
  try {
    await orAborted(script(stage), ending.signal);
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', end);
    await stage.close();
  }
  return { scene, captures: stage.captures };
}

function assertOptions({ bytes, pauseMs = 0 }: PlayOptions): void {
  if (bytes !== undefined && bytes.length > OWN_BYTES_MAX)
    throw new RangeError(`At most ${OWN_BYTES_MAX} bytes of one's own are sent, not ${bytes.length}.`);
  if (!Number.isInteger(pauseMs) || pauseMs < 0 || pauseMs > PAUSE_MS_MAX)
    throw new RangeError(`pauseMs is a whole number from 0 to ${PAUSE_MS_MAX}, not ${pauseMs}.`);
}

/** Rejects as soon as the signal says so, whatever the script waits for. */
function orAborted(script: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => reject(signal.reason);
    if (signal.aborted) aborted();
    signal.addEventListener('abort', aborted, { once: true });
    script.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));
  });
}
