// The answer to "how many people can one room carry", in one or two sentences, from what a run found. Both languages. Used by the
// terminal and by the report.
import type { Mix } from '../mix.ts';
import type { CapacityReport, Ceiling } from '../report.ts';
import { about, count, digits, milliseconds } from './amounts.ts';
import { curveOf, largestCarried } from './curve.ts';

export type ReportLanguage = 'en' | 'zh';

export interface Answer {
  /** How many people, or why nobody can say. */
  readonly sentence: string;
  /** What runs out first; absent where it is not known. */
  readonly limit?: string;
  /** As the figures beside the sentence; absent where there is none. */
  readonly people?: number;
  readonly p99Ms?: number;
}

export function answerOf(report: CapacityReport, language: ReportLanguage): Answer {
  const words = WORDS[language];
  const first = firstCeiling(report);
  const limit = first && { limit: words.limit(words.resources[first.resource], about(first.readers)) };
  const { found } = report;
  const place = placeOf(report);
  if (found !== undefined && found.readers > 0) {
    const p99 = milliseconds(found.p99Ms);
    const sentence = words.found(place, about(found.readers), words.mix(report.asked), p99);
    return { sentence, people: found.readers, p99Ms: found.p99Ms, ...limit };
  }
  const carried = largestCarried(report);
  if (carried !== undefined) {
    const { mix, latencyMs } = carried;
    const isEnd = curveOf(report).at(-1) === carried;
    const say = isEnd ? words.carriedAll : words.carried;
    const sentence = say(place, count(mix.readers), words.mix(mix), milliseconds(latencyMs.p99));
    return { sentence, people: mix.readers, p99Ms: latencyMs.p99, ...limit };
  }
  return {
    sentence: report.steps.length === 0 ? words.nothing : words.none(words.mix(report.asked)),
    ...limit,
  };
}

type Reached = Ceiling & { readonly readers: number };

/** The resource that is used up with the fewest people. */
export function firstCeiling({ ceilings }: CapacityReport): Reached | undefined {
  return ceilings
    .filter((ceiling): ceiling is Reached => ceiling.readers !== null)
    .toSorted((one, other) => one.readers - other.readers)[0];
}

type Place = Readonly<Record<ReportLanguage, string>>;

const HERE: Place = { en: 'On this machine', zh: '在这台机器上' };

/** Whose figures they are: this machine's, or those of a server elsewhere. */
function placeOf({ target }: CapacityReport): Place {
  const host = URL.canParse(target.url) ? new URL(target.url).hostname : '';
  if (target.kind === 'own' || /^(localhost|127\..*|\[::1\]|)$/.test(host)) return HERE;
  return { en: `At ${host}`, zh: `在 ${host} 上` };
}

interface AnswerWords {
  readonly mix: (mix: Mix) => string;
  readonly found: (place: Place, people: string, mix: string, p99: string) => string;
  readonly carried: AnswerWords['found'];
  readonly carriedAll: AnswerWords['found'];
  readonly none: (mix: string) => string;
  readonly nothing: string;
  readonly limit: (resource: string, people: string) => string;
  readonly resources: Readonly<Record<Ceiling['resource'], string>>;
}

const share = ({ senders, readers }: Mix): string => `${digits((100 * senders) / Math.max(1, readers))}%`;

const WORDS: Readonly<Record<ReportLanguage, AnswerWords>> = {
  en: {
    mix: (mix) =>
      `of whom ${share(mix)} post ${mix.rate > 1 ? `${digits(mix.rate)} times a second` : `every ${digits(1 / mix.rate)} s`} (${count(mix.size)} bytes each)`,
    found: (place, people, mix, p99) =>
      `${place.en} one room carries about ${people} people, ${mix}: 99 of 100 messages are at their readers within ${p99}.`,
    carried: (place, people, mix, p99) =>
      `${place.en} one room carries ${people} people, ${mix}: 99 of 100 messages are at their readers within ${p99}. The next larger room that was tried was not carried as asked.`,
    carriedAll: (place, people, mix, p99) =>
      `${place.en} one room carries ${people} people, ${mix}: 99 of 100 messages are at their readers within ${p99}. No larger room was tried.`,
    none: (mix) => `None of the rooms that were tried, ${mix}, was carried as asked.`,
    nothing: 'Nothing was measured before the run ended.',
    limit: (resource, people) => `The first thing to run out is ${resource}, at about ${people} people.`,
    resources: {
      cpu: 'CPU',
      memory: 'memory',
      disk: 'the disk',
      sockets: 'open sockets',
      network: 'the network',
    },
  },
  zh: {
    mix: (mix) =>
      `其中 ${share(mix)} 的人每${mix.rate > 1 ? `秒发 ${digits(mix.rate)} 条` : ` ${digits(1 / mix.rate)} 秒发一条`}，每条 ${count(mix.size)} 字节`,
    found: (place, people, mix, p99) =>
      `${place.zh}，一个房间大约能容纳 ${people} 人（${mix}），99% 的消息在 ${p99} 内送达读者。`,
    carried: (place, people, mix, p99) =>
      `${place.zh}，一个房间能容纳 ${people} 人（${mix}），99% 的消息在 ${p99} 内送达读者；试过的下一档没有达到要求。`,
    carriedAll: (place, people, mix, p99) =>
      `${place.zh}，一个房间能容纳 ${people} 人（${mix}），99% 的消息在 ${p99} 内送达读者；没有试过更大的房间。`,
    none: (mix) => `试过的房间（${mix}）没有一个达到要求。`,
    nothing: '运行结束前什么也没有测到。',
    limit: (resource, people) => `最先用完的是${resource}，大约在 ${people} 人时。`,
    resources: { cpu: ' CPU', memory: '内存', disk: '磁盘', sockets: '可打开的 socket', network: '网络' },
  },
};
