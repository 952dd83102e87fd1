// With a keyboard at hand one types at once; on a phone the keyboard would hide what there is to read.
import { type RefObject, useEffect } from 'react';

interface Field {
  focus(): void;
  select(): void;
}

/** `select`: what stands in the field is a suggestion, and the first key replaces it. */
export function useFocusAtStart(field: RefObject<Field | null>, content: 'keep' | 'select'): void {
  useEffect(() => {
    if (!window.matchMedia('(pointer: fine)').matches) return;
    field.current?.focus();
    if (content === 'select') field.current?.select();
  }, [field, content]);
}
