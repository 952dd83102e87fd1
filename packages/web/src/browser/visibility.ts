// Tells the inspector's tap when the page is hidden and seen again: a hidden page paints nothing, and browsers slow it down.
import type { ClientTap } from '@wireroom/client';

export function tellVisibility(tap: ClientTap | undefined): void {
  if (tap === undefined) return;
  document.addEventListener('visibilitychange', () => tap.visibility(document.visibilityState === 'visible'));
}
