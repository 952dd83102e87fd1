// The same bytes, cut at every place, through a parser that takes each read for a frame and through a real one.
import { FrameParser } from '@wireroom/websocket/core';
import { type Cell, type Report, t } from './report.ts';
import { frame } from './wires.ts';

const BYTES = Buffer.concat([
  frame(1, 'hello'),
  frame(9, 'p'),
  frame(2, Buffer.alloc(130, 7)),
  frame(1, '你好'),
]);

/** Frames as text: equal texts, equal outcomes. */
type Parser = (chunks: readonly Buffer[]) => string;

const perRead: Parser = (chunks) =>
  chunks
    .map((chunk) => {
      const key = chunk.subarray(2, 6);
      const payload = chunk
        .subarray(6, 6 + ((chunk[1] ?? 0) & 0x7f))
        .map((byte, index) => byte ^ (key[index % 4] ?? 0));
      return `${(chunk[0] ?? 0) & 0x0f}:${Buffer.from(payload).toString('hex')}`;
    })
    .join(' ');

const streaming: Parser = (chunks) => {
  const parser = new FrameParser('server');
  let [found, payload] = ['', ''];
  for (const chunk of chunks) {
    parser.push(Buffer.from(chunk)); // it unmasks in place
    for (let part = parser.next(); part !== undefined; part = parser.next()) {
      payload += part.payload.toString('hex');
      if (!part.isLast) continue;
      found += `${part.opcode}:${payload} `;
      payload = '';
    }
  }
  return found.trim();
};

function* cuts(): Generator<readonly Buffer[]> {
  for (let first = 1; first < BYTES.length; first++)
    for (let second = first + 1; second < BYTES.length; second++)
      yield [BYTES.subarray(0, first), BYTES.subarray(first, second), BYTES.subarray(second)];
}

const everyByte = Array.from(BYTES, (_, index) => BYTES.subarray(index, index + 1));

export async function measure(): Promise<Report> {
  const right = streaming([BYTES]);
  const row = (name: Cell, parse: Parser): readonly Cell[] => {
    const outcomes = [...cuts()].map(parse);
    const wrong = outcomes.filter((outcome) => outcome !== right).length;
    return [
      name,
      outcomes.length,
      wrong,
      parse([BYTES]) === right ? t('对', 'right') : t('错', 'wrong'),
      parse(everyByte) === right ? t('对', 'right') : t('错', 'wrong'),
    ];
  };
  return {
    title: t(
      `四帧，${BYTES.length} 个字节，在任意两处切开`,
      `Four frames, ${BYTES.length} bytes, cut at any two places`,
    ),
    columns: [
      t('解析器', 'parser'),
      t('切法', 'ways to cut'),
      t('结果不对', 'wrong outcomes'),
      t('不切', 'uncut'),
      t('逐字节', 'byte by byte'),
    ],
    rows: [
      row(t('一次读取当一帧', 'takes a read for a frame'), perRead),
      row(t('流式解析', 'reads a stream'), streaming),
    ],
    note: t(
      '没有一行测试用到 sleep 或随机：切法是穷举的。',
      'No sleep, no chance: the ways to cut are all of them.',
    ),
  };
}
