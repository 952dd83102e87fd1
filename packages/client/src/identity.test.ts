import { expect, test } from 'vitest';
import { ada, author } from './events.fixture.ts';
import { Identity } from './identity.ts';
import { GuardedStorage, type KeyValueStorage, memoryStorage } from './storage.ts';

const identity = (storage: KeyValueStorage): Identity => new Identity(storage, 'key');

test('[C4] name and token are remembered by whoever reads the same storage next', () => {
  const storage = memoryStorage();
  identity(storage).remember(author('Ada'), 'token-1');
  expect(identity(storage).name).toBe('Ada');
  expect(identity(storage).tokenOf('Ada')).toBe('token-1');
  expect(identity(storage).tokenOf('Bob')).toBeUndefined();
});

test('[C4] a name that is the same to the server has the same token', () => {
  const storage = memoryStorage();
  identity(storage).remember(author('Ada'), 'token-1');
  expect(identity(storage).tokenOf('ADA')).toBe('token-1');
  identity(storage).remember(author('ada'), 'token-2');
  expect(identity(storage).tokenOf('Ada')).toBe('token-2');
});

test('[C4] the last eight names keep their tokens', () => {
  const storage = memoryStorage();
  for (let n = 1; n <= 9; n += 1) identity(storage).remember({ ...ada, name: `name ${n}` }, `token-${n}`);
  expect(identity(storage).tokenOf('name 1')).toBeUndefined();
  expect(identity(storage).tokenOf('name 2')).toBe('token-2');
  expect(identity(storage).tokenOf('name 9')).toBe('token-9');
});

test('[C5] [C29] who was forgotten is known until the new one is, also after a reload in between', () => {
  const storage = memoryStorage();
  identity(storage).remember(ada, 'token-a');
  identity(storage).forget('token-a');
  expect(identity(storage).tokenOf('Ada')).toBeUndefined();
  identity(storage).propose('Ada', 'token-2');
  expect(identity(storage).authorOf('ADA')).toBe(ada.authorId);
  expect(identity(storage).proposedFor('ADA')).toBe('token-2');
  identity(storage).remember(author('Ada'), 'token-2');
  expect(identity(storage).proposedFor('Ada')).toBeUndefined();
});

test('[C5] a forgotten token takes no other with it, and the name stays', () => {
  const storage = memoryStorage();
  identity(storage).remember(author('Bob'), 'token-b');
  identity(storage).remember(author('Ada'), 'token-a');
  identity(storage).forget('token-a');
  expect(identity(storage).tokenOf('Ada')).toBeUndefined();
  expect(identity(storage).tokenOf('Bob')).toBe('token-b');
  expect(identity(storage).name).toBe('Ada');
});

test('[C19] a visit that is over keeps its token, and ends with the next one; of another name it says nothing', () => {
  const storage = memoryStorage();
  identity(storage).remember(author('Ada'), 'token-a');
  identity(storage).leave('Bob');
  expect(identity(storage).hasLeft).toBe(false);
  identity(storage).leave('ADA');
  expect(identity(storage).hasLeft).toBe(true);
  expect(identity(storage).tokenOf('Ada')).toBe('token-a');
  identity(storage).remember(author('Ada'), 'token-a');
  expect(identity(storage).hasLeft).toBe(false);
});

test.each(['', '{', 'null', '7', '[]', '{"guests":[{"name":1}],"name":7}'])(
  '[C21] %j in storage is nobody',
  (text) => {
    const storage = memoryStorage();
    storage.set('key', text);
    expect(identity(storage).name).toBeUndefined();
    expect(identity(storage).tokenOf('Ada')).toBeUndefined();
    identity(storage).remember(author('Ada'), 'token-1');
    expect(identity(storage).tokenOf('Ada')).toBe('token-1');
  },
);

test('[C21] what storage refuses is kept in memory, until it takes it', () => {
  const below = memoryStorage();
  let isBroken = true;
  const breakable = <Result>(act: () => Result): Result => {
    if (isBroken) throw new Error('quota');
    return act();
  };
  const storage = new GuardedStorage({
    get: (key) => breakable(() => below.get(key)),
    set: (key, value) => breakable(() => below.set(key, value)),
    remove: (key) => breakable(() => below.remove(key)),
  });
  expect(storage.get('a')).toBeUndefined();
  storage.set('a', '1');
  expect(storage.isWorking).toBe(false);
  expect(storage.get('a')).toBe('1');
  isBroken = false;
  storage.set('a', '2');
  expect(storage.isWorking).toBe(true);
  expect(below.get('a')).toBe('2');
});
