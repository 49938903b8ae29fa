/** Quotations with where they come from, and reports as one names them in a list of sources. */

import type { Metadata } from '../protocol/protocol';

/** `2021-02-04T15:15` as `2021年2月4日`; a less precise date in as many parts as it has. */
export function chineseDate(iso: string): string {
  const [year, month, day] = iso.slice(0, 10).split('-');
  return (
    `${Number(year)}年` + (month ? `${Number(month)}月` : '') + (day ? `${Number(day)}日` : '')
  );
}

/**
 * The quotation in the quotation marks of its own script, then title, place, date and source as
 * far as they are known. The reports are Chinese, so is the form, whatever the window speaks.
 */
export function cite(quote: string, metadata: Metadata): string {
  const traditional = metadata.script === 'Hant';
  const [open, close] = traditional ? ['「', '」'] : ['“', '”'];
  const from = [
    metadata.title && `《${metadata.title}》`,
    metadata.place,
    metadata.published && chineseDate(metadata.published),
    metadata.source,
  ].filter(Boolean);
  return `${open}${quote}${close}` + (from.length > 0 ? `\n——${from.join('，')}` : '');
}

/** Authors, title, organisation, source and date, as far as they are known. */
export function source(metadata: Metadata, title: string): string {
  const { authors, organisation, published } = metadata;
  const by = authors.length > 0 ? authors.join('、') : organisation;
  const parts = [
    `${by ? `${by}：` : ''}《${metadata.title ?? title}》`,
    metadata.source,
    published && chineseDate(published),
  ];
  return `${parts.filter(Boolean).join('，')}。`;
}
