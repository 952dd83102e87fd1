// The inspector's place beside the room, with the edge that can be pulled, and the loading of it.
import type { RoomSnapshot } from '@wireroom/client';
import { type KeyboardEvent, lazy, type PointerEvent, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePage } from '../app/page.ts';
import type { WirePlace as Place } from '../wire/wire-place.ts';
import styles from './WirePlace.module.css';

const WirePanel = lazy(async () => ({ default: (await import('../wire/WirePanel.tsx')).WirePanel }));

declare module 'react' {
  interface CSSProperties {
    '--wire-panel'?: string;
  }
}

interface Props {
  readonly place: Exclude<Place, { kind: 'closed' }>;
  readonly room?: RoomSnapshot | undefined;
  /** There is no chat beside it. */
  readonly isAlone?: boolean;
  onClose(): void;
  /** Shows a message in the chat. */
  onMessage?: ((seq: number) => void) | undefined;
}

const KEY = 'wireroom.wire.width';
/** Of the window's width, in percent. */
const WIDTH = { min: 36, first: 56, max: 72, step: 2 } as const;

export function WirePlace({ place, room, isAlone = false, onClose, onMessage }: Props) {
  const { t } = useTranslation();
  const { settings } = usePage();
  const [width, setWidth] = useState(() => clamp(Number(settings.get(KEY) ?? WIDTH.first)));
  const resize = (percent: number): void => {
    const next = clamp(percent);
    setWidth(next);
    settings.set(KEY, String(next));
  };
  const pull = (event: PointerEvent<HTMLElement>): void => {
    if (event.currentTarget.hasPointerCapture(event.pointerId))
      resize(100 - (100 * event.clientX) / window.innerWidth);
  };
  const press = (event: KeyboardEvent<HTMLElement>): void => {
    const step = { ArrowLeft: WIDTH.step, ArrowRight: -WIDTH.step }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    resize(width + step);
  };
  return (
    <aside className={styles.place} data-alone={isAlone} style={{ '--wire-panel': `${width}vw` }}>
      {/* biome-ignore lint/a11y/useSemanticElements: an edge that is pulled; hr cannot have the focus */}
      <div
        className={styles.edge}
        role="separator"
        aria-orientation="vertical"
        aria-label={t('wire.width')}
        aria-valuenow={width}
        aria-valuemin={WIDTH.min}
        aria-valuemax={WIDTH.max}
        tabIndex={0}
        onKeyDown={press}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={pull}
      />
      <Suspense
        fallback={
          <p className={styles.loading} role="status">
            {t('wire.loading')}
          </p>
        }
      >
        <WirePanel place={place} room={room} onClose={onClose} onMessage={onMessage} />
      </Suspense>
    </aside>
  );
}

/** There is not enough room for both; as in WirePlace.module.css. */
export const coversChat = (): boolean =>
  typeof window !== 'undefined' && window.matchMedia('(max-width: 72rem)').matches;

const clamp = (percent: number): number =>
  Math.round(Math.min(WIDTH.max, Math.max(WIDTH.min, Number.isFinite(percent) ? percent : WIDTH.first)));
