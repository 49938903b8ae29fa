// What can be done with reports and passages wherever they are listed.
import type { MenuItem } from '../components/menu';
import { m, number } from '../i18n/messages';
import type { Passage } from '../protocol/protocol';
import type { App } from '../state/app.svelte';
import { cite, source } from './citation';

export async function deletePassages(app: App, ids: string[]): Promise<void> {
  await app.platform.call('delete_passages', { ids });
  app.history.done(() => m.reader_deleted({ count: ids.length }));
}

/** Copies reports as they stand in a list of sources, a line each. */
export async function copySources(app: App, reports: readonly string[]): Promise<void> {
  const cards = await Promise.all(reports.map((id) => app.platform.call('report_preview', { id })));
  const lines = cards.map(({ metadata, title }) => source(metadata, title));
  app.copy(lines.join('\n'), () => m.library_citations_copied({ count: number(lines.length) }));
}

/** A report beside others: one of those that are open, or another one. */
export function compareItem(app: App, report: string): MenuItem {
  const open = new Map(
    app.tabs.list.flatMap((tab) =>
      tab.kind === 'report' && tab.report !== report ? [[tab.report, tab.title] as const] : [],
    ),
  );
  const choose = () => app.tabs.openCompare([report]);
  if (open.size === 0) return { label: m.reader_compare(), run: choose };
  return {
    label: m.reader_compare(),
    items: [
      ...[...open].map(([other, label]) => ({
        label,
        run: () => app.tabs.openCompare([report, other]),
      })),
      { label: m.compare_with_another(), separated: true, run: choose },
    ],
  };
}

/** A passage in a list that stands in a tab: it is shown in its report, cited, deleted. */
export function listedPassageItems(
  app: App,
  { passage, title, from }: { passage: Passage; title: string; from: string },
): MenuItem[] {
  const { id, report, quote, start, end } = passage;
  return [
    ...(passage.state === 'lost'
      ? []
      : [
          {
            label: m.passage_show(),
            run: () => app.tabs.openReport(report, title, { start, end }),
          },
          {
            label: m.passage_show_beside(),
            run: () => app.tabs.openReportBeside(from, report, title, { start, end }),
          },
        ]),
    {
      label: m.command_reader_copy_citation(),
      separated: true,
      run: () =>
        app.attempt(async () => {
          const { metadata } = await app.platform.call('report_preview', { id: report });
          app.copy(cite(quote, metadata), () => m.reader_copied());
        }),
    },
    {
      label: m.command_reader_delete_passage(),
      danger: true,
      separated: true,
      run: () => app.attempt(() => deletePassages(app, [id])),
    },
  ];
}
