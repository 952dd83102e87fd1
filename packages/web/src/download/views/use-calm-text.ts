// Progress, told to those who listen instead of look: at each quarter, and not at each step between.
import { useRef } from 'react';

const STEP_PERCENT = 25;

/** Changes when another quarter is reached. Undefined: nothing is said. */
export function useCalmText(percent: number | undefined, words: (percent: number) => string): string {
  const said = useRef<number>(undefined);
  if (percent === undefined) return '';
  const quarter = Math.floor(percent / STEP_PERCENT) * STEP_PERCENT;
  if (said.current === undefined || quarter > said.current) said.current = quarter;
  return said.current === 0 ? '' : words(said.current);
}
