// Reports as one names them in a list of sources.
import type { Metadata } from '../protocol/protocol';
import { chineseDate } from '../reader/citation';

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
