import { describe } from 'vitest';
import { memoryOutbox } from './memory-outbox.ts';
import { outboxStoreContract } from './outbox-store.contract.ts';

describe('in memory', () => outboxStoreContract(() => memoryOutbox()));
