// Where an arrow key leads in the bit grid: to the neighbour in the row, or to the cell above or below that shares its column.
import type { Segment } from './bit-layout.ts';

/** A cell of the grid: the row, and which of its segments. */
export interface Place {
  readonly row: number;
  readonly at: number;
}

/** `undefined`: the key is none of the grid's, or there is nowhere to go. */
export function moveInGrid(
  rows: readonly (readonly Segment[])[],
  { row, at }: Place,
  key: string,
): Place | undefined {
  const length = rows[row]?.length ?? 0;
  switch (key) {
    case 'ArrowRight':
      if (at + 1 < length) return { row, at: at + 1 };
      return row + 1 < rows.length ? { row: row + 1, at: 0 } : undefined;
    case 'ArrowLeft':
      if (at > 0) return { row, at: at - 1 };
      return row > 0 ? { row: row - 1, at: (rows[row - 1]?.length ?? 1) - 1 } : undefined;
    case 'ArrowDown':
      return under(rows, { row, at }, row + 1);
    case 'ArrowUp':
      return under(rows, { row, at }, row - 1);
    case 'Home':
      return { row, at: 0 };
    case 'End':
      return { row, at: Math.max(0, length - 1) };
    default:
      return undefined;
  }
}

function under(rows: readonly (readonly Segment[])[], place: Place, row: number): Place | undefined {
  const target = rows[row];
  const column = rows[place.row]?.[place.at]?.column;
  if (target === undefined || column === undefined) return undefined;
  const at = target.findLastIndex((segment) => segment.column <= column);
  return { row, at: Math.max(0, at) };
}
