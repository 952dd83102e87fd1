// Every scene is played, and what it shows is what its text says: by what is on the wire, not only by having run.
import type { Capture, CaptureRecord, CloseRecord } from '@wireroom/capture';
import { describe, expect, it } from 'vitest';
import { playScene } from './play.ts';
import { SCENES } from './scene-texts.ts';
