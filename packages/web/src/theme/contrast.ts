// WCAG 2 contrast between two colours, and the colours of a tokens file. Used by the test that guards tokens.css.

/** From 1 (the same) to 21 (black on white). Colours as `#rrggbb`. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [red, green, blue] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** The hex colours of the first rule that starts with `selector`. */
export function colourTokens(css: string, selector: string): ReadonlyMap<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = start < 0 ? '' : css.slice(start, css.indexOf('}', start));
  const found = block.matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{6});/g);
  return new Map(Array.from(found, (match) => [match[1] ?? '', match[2] ?? '']));
}
