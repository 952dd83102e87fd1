// The current day, renewed at the reader's midnight, so that "today" does not stay on yesterday's messages.
import { useEffect, useState } from 'react';
import { untilMidnightMs } from './time-text.ts';

export function useToday(): Date {
  const [today, setToday] = useState(() => new Date());
  useEffect(() => {
    const timer = setTimeout(() => setToday(new Date()), untilMidnightMs(today) + 1000);
    return () => clearTimeout(timer);
  }, [today]);
  return today;
}
