// What a measurement printed, as a table.
import { useTranslation } from 'react-i18next';
import styles from './Code.module.css';
import type { MeasuredTable } from './measured-table.ts';

export function MeasuredView({ table }: { readonly table: MeasuredTable }) {
  const { t } = useTranslation();
  const { title, columns, rows, note } = table;
  return (
    <figure className={styles.frame} data-kind="measured">
      <figcaption className={styles.caption}>
        <span className={styles.name}>{title}</span>
        <span className={styles.tag}>{t('learn.measured')}</span>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <section className={styles.scroll} aria-label={title} tabIndex={0}>
        <table className={styles.measured}>
          <thead>
            <tr>
              {columns.map(({ name, isNumeric }) => (
                <th key={name} scope="col" data-numeric={isNumeric}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.join('│')}>
                {row.map((cell, column) =>
                  column === 0 && columns[0]?.isNumeric === false ? (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a column
                    <th key={column} scope="row">
                      {cell}
                    </th>
                  ) : (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a column
                    <td key={column} data-numeric={columns[column]?.isNumeric}>
                      {cell}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {note !== '' && <p className={styles.note}>{note}</p>}
    </figure>
  );
}
