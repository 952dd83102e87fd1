// The entry of @wireroom/sandbox: scenes that are played on a loopback wire and recorded.
export { OWN_BYTES_MAX, PAUSE_MS_MAX, SCENE_MS_MAX } from './limits.ts';
export { playScene } from './play.ts';
export type { LocalText, Played, PlayOptions, Scene, SceneSink } from './scene.ts';
export { NOTES, noteIn, SCENES, sceneNamed } from './scene-texts.ts';
