// iOS lays its on-screen keyboard over the page instead of shrinking it. The height that is left goes into --app-height,
// which the app's frame uses, so that the message field stays above the keys. Other browsers resize the page themselves.

/** A difference below this is browser chrome sliding in and out, not a keyboard. In CSS pixels. */
const KEYBOARD_HEIGHT_MIN = 120;

export function followKeyboard(root: HTMLElement): void {
  const viewport = window.visualViewport;
  if (viewport === null) return;
  const fit = (): void => {
    const isCovered = window.innerHeight - viewport.height * viewport.scale > KEYBOARD_HEIGHT_MIN;
    // A page that is zoomed in is being read, not typed into: its height stays.
    if (!isCovered || viewport.scale > 1.05) {
      root.style.removeProperty('--app-height');
      return;
    }
    root.style.setProperty('--app-height', `${Math.round(viewport.height)}px`);
    window.scrollTo(0, 0);
  };
  viewport.addEventListener('resize', fit);
}
