// Node's SHA-256, some times as fast as one in JavaScript.
import { createHash } from 'node:crypto';
import type { RunningDigest } from '@wireroom/history';

export const nodeDigest = (hash = createHash('sha256')): RunningDigest => ({
  update: (bytes) => void hash.update(bytes),
  hex: () => hash.copy().digest('hex'),
  copy: () => nodeDigest(hash.copy()),
});
