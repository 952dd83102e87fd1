// The download's sentences, in the language of the page. They are kept apart from the page's own because they are loaded only with the
// download; the page's i18next is taught them when the first view asks.
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { downloadEn } from './en.ts';
import { downloadZhCN } from './zh-cn.ts';

export type Words = TFunction<'download'>;

export function useWords(): { readonly t: Words; readonly locale: string } {
  const { i18n } = useTranslation();
  if (!i18n.hasResourceBundle('en', 'download')) {
    i18n.addResourceBundle('en', 'download', downloadEn);
    i18n.addResourceBundle('zh-CN', 'download', downloadZhCN);
  }
  const { t } = useTranslation('download');
  return { t, locale: i18n.language };
}
