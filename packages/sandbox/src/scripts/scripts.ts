// The table of all scripts: which code plays which scene. Their texts are in ../scene-texts.ts, under the same names.

import { FAULT_CHAT_SCRIPTS } from './fault-chat.ts';
import { FAULT_HANDSHAKE_SCRIPTS } from './fault-handshakes.ts';
import { FAULT_LIFE_SCRIPTS } from './fault-lives.ts';
import { FAULT_LOAD_SCRIPTS } from './fault-loads.ts';
import { POLLING_SCRIPTS } from './fault-polling.ts';
import { TLS_SCRIPTS } from './fault-tls.ts';
import { FRAME_SCRIPTS } from './frames.ts';
import { HANDSHAKE_SCRIPTS } from './handshakes.ts';
import { LIFE_SCRIPTS } from './lives.ts';
import type { Script } from './script.ts';

export const SCRIPTS: ReadonlyMap<string, Script> = new Map(
  [
    FRAME_SCRIPTS,
    LIFE_SCRIPTS,
    HANDSHAKE_SCRIPTS,
    FAULT_LIFE_SCRIPTS,
    FAULT_HANDSHAKE_SCRIPTS,
    TLS_SCRIPTS,
    POLLING_SCRIPTS,
    FAULT_LOAD_SCRIPTS,
    FAULT_CHAT_SCRIPTS,
  ].flatMap((scripts) => Object.entries(scripts)),
);
