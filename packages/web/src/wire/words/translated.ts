// What a translation of a list of words has to have: every key, but for the plural forms that only English needs.

export type Translated<Words> = Readonly<Record<Exclude<keyof Words & string, `${string}_one`>, string>>;
