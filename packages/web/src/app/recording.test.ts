// The choice to be recorded: on by itself, remembered, and followed by a new beginning.
import { memoryStorage } from '@wireroom/client';
import { describe, expect, it } from 'vitest';
import { createRecording } from './recording.ts';

describe('createRecording', () => {
  it('is on until it is turned off, and remembers that', () => {
    const settings = memoryStorage();
    let reloads = 0;
    const reload = (): void => {
      reloads += 1;
    };
    expect(createRecording(settings, reload).isOn).toBe(true);
    createRecording(settings, reload).turn('off');
    expect(createRecording(settings, reload).isOn).toBe(false);
    createRecording(settings, reload).turn('on');
    expect(createRecording(settings, reload).isOn).toBe(true);
    expect(reloads).toBe(2);
  });
});
