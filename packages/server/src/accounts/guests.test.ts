// Guests: who gets in under which name, and what the token is worth. The store's own rules are in its contract.
import { ChatError } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import { Guests } from './guests.ts';
import { MemoryGuestStore } from './memory-guest-store.ts';

const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'admitted',
    (error: unknown) => (error instanceof ChatError ? error.code : String(error)),
  );

describe('guests', () => {
  it('gives a new author and a token; the token brings the same author back, under the same name or another', async () => {
    const guests = new Guests(new MemoryGuestStore(), () => false);
    const { author, token } = await guests.admit({ name: 'Ada', token: undefined });
    expect(author).toEqual({ authorId: expect.stringMatching(/^a_/), name: 'Ada' });
    expect(token).toHaveLength(43);
    expect(await guests.admit({ name: undefined, token })).toEqual({ author, token });
    await guests.admit({ name: 'Ada L.', token });
    expect(guests.authorOf(author.authorId)).toEqual({ ...author, name: 'Ada L.' });
  });

  it('[P13.1] a token of one’s own making makes one author, however often and however late it is said', async () => {
    const guests = new Guests(new MemoryGuestStore(), () => false);
    const claim = { name: 'Ada', token: undefined, newToken: 'a'.repeat(43) };
    const both = await Promise.all([guests.admit(claim), guests.admit(claim)]);
    const [{ author }] = both;
    expect(both).toEqual([
      { author, token: claim.newToken },
      { author, token: claim.newToken },
    ]);
    expect(await codeOf(guests.admit({ ...claim, newToken: 'b'.repeat(43) }))).toBe('name-taken');
    await guests.release(author.authorId);
    expect(await guests.admit(claim)).toEqual({ author, token: claim.newToken });
    expect(await guests.admit({ name: undefined, token: claim.newToken })).toEqual(both[0]);
  });

  it('keeps only a hash of the token', async () => {
    const store = new MemoryGuestStore();
    const seen: unknown[] = [];
    const create = store.create.bind(store);
    store.create = (guest) => {
      seen.push(guest);
      return create(guest);
    };
    const { token } = await new Guests(store, () => false).admit({ name: 'Ada', token: undefined });
    expect(seen).toHaveLength(1);
    expect(JSON.stringify(seen)).not.toContain(token);
  });

  it('refuses a taken name, a wrong token, no name, a bad name', async () => {
    const guests = new Guests(new MemoryGuestStore(), () => false);
    const { author } = await guests.admit({ name: 'Ada', token: undefined });
    expect(await codeOf(guests.admit({ name: 'ADA', token: undefined }))).toBe('name-taken');
    expect(await codeOf(guests.admit({ name: 'Ada', token: 'guessed' }))).toBe('bad-token');
    expect(await codeOf(guests.admit({ name: undefined, token: undefined }))).toBe('name-empty');
    expect(await codeOf(guests.admit({ name: 'a\nb', token: undefined }))).toBe('name-characters');
    await guests.release(author.authorId);
    expect(await codeOf(guests.admit({ name: 'ADA', token: undefined }))).toBe('admitted');
  });

  it('proves whose token it is without letting anybody in', async () => {
    const guests = new Guests(new MemoryGuestStore(), () => false);
    const { author, token } = await guests.admit({ name: 'Ada', token: undefined });
    await guests.release(author.authorId);
    expect(await guests.prove(token)).toEqual(author);
    expect(guests.authorOf(author.authorId)).toBeUndefined();
    expect(await guests.holders()).toEqual([]);
    expect(await codeOf(guests.admit({ name: 'Ada', token: undefined }))).toBe('admitted');
    await expect(guests.prove('guessed')).rejects.toMatchObject({ code: 'bad-token' });
  });

  it('nobody is renamed by a second connection while the first is here', async () => {
    const here = new Set<string>();
    const guests = new Guests(new MemoryGuestStore(), (authorId) => here.has(authorId));
    const { author, token } = await guests.admit({ name: 'Ada', token: undefined });
    here.add(author.authorId);
    expect(await codeOf(guests.admit({ name: 'Ada L.', token }))).toBe('name-differs');
    expect(await codeOf(guests.admit({ name: 'Ada', token }))).toBe('admitted');
    here.clear();
    expect(await codeOf(guests.admit({ name: 'Ada L.', token }))).toBe('admitted');
  });

  it('somebody who comes back while being released keeps the name', async () => {
    const guests = new Guests(new MemoryGuestStore(), () => false);
    const { author, token } = await guests.admit({ name: 'Ada', token: undefined });
    const back = guests.admit({ name: undefined, token });
    await Promise.all([guests.release(author.authorId), back]);
    expect(guests.authorOf(author.authorId)).toEqual(author);
    expect(await codeOf(guests.admit({ name: 'Ada', token: undefined }))).toBe('name-taken');
  });
});
