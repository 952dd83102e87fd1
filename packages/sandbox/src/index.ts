// The entry of @wireroom/sandbox: scenes that are played on a loopback wire and recorded.
export type { LocalText, Played, PlayOptions, Scene, SceneSink } from './scene.ts';
