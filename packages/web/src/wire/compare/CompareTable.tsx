// The figures, a row each. Where there is no room for five columns, each row is a small list of its own.
import styles from './CompareTable.module.css';
import type { ComparisonReport } from './comparison.ts';

export function CompareTable({ report }: { readonly report: ComparisonReport }) {
  const [corner, ...ways] = report.columns;
  return (
    <table className={styles.table} aria-label={report.title}>
      <thead>
        <tr>
          <th scope="col">{corner}</th>
          {ways.map((way) => (
            <th scope="col" key={way}>
              {way}
            </th>
          ))}
        </tr>
      </thead>
      {report.groups.map(({ name, rows }) => (
        <tbody key={name}>
          <tr className={styles.group}>
            <th scope="rowgroup" colSpan={report.columns.length}>
              {name}
            </th>
          </tr>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              {row.cells.map(({ text, tone, way }) => (
                <td key={way} data-way={way} data-tone={tone}>
                  <Traffic text={text} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

/** `285 ↑ 1586 ↓`: each number stays with its arrow. */
function Traffic({ text }: { readonly text: string }) {
  const parts = /^(\d+ ↑) (\d+ ↓)$/.exec(text);
  if (parts === null) return <span>{text}</span>;
  return (
    <span className={styles.traffic}>
      <span>{parts[1]}</span> <span>{parts[2]}</span>
    </span>
  );
}
