// The batch window: what is written in one turn of the event loop leaves in one write per socket, at the turn's end.
// One queue for the process, because the turn is one; it holds only pumps that have something to write.

export interface Flushable {
  flush(): void;
}

let waiting: Flushable[] = [];

/** Has `flush` called at the end of this turn, after every socket that was readable in it has been read. */
export function flushAtEndOfTurn(pump: Flushable): void {
  if (waiting.push(pump) === 1) setImmediate(flushAll);
}

function flushAll(): void {
  const pumps = waiting;
  waiting = [];
  for (const pump of pumps) pump.flush();
}
