// Engine.IO and Socket.IO packets, as their protocol documents give them.
import { describe, expect, it } from 'vitest';
import { frame, Wire } from '../testing/wire.ts';
import { decode } from './decode.ts';
import { engineIoPacket, pollingPackets, socketIoPacket } from './socketio-packet.ts';

describe('packets', () => {
  it.each([
    ['0', { type: 'connect', namespace: '/' }],
    ['0/admin,{"token":"x"}', { type: 'connect', namespace: '/admin', value: { token: 'x' } }],
    ['1/admin,', { type: 'disconnect', namespace: '/admin' }],
    ['2["foo"]', { type: 'event', namespace: '/', value: ['foo'] }],
    ['2/admin,12["bar",1]', { type: 'event', namespace: '/admin', id: 12, value: ['bar', 1] }],
    ['312[]', { type: 'ack', id: 12, value: [] }],
    ['4{"message":"no"}', { type: 'connect-error', value: { message: 'no' } }],
    ['51-["baz",{"_placeholder":true,"num":0}]', { type: 'binary-event', attachments: 1 }],
    ['61-/admin,456[{"_placeholder":true,"num":0}]', { type: 'binary-ack', namespace: '/admin', id: 456 }],
    ['2["message",{"type":"CHAT","message":"hi"}]', { type: 'event', lessonType: 'CHAT' }],
    ['2[broken', { type: 'event', data: '[broken' }],
    ['9', { type: 'unknown' }],
  ])('[K7] Socket.IO %s', (text, expected) => {
    expect(socketIoPacket(text)).toMatchObject(expected);
  });

  it.each([
    ['0{"sid":"a"}', 'open'],
    ['1', 'close'],
    ['2probe', 'ping'],
    ['3probe', 'pong'],
    ['5', 'upgrade'],
    ['6', 'noop'],
    ['x', 'unknown'],
    ['', 'unknown'],
  ])('[K7] Engine.IO %s', (text, type) => {
    expect(engineIoPacket(text)).toMatchObject({ type, text: text.slice(1) });
  });

  it('[K7] polling bodies of both protocols are cut into packets', () => {
    expect(
      pollingPackets('40\x1e42["a"]\x1ebAQI=', 4).map(({ type, inner, binary }) => [
        type,
        inner?.type,
        binary,
      ]),
    ).toEqual([
      ['message', 'connect', undefined],
      ['message', 'event', undefined],
      ['message', undefined, Uint8Array.from([1, 2])],
    ]);
    expect(pollingPackets('2:407:42["你"]6:b4AQI=', 3).map(({ text, binary }) => binary ?? text)).toEqual([
      '0',
      '2["你"]',
      Uint8Array.from([1, 2]),
    ]);
    expect(pollingPackets('99999999:4', 3)).toHaveLength(1);
    expect(pollingPackets('no length', 3)).toEqual([]);
  });

  it('[K7] they are found in the messages of a connection that asked for Engine.IO', () => {
    const wire = new Wire().handshake({ target: '/socket.io/?EIO=3&transport=websocket' });
    wire.add('out', frame({ payload: '42["message",{"type":"LOGIN"}]' }));
    wire.add('out', frame({ opcode: 2, payload: Uint8Array.from([4, 9]) }));
    const packets = decode(wire.capture).messages.map(({ meaning }) =>
      meaning?.language === 'socketio' ? meaning.packets[0] : undefined,
    );
    expect(packets[0]).toMatchObject({ type: 'message', inner: { lessonType: 'LOGIN' } });
    expect(packets[1]?.binary).toEqual(Uint8Array.from([9]));
  });
});
