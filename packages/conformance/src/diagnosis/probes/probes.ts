// All probes, in the order in which they are begun. A probe's answer depends on no other's.
import { say } from '../mistake.ts';
import type { Probe } from '../probe.ts';
import { ANSWER_PROBES } from './answers.ts';
import { CLOSING_PROBES } from './closing.ts';
import { CONTROL_PROBES } from './control.ts';
import { DEFLATE_PROBES } from './deflate.ts';
import { MESSAGE_PROBES } from './messages.ts';
import { READING_PROBES } from './reading.ts';
import { REQUEST_PROBES } from './requests.ts';
import { SAFETY_PROBES } from './safety.ts';
import { VIOLATION_PROBES } from './violations.ts';

export { SLOW_PROBE, vanish } from './safety.ts';

const ENGINE_IO: Probe = {
  name: 'engine-io',
  title: say('the open packet of Engine.IO', 'Engine.IO 的 open 包'),
  run: async (run) => {
    if (!run.target.url.searchParams.has('EIO') || run.known.protocol === 'engine.io') return;
    const link = await run.open();
    await link.until(({ bytes }) => bytes.length > 0, run.waits.replyMs);
    const [first] = link.frames(1);
    const text = first?.payload.toString() ?? '';
    if (text.startsWith('0{')) return;
    run.see(
      'engine-io-open-missing',
      say(
        `The first message was ${text === '' ? 'none' : `"${text.slice(0, 40)}"`}.`,
        `第一条消息${text === '' ? '没有来' : `是 “${text.slice(0, 40)}”`}。`,
      ),
    );
  },
};

export const PROBES: readonly Probe[] = [
  ...ANSWER_PROBES,
  ...READING_PROBES,
  ...MESSAGE_PROBES,
  ...CONTROL_PROBES,
  ...CLOSING_PROBES,
  ...VIOLATION_PROBES,
  ...REQUEST_PROBES,
  ...DEFLATE_PROBES,
  ...SAFETY_PROBES,
  ENGINE_IO,
];
