// Is the pointer over a row, or the focus in it? A finger has no hover.
import { type FocusEvent, type PointerEvent, useState } from 'react';

export function useNear() {
  const [isHovered, setHovered] = useState(false);
  const [hasFocus, setFocus] = useState(false);
  return {
    isHovered,
    hasFocus,
    handlers: {
      onPointerEnter: ({ pointerType }: PointerEvent) => pointerType === 'mouse' && setHovered(true),
      onPointerLeave: () => setHovered(false),
      onFocus: () => setFocus(true),
      onBlur: ({ currentTarget, relatedTarget }: FocusEvent) =>
        !currentTarget.contains(relatedTarget) && setFocus(false),
    },
  };
}
