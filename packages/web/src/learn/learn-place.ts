// Where the course is in the address: `#learn`, `#learn/interview/05-why-mask`, and `…/s3` for a section of it. The only
// part of the course that the page loads at once.

/** What Part is, without loading the course for it. */
export interface LearnPlace {
  readonly part?: 'practice' | 'interview' | 'faults';
  readonly slug?: string;
  readonly section?: string;
}

const PLACE = /^#learn(?:\/(practice|interview|faults)(?:\/(\d\d-[a-z\d-]{1,60})(?:\/(s\d{1,3}))?)?)?$/;

/** Undefined: the address is not of the course. An address of the course that leads nowhere leads to its index. */
export function readLearnPlace(hash: string): LearnPlace | undefined {
  if (hash !== '#learn' && !hash.startsWith('#learn/')) return undefined;
  const [, part, slug, section] = PLACE.exec(hash) ?? [];
  if (part !== 'practice' && part !== 'interview' && part !== 'faults') return {};
  if (slug === undefined) return { part };
  return section === undefined ? { part, slug } : { part, slug, section };
}

export const learnHash = ({ part, slug, section }: LearnPlace): string =>
  ['#learn', part, slug, section].filter((piece) => piece !== undefined).join('/');

/** A scene of the sandbox in the inspector's Try-it view. */
export const sceneHash = (scene: string): string => `#wire/try/${scene}`;
