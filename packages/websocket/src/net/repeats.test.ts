// The same thing sent to many one by one: it must arrive as if each had been sent by itself.
import { describe, expect, it } from 'vitest';
import { eventually, listen } from '../testing/loopback.ts';
import { connect } from './client.ts';
import { repeats } from './repeats.ts';
import { turn } from './turn.ts';

describe('repeated messages', () => {
  it.each([
    ['plain', undefined],
    ['compressed without a history', { thresholdBytes: 10, serverNoContextTakeover: true }],
    ['compressed with a history', { thresholdBytes: 10 }],
  ])('[W36] arrive in order and as they were when they were sent, %s', async (_name, perMessageDeflate) => {
    const compression = perMessageDeflate === undefined ? {} : { perMessageDeflate };
    const loopback = await listen({ ...compression }, () => ({}));
    const received: string[][] = [];
    for (let i = 0; i < 3; i++) {
      const client = await connect(loopback.url, { ...compression });
      const mine: string[] = [];
      received.push(mine);
      client.handle({ message: (message) => mine.push(`${message.kind} ${message.text()}`) });
    }
    await eventually(() => loopback.connections.length === 3);
    const text = 'the same text for everybody';
    const bytes = Buffer.from('the same bytes for everybody');
    for (const connection of loopback.connections) connection.send(text);
    for (const connection of loopback.connections) connection.send(bytes);
    for (const connection of loopback.connections) connection.sendPart(bytes, { kind: 'text', isLast: true });
    for (const connection of loopback.connections) {
      bytes.write('THE');
      connection.send(bytes);
      bytes.write('the');
      connection.send(bytes);
    }
    for (const connection of loopback.connections) connection.send('short');
    const expected = [
      'text the same text for everybody',
      'binary the same bytes for everybody',
      'text the same bytes for everybody',
      'binary THE same bytes for everybody',
      'binary the same bytes for everybody',
      'text short',
    ];
    await eventually(() => received.every((mine) => mine.length === expected.length));
    expect(received).toEqual([expected, expected, expected]);
  });

  it('[W40] are made for many the second time, and forgotten with the turn', () => {
    const data = Buffer.from('x');
    expect(repeats.find(data, 2)).toBeUndefined();
    const prepared = repeats.find(data, 2);
    expect(prepared?.frame.bytes.toString('hex')).toBe('820178');
    expect(repeats.find(data, 2)).toBe(prepared);
    data.write('y');
    expect(repeats.find(data, 2)?.frame.bytes.toString('hex')).toBe('820179');
    expect(repeats.find(data, 1)).toBeUndefined();
    turn.flush();
    expect(repeats.find(data, 1)).toBeUndefined();
    turn.flush();
  });
});
