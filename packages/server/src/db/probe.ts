// Can the database be written to? Asked by a write that changes nothing, while the last one failed: a disk may have room again although
// nobody posts. The main thread's side; probe-operations.ts is what the thread does.
import { moduleBeside } from './operation-module.ts';
import type { ProbeOperations } from './probe-operations.ts';
import type { SqliteClient } from './sqlite-client.ts';

/** Resolves when the disk has taken something; rejects with a ChatError where it does not. */
export function attachProbe(client: SqliteClient): () => Promise<void> {
  const thread = client.attach<ProbeOperations>(moduleBeside('./probe-operations', import.meta.url));
  return () => thread.write('touch', undefined);
}
