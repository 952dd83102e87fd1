// One array out of a document, element by element, wherever the portions end, and nothing that grows without a bound.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from './import.fixture.ts';
import { type JsonPart, jsonElements } from './json-elements.ts';

async function partsOf(text: string, size: number, field?: string): Promise<readonly JsonPart[]> {
  const parts: JsonPart[] = [];
  const options = { name: 'the file', ...(field !== undefined && { field }) };
  for await (const part of jsonElements(bytesOf(text, size), options)) parts.push(part);
  return parts;
}

const elements = (parts: readonly JsonPart[]): unknown[] =>
  parts.flatMap((part): unknown[] => (part.kind === 'element' ? [JSON.parse(part.json)] : []));

describe('the elements of a list', () => {
  it('[H4.10] are those that the list has, whatever it holds and however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue({ maxDepth: 4 })),
        fc.nat({ max: 20 }),
        fc.boolean(),
        async (list, size, isWide) => {
          const json = JSON.stringify(list, null, isWide ? 2 : 0);
          expect(elements(await partsOf(json, size + 1))).toEqual(JSON.parse(json));
          const inField = JSON.stringify(
            { messages: 'no', a: { messages: [1] }, b: ['messages'], list, z: 1 },
            null,
            isWide ? 2 : 0,
          );
          const parts = await partsOf(inField, size + 1, 'list');
          expect(elements(parts)).toEqual(JSON.parse(json));
          expect(JSON.parse(parts[0]?.json ?? '')).toMatchObject({ messages: 'no', list: [] });
          expect(JSON.parse(parts.at(-1)?.json ?? '')).toMatchObject({ list: [], z: 1 });
        },
      ),
    );
  });

  it.each([
    ['{"a": 1}', undefined, 'is no list'],
    ['{"a": [1]}', 'messages', 'has no list "messages"'],
    ['[1, 2', undefined, 'ends in the middle'],
    ['["a', undefined, 'ends in the middle'],
    [']', undefined, 'is no JSON'],
    ['['.repeat(10_000), undefined, 'is nested too deeply'],
    [`["${'x'.repeat(5_000_000)}"]`, undefined, 'has a record of more than'],
    [`{"a": "${'x'.repeat(5_000_000)}", "messages": []}`, 'messages', 'has a record of more than'],
  ])('[H4.10] refuses %#: %s', async (text, field, sentence) => {
    await expect(partsOf(text, 65_536, field)).rejects.toMatchObject({
      name: 'ImportError',
      message: expect.stringContaining(`the file ${sentence}`),
    });
  });
});
