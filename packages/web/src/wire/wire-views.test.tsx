// The inspector's views, each as markup from a capture: what stands there to be read, by whom, and what a screen reader is told.
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { renderView, textOf } from '../fixture/render-view.tsx';
import { WIRE_SCENES, type WireSceneName } from '../fixture/wire-scenes.tsx';
import type { Language } from '../i18n/language.ts';

beforeAll(() => {
  vi.stubGlobal('navigator', { languages: ['en-GB'] });
});

const markupOf = (name: WireSceneName, language: Language = 'en'): string =>
  renderView(WIRE_SCENES[name](), language);
const readOf = (name: WireSceneName, language: Language = 'en'): string => textOf(markupOf(name, language));

describe('the list of frames', () => {
  it('shows the handshake and every frame, with what it means in the chat', () => {
    const text = readOf('wire-frames');
    expect(text).toMatch(/GET \/ws\?record=1 .* 101 Switching Protocols/);
    expect(text).toMatch(/post .*No\. Four words .* entry #12 .* posted #12/);
    expect(text).toContain('TCP reads 4 to 5');
    expect(text).toContain('in the same TCP write 3 as the frame before');
    expect(text).toMatch(/pong after 3\.18 ms/);
  });

  it('tells what a compressed message says at its last fragment, where it can be inflated', () => {
    const text = readOf('wire-compressed');
    expect(text).toMatch(/text 1\/2 24.B/);
    expect(text).toMatch(/2\/2 Compressed, and in two fragments\./);
    expect(text.match(/Compressed, and/g)?.length).toBe(1);
  });

  it('explains a WebSocket in three sentences to who comes for the first time', () => {
    expect(readOf('wire-frames')).toContain('A WebSocket begins as an ordinary HTTP request');
    expect(readOf('wire-frame')).not.toContain('A WebSocket begins as');
  });

  it('has no frame that would say which way it went by its colour alone', () => {
    expect(readOf('wire-frames').match(/client → server|server → client/g)?.length).toBe(12);
  });

  it('says what to do where there is nothing', () => {
    expect(readOf('wire-empty')).toContain('Write a line in the chat');
    expect(readOf('wire-empty', 'zh-CN')).toContain('在聊天里写一句');
  });
});

describe('a frame', () => {
  it('is drawn bit by bit, and each cell says its field, value and bits', () => {
    const markup = markupOf('wire-frame');
    expect(markup).toContain('role="grid"');
    expect(markup).toContain('<span class="visually-hidden">FIN: 1. 1 bit: 1</span>');
    expect(markup).toContain('<span class="visually-hidden">opcode: 0x1 text. 4 bits: 0001</span>');
    expect(markup).toContain('<span class="visually-hidden">key[2]: 0f. 8 bits: 00001111</span>');
    expect(markup).toContain(
      '<span class="visually-hidden">payload[0]: 46 on the wire, 7b without the mask: {. 8 bits: 01000110</span>',
    );
    // One cell is in the order of tabs.
    expect(markup.match(/role="gridcell" tabindex="0"/g)?.length).toBe(1);
  });

  it('shows the bytes raw and unmasked with their sizes, and what they say', () => {
    const text = readOf('wire-frame');
    expect(text).toMatch(/On the wire 128.B 0000 8 1 f a 3 d a 1 0 f 6 2/);
    expect(text).toMatch(/Mask taken off 122.B/);
    expect(text).toContain('Not compressed: the payload is the message.');
    expect(text).toContain('Came in 2 reads of 60 + 68 bytes');
    expect(text).toContain('In 7 bits. The shortest form that fits.');
  });

  it('leads from a fragment to the others of its message', () => {
    expect(readOf('wire-fragments')).toMatch(/Fragment 2 of 3: 1 2 3/);
  });

  it('explains the end: the code, who began, how long the answer took', () => {
    expect(readOf('wire-close')).toMatch(
      /1007 invalid payload\. .*Begun by the server\. Answered after 1\.30 ms/,
    );
    expect(readOf('wire-close', 'zh-CN')).toMatch(/1007 .*由服务器发起。 1\.30 ms 后得到应答。/);
  });
});

describe('a connection of Socket.IO', () => {
  it('is decoded layer by layer: Engine.IO, inside it Socket.IO, inside it the chat', () => {
    const list = readOf('wire-socketio');
    const text = readOf('wire-packet');
    expect(list).toMatch(/HTTP\/1\.1 200 OK 0\{"sid"/);
    expect(list).toMatch(/message › event .*42\["message"/);
    expect(text).toMatch(
      /4 Engine\.IO message carries a Socket\.IO packet 2 Socket\.IO event an event with its arguments in \//,
    );
    expect(text).toContain('A CHAT of the chat on Socket.IO.');
  });
});

describe('the handshake', () => {
  it('says of each header who sets it, and of the answer whether it is right', () => {
    const text = readOf('wire-handshake');
    expect(text).toMatch(/Sec-WebSocket-Protocol : wireroom\.v1 script/);
    expect(text).toMatch(/Sec-WebSocket-Key : dGhlIHNhbXBsZSBub25jZQ== browser/);
    expect(text).toContain('dGhlIHNhbXBsZSBub25jZQ== 258EAFA5-E914-47DA-95CA-C5AB0DC85B11');
    expect(text).toContain('b3 7a 4f 2c c0 62 4f 16 90 f6 46 06 cf 38 59 45 b2 be c4 ea');
    expect(text).toContain('Equal: the browser opens the connection.');
  });

  it('says that nothing is encrypted where nothing is', () => {
    expect(readOf('wire-handshake')).toContain('ws:// is not encrypted');
    expect(readOf('wire-handshake', 'zh-CN')).toContain('ws:// 不加密');
  });
});

describe('a receipt', () => {
  it('tells every station, with its time, and the end that it lies on', () => {
    const text = readOf('wire-receipt');
    expect(text).toMatch(/#12 路过的橘猫 No\. Four words/);
    expect(text).toContain('25.8 ms from the first station to the last');
    expect(text).toMatch(
      /Written .*Handed to the browser .*First bytes read .*Safe on disk .*Delivered .*On your screen/,
    );
    expect(text).toContain('Together with 2 other messages in one commit.');
    expect(text).toMatch(/about 380 µs, ± 210 µs/);
    expect(text).toMatch(/known to within ± 210 µs/);
  });

  it('names the readers, and says what becomes of the one that is too slow', () => {
    expect(readOf('wire-receipt')).toMatch(
      /Ada .*林溪 Socket\.IO .*18.432.B waiting Too slow to be pushed to/,
    );
  });

  it('says why there is none, and how to get one', () => {
    expect(readOf('wire-receipt-none')).toContain('Write a line and click on it.');
    expect(readOf('wire-receipt-empty', 'zh-CN')).toContain('点一下聊天中的某条消息');
  });
});

describe('the timeline', () => {
  it('has both ends, the frames, the resume and what waited, as a list too', () => {
    const text = readOf('wire-timeline');
    expect(text).toContain('Resumed after #9: one missed entry was sent again, up to #10.');
    expect(text).toContain('No entry came twice.');
    expect(text).toContain('At the server nothing ever waited.');
    expect(text).toMatch(/your browser send\(\) .*Frame text client → server .*server Safe on disk/);
    expect(markupOf('wire-timeline')).toContain('<caption');
  });
});

describe('scenes to try', () => {
  it('are there with what they do, and one can write bytes oneself', () => {
    const text = readOf('wire-try');
    expect(text).toContain('A message in three frames');
    expect(text).toContain('8 B: One frame.');
    expect(text).toContain('Cut my connection');
    expect(readOf('wire-try', 'zh-CN')).toContain('切断我的连接');
  });
});

describe('when something is missing', () => {
  it('says what, and what to do', () => {
    expect(readOf('wire-off')).toMatch(/not recorded\. Switch .* Record this connection/);
    expect(readOf('wire-refused')).toContain('This token belongs to nobody.');
    expect(readOf('wire-refused', 'zh-CN')).toContain('这个令牌不属于任何人。');
    expect(readOf('wire-lost')).toContain('Trying again by itself');
    expect(readOf('wire-alone', 'zh-CN')).toContain('把记录文件拖到这里打开');
  });
});
