// The page's own drawings, all on a 20-pixel grid with one line width, in the colour of the text around them.
// Decoration only: what a control does is said by its label.
import type { JSX } from 'react';

const DRAWINGS = {
  /** The mark: a wire bent into a W between two terminals. */
  mark: (
    <>
      <path d="M3.6 6.4 7 14l3-7 3 7 3.4-7.6" />
      <circle cx="3.6" cy="5.6" r="1.3" fill="currentColor" stroke="none" />
      <circle cx="16.4" cy="5.6" r="1.3" fill="currentColor" stroke="none" />
    </>
  ),
  send: <path d="M10 16.5v-12M4.75 9.25 10 4l5.25 5.25" />,
  down: <path d="M10 3.5v12M4.75 10.75 10 16l5.25-5.25" />,
  people: (
    <>
      <circle cx="7.75" cy="7" r="2.75" />
      <path d="M2.5 16.25c.5-3.25 2.5-4.75 5.25-4.75s4.75 1.5 5.25 4.75M12.75 4.5a2.75 2.75 0 0 1 0 5M14.5 11.9c1.7.6 2.75 2 3.1 4.35" />
    </>
  ),
  menu: <path d="M3.5 6h13M3.5 10h13M3.5 14h8" />,
  again: <path d="M15.75 8.25A6 6 0 1 0 16 10.5M16 4.25v4h-4" />,
  clock: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <path d="M10 6.25V10l2.5 1.75" />
    </>
  ),
  failed: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <path d="M10 6.5v4.25M10 13.25v.25" />
    </>
  ),
  check: <path d="m4.5 10.5 3.75 3.75 7.25-8.5" />,
  download: <path d="M10 3.5v9M5.75 8.75 10 13l4.25-4.25M3.75 16.5h12.5" />,
  leave: <path d="M8.5 3.75H4.75v12.5H8.5M8.75 10h7.75M13.25 6.75 16.5 10l-3.25 3.25" />,
  settings: (
    <>
      <path d="M3 6h7M14.5 6H17M3 14h2.5M10 14h7" />
      <circle cx="12.25" cy="6" r="2.25" />
      <circle cx="7.75" cy="14" r="2.25" />
    </>
  ),
  learn: (
    <path d="M10 5.5C8.25 4.25 5.75 4 3 4.25v10.5c2.75-.25 5.25 0 7 1.25 1.75-1.25 4.25-1.5 7-1.25V4.25C14.25 4 11.75 4.25 10 5.5v10.5" />
  ),
  copy: (
    <>
      <rect x="7" y="7" width="9.5" height="9.5" rx="1.5" />
      <path d="M4.5 13H4a.5.5 0 0 1-.5-.5V4a.5.5 0 0 1 .5-.5h8.5a.5.5 0 0 1 .5.5v.5" />
    </>
  ),
  /** A face that is added. */
  react: (
    <>
      <path d="M11.5 3.7a6.5 6.5 0 1 0 4.8 4.8" />
      <path d="M7.25 11.5a3.25 3.25 0 0 0 5.5 0M7.75 7.9v.35M11.75 7.9v.35M15.5 2v4.5M13.25 4.25h4.5" />
    </>
  ),
  edit: (
    <path d="m4 16 .75-3.5L13 4.25a1.5 1.5 0 0 1 2.1 0l.65.65a1.5 1.5 0 0 1 0 2.1L7.5 15.25zM11.5 5.75l2.75 2.75" />
  ),
  delete: <path d="M3.75 5.75h12.5M8 5.75v-2h4v2M5.25 5.75l.75 10.5h8l.75-10.5M8.5 8.75v4.5M11.5 8.75v4.5" />,
  more: (
    <>
      <circle cx="4.5" cy="10" r="1.35" fill="currentColor" stroke="none" />
      <circle cx="10" cy="10" r="1.35" fill="currentColor" stroke="none" />
      <circle cx="15.5" cy="10" r="1.35" fill="currentColor" stroke="none" />
    </>
  ),
  unfold: <path d="m7.5 5 5 5-5 5" />,
  /** Two ends that meet, or do not. */
  joined: (
    <>
      <path d="M1.5 10h5M13.5 10h5" />
      <circle cx="10" cy="10" r="3.5" fill="currentColor" stroke="none" />
    </>
  ),
  parted: (
    <>
      <path d="M1.5 10h3.5M15 10h3.5" />
      <circle cx="7" cy="10" r="2" />
      <circle cx="13" cy="10" r="2" />
    </>
  ),
  /** The inspector: a wire seen through a glass. */
  wire: (
    <>
      <path d="M1.75 9h3.5M11.75 9h2M5.25 9h1.5l1.25-2.25L10 11.25 11.25 9" />
      <circle cx="8.5" cy="9" r="5.5" />
      <path d="m12.75 13.25 4 4" />
    </>
  ),
  close: <path d="m5 5 10 10M15 5 5 15" />,
  back: <path d="M16.5 10h-12M9.25 4.75 4 10l5.25 5.25" />,
  open: <path d="M3.5 15.75V4.75h4.25l1.75 2h7v9zM10 9v4.5M7.75 11.25h4.5" />,
  play: <path d="M6.5 4.25 15.5 10l-9 5.75z" />,
  pause: <path d="M7 4.5v11M13 4.5v11" />,
  stepForth: <path d="M5.5 4.75 12 10l-6.5 5.25zM15 4.75v10.5" />,
  stepBack: <path d="M14.5 4.75 8 10l6.5 5.25zM5 4.75v10.5" />,
  right: <path d="M3 10h13M11.5 5.5 16 10l-4.5 4.5" />,
  left: <path d="M17 10H4M8.5 5.5 4 10l4.5 4.5" />,
  chevron: <path d="m6 8 4 4 4-4" />,
  link: (
    <path d="M8.5 11.5a3 3 0 0 0 4.25 0l2.5-2.5A3 3 0 0 0 11 4.75l-1 1M11.5 8.5a3 3 0 0 0-4.25 0L4.75 11A3 3 0 0 0 9 15.25l1-1" />
  ),
  cut: <path d="M10 2.5v4M10 13.5v4M3.5 10h4M12.5 10h4M6 6l8 8" />,
  plus: <path d="M10 4v12M4 10h12" />,
  minus: <path d="M4 10h12" />,
} as const satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof DRAWINGS;

export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {DRAWINGS[name]}
    </svg>
  );
}
