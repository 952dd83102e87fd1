// The model as a person would write it down. Pure.
import type { CostModel } from './cost-model.ts';

/** CPU, what a round is, memory: a line each. Terms that are nothing are left out. */
export function formulaOf(model: CostModel): string {
  const terms = [
    [model.connectionMicros, 'µs × readers'],
    [model.messageMicros, 'µs × messages/s'],
    [model.roundMicros, 'µs × rounds/s'],
    [model.writeMicros, 'µs × readers × rounds/s'],
    [model.deliveryMicros, 'µs × readers × messages/s'],
    [model.deliveryByteNanos, 'ns × readers × bytes/s'],
  ] as const;
  const told = terms.filter(([factor]) => factor >= 0.0005).map(([factor, of]) => `${figure(factor)} ${of}`);
  const work = told.length === 0 ? '0' : told.join(' + ');
  const gather =
    model.gatherMicrosPerReader === 0
      ? `${figure(model.gatherMs)} ms`
      : `${figure(model.gatherMs)} ms + ${figure(model.gatherMicrosPerReader)} µs × readers`;
  return [
    ...(model.coldShare === 0
      ? [`CPU = ${figure(model.idleCores)} + ${work}`]
      : [
          `CPU = ${figure(model.idleCores)} + w × (1 + ${figure(model.coldShare)} × e^(-w ÷ ${figure(model.coldCores)}))`,
          `w = ${work}`,
        ]),
    `rounds/s = messages/s ÷ (x + e^-x), x = messages/s × (${gather})`,
    `memory = ${figure(model.baseBytes / 2 ** 20)} MiB + ${figure(model.readerBytes / 1024)} KiB × readers`,
  ].join('\n');
}

/** Three digits that mean something. */
function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
