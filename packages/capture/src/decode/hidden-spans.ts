// The hidden parts of one direction's stream, kept until the frame that they lie in has come whole.
import type { Span } from '../decoded.ts';
import { CAPTURE_LIMITS } from '../limits.ts';
import type { BytesRecord } from '../record.ts';

export class HiddenSpans {
  #spans: Span[] = [];

  add({ offset, hidden = [] }: BytesRecord): void {
    for (const [from, to] of hidden) {
      const last = this.#spans.at(-1);
      const isFull = this.#spans.length >= CAPTURE_LIMITS.hiddenSpansMax;
      // Adjacent ones are one; past the limit the last one grows over what lies between.
      if (last && (last.to === offset + from || isFull))
        this.#spans[this.#spans.length - 1] = { from: last.from, to: offset + to };
      else this.#spans.push({ from: offset + from, to: offset + to });
    }
  }

  /** Those in this span, cut to it; the ones before it are let go of. */
  takeWithin({ from, to }: Span): readonly Span[] {
    if (this.#spans.length === 0) return [];
    const found = this.#spans
      .filter((span) => span.from < to && span.to > from)
      .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }));
    this.#spans = this.#spans.filter((span) => span.to > to);
    return found;
  }
}
