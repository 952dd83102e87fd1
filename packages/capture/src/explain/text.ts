// A sentence for people in both languages of the product. Placeholders stand in braces: `{position}`.

export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

export type Values = Readonly<Record<string, string | number>>;

export function filled(template: string, values: Values = {}): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}
