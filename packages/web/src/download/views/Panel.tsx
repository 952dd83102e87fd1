// What the download's dialog holds: one view for each state, under a title that says which. When the view changes, the focus stays inside.
import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import dialog from '../../app/dialog.module.css';
import type { PanelProps } from '../download-front.ts';
import type { DownloadState } from '../download-state.ts';
import { useWords, type Words } from '../words/words.ts';
import { ChooseView } from './ChooseView.tsx';
import { DoneView } from './DoneView.tsx';
import { RunView } from './RunView.tsx';

export function Panel(props: PanelProps) {
  const { store } = props;
  const { t: page } = useTranslation();
  const { t } = useWords();
  const state = useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot);
  const title = useRef<HTMLHeadingElement>(null);
  const { kind } = state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at when another view has come.
  useEffect(() => {
    // What had the focus may have gone with its view.
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body) title.current?.focus();
  }, [kind]);
  return (
    <>
      <Dialog.Title ref={title} className={dialog.title} tabIndex={-1}>
        {titleText(t, state) ?? page('menu.history')}
      </Dialog.Title>
      <View {...props} state={state} />
    </>
  );
}

function View({ state, ...props }: PanelProps & { readonly state: DownloadState }) {
  switch (state.kind) {
    case 'choosing':
      return <ChooseView {...props} failure={state.failure} isPlacing={false} />;
    case 'placing':
      return <ChooseView {...props} failure={undefined} isPlacing />;
    case 'done':
      return <DoneView store={props.store} state={state} onClose={props.onClose} />;
    case 'running':
    case 'waiting':
    case 'paused':
    case 'finishing':
    case 'failed':
    case 'interrupted':
      return <RunView store={props.store} state={state} onClose={props.onClose} />;
  }
}

/** Undefined: it is not begun. */
export function titleText(t: Words, state: DownloadState): string | undefined {
  switch (state.kind) {
    case 'choosing':
    case 'placing':
      return undefined;
    case 'running':
      return t('running', { room: state.plan.title });
    case 'done':
      return t(state.proof.cut === undefined ? 'done' : 'done.ended');
    case 'interrupted':
    case 'paused':
      return t('paused');
    case 'waiting':
    case 'finishing':
    case 'failed':
      return t(state.kind);
  }
}
