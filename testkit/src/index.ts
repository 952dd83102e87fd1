// What tests share.
export { findChromium, launchChromium } from './chromium.ts';
export { type Filling, fillRoom } from './filled-room.ts';
export { NativeClient } from './native-client.ts';
export { type SpawnedServer, spawnServer, startTestServer, type TestServer, temporaryDir } from './server.ts';
