// Where an arrow key leads in the picker: one emoji on, or one row. Pure.

/** From the emoji at `from` of `count`; undefined: the key leads nowhere. */
export function pickerStep(
  key: string,
  { from, count, columns }: { readonly from: number; readonly count: number; readonly columns: number },
): number | undefined {
  const target = {
    ArrowRight: from + 1,
    ArrowLeft: from - 1,
    ArrowDown: from + columns,
    ArrowUp: from - columns,
    Home: 0,
    End: count - 1,
  }[key];
  return target !== undefined && target >= 0 && target < count && target !== from ? target : undefined;
}
