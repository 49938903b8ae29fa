/** One report as a pane has it open: the data of the archive, and where in it the reader stands. */

import { tick } from 'svelte';
import { enumerated } from '../i18n/format';
import { m, number } from '../i18n/messages';
import { toFailure, type CommandFailure } from '../platform/platform';
import type { Passage, Range as WireRange, ReportView } from '../protocol/protocol';
import type { App } from '../state/app.svelte';
import { IntervalIndex } from '../text/intervals';
import { span, type CodePoint, type Span } from '../text/offsets';
import { ReadingText, textLanguage } from '../text/reading';
import type { Page } from '../text/typeset';
import { cite } from './citation';
import { deletePassages } from './places';

/** A passage with its range as positions of this page. */
export interface PlacedPassage extends Span {
  readonly passage: Passage;
}

/** The colour of a passage that carries a memo but no tag. */
export const UNTAGGED = '#8a8680';

/** What the tag picker is open for: a selection, or a passage that is there already. */
export interface Picking {
  readonly range: Span;
  readonly passage: Passage | null;
}

/** Which passages the card lists and where it hangs. */
export interface Card {
  readonly passages: readonly string[];
  readonly at: CodePoint;
}

export class OpenReport {
  readonly app: App;
  readonly id: string;
  view = $state.raw<ReportView | null>(null);
  /** The reading text; another object only when the text became another. */
  text = $state.raw<ReadingText | null>(null);
  failure = $state.raw<CommandFailure | null>(null);
  /** The passages by start. */
  passages = $state.raw<readonly Passage[]>([]);
  /** The page, once the text is set. */
  page = $state.raw<Page | null>(null);

  /** The passages that have a place, and a look-up for them. */
  placed = $state.raw<readonly PlacedPassage[]>([]);
  index = $state.raw(new IntervalIndex<PlacedPassage>([]));

  /** The passage under the pointer. */
  lit = $state<string | null>(null);
  /** The passage that has been chosen: it has handles, and the keys are for it. */
  chosen = $state<string | null>(null);
  picking = $state.raw<Picking | null>(null);
  card = $state.raw<Card | null>(null);
  /** The range a passage is being drawn to. */
  draft = $state.raw<Span | null>(null);
  /** What is selected, kept when the focus goes to the picker. */
  selection = $state.raw<Span | null>(null);
  showRepairs = $state(false);
  /** What a screen reader is to say. */
  announcement = $state('');

  #generation = 0;

  constructor(app: App, id: string) {
    this.app = app;
    this.id = id;
  }

  /** The chosen passage, as long as it is there. */
  get chosenPassage(): Passage | undefined {
    return this.passages.find((p) => p.id === this.chosen);
  }

  /** Its place in the text. */
  get chosenPlace(): PlacedPassage | undefined {
    return this.placed.find(({ passage }) => passage.id === this.chosen);
  }

  get title(): string {
    return this.view?.metadata.title ?? this.view?.path?.split(/[/\\]/).at(-1) ?? '';
  }

  /** The language of the text, for the right forms of its characters. */
  get language(): string {
    return this.view ? textLanguage(this.view.metadata) : 'zh';
  }

  /** Fetches the report. The text nodes stay where its text is what it was. */
  async load(): Promise<void> {
    const generation = ++this.#generation;
    try {
      const view = await this.app.platform.call('report', { id: this.id });
      if (generation === this.#generation) this.take(view);
    } catch (thrown) {
      if (generation === this.#generation) this.failure = toFailure(thrown);
    }
  }

  take(view: ReportView): void {
    const before = this.view;
    const same = before?.revision === view.revision && before.text === view.text;
    this.view = view;
    this.failure = null;
    if (!same || !this.text) {
      this.page = null;
      this.text = ReadingText.of(view);
    }
    this.#takePassages(view.passages);
    this.app.tabs.retitle(this.id, this.title);
  }

  /** Fetches the passages alone. */
  async loadPassages(): Promise<void> {
    if (!this.view) return;
    const generation = this.#generation;
    const found = await this.app.platform.call('passages', { report: this.id, tag: null });
    if (generation === this.#generation) this.#takePassages(found.map(({ passage }) => passage));
  }

  #takePassages(passages: readonly Passage[]): void {
    this.passages = [...passages].sort((a, b) => a.start - b.start || a.end - b.end);
    this.placed = this.passages
      .filter((p) => p.state !== 'lost' && p.revision === this.view?.revision)
      .map((passage) => ({ ...span(passage.start, passage.end), passage }));
    this.index = new IntervalIndex(this.placed);
    const known = new Set(passages.map(({ id }) => id));
    if (this.chosen && !known.has(this.chosen)) this.chosen = null;
    if (this.lit && !known.has(this.lit)) this.lit = null;
    if (this.card) {
      const left = this.card.passages.filter((id) => known.has(id));
      if (left.length < this.card.passages.length)
        this.card = left.length > 0 ? { ...this.card, passages: left } : null;
    }
  }

  /** The colours of a passage's tags, in their order. */
  colours(passage: Passage): string[] {
    const colours = passage.tags.flatMap((id) => this.app.tags.byId.get(id)?.colour ?? []);
    return colours.length > 0 ? [...new Set(colours)] : [UNTAGGED];
  }

  /** The names of a passage's tags, for lists and for a screen reader. */
  tagNames(passage: Passage): string {
    const names = passage.tags.map((id) => this.app.tags.path(id).join(' / ')).filter(Boolean);
    return names.length > 0 ? enumerated(names) : m.reader_untagged();
  }

  /** Says something to a screen reader, also when it is the same as before. */
  announce(text: string): void {
    this.announcement = '';
    void tick().then(() => (this.announcement = text));
  }

  /** Opens the picker for a range; for a passage that is there already if one is given. */
  pick(range: Span, passage: Passage | null = null): void {
    this.card = null;
    this.picking = { range, passage };
  }

  /** Marks or changes a passage as the picker has it. */
  async savePicked(tags: string[], memo: string): Promise<void> {
    const picking = this.picking;
    this.picking = null;
    this.selection = null;
    if (!picking) return;
    if (picking.passage) {
      const { id } = picking.passage;
      await this.change(id, { tags, memo });
      return;
    }
    if (tags.length === 0 && memo.trim() === '') return;
    const passage = await this.app.platform.call('create_passage', {
      report: this.id,
      start: picking.range.start,
      end: picking.range.end,
      tags,
      memo,
    });
    this.chosen = passage.id;
    await this.loadPassages();
    this.announce(m.reader_announce_tagged({ tags: this.tagNames(passage) }));
  }

  /** Changes a passage. */
  async change(
    id: string,
    changes: { range?: Span; tags?: string[]; memo?: string; confirm?: boolean },
  ): Promise<void> {
    await this.app.platform.call('update_passage', {
      id,
      start: changes.range?.start ?? null,
      end: changes.range?.end ?? null,
      tags: changes.tags ?? null,
      memo: changes.memo ?? null,
      confirm: changes.confirm ?? false,
    });
    await this.loadPassages();
    this.announce(m.reader_announce_changed());
  }

  async remove(ids: string[]): Promise<void> {
    await deletePassages(this.app, ids);
    await this.loadPassages();
  }

  async saveMemo(memo: string): Promise<void> {
    if (!this.view || memo === this.view.memo) return;
    await this.app.platform.call('set_report_memo', { id: this.id, memo });
    this.view = { ...this.view, memo };
  }

  /** Puts a piece of furniture back into the text. */
  /** Takes repairs back, by place in the list. */
  async undoRepairs(indices: number[]): Promise<void> {
    // From the last one, so that the places of the others stay.
    for (const index of indices.toSorted((a, b) => b - a)) {
      this.take(await this.app.platform.call('undo_repair', { id: this.id, index }));
    }
    this.app.history.done(() => m.reader_repairs_undone({ count: number(indices.length) }));
  }

  async restore(index: number): Promise<void> {
    this.take(await this.app.platform.call('restore_furniture', { id: this.id, index }));
    this.app.history.done(() => m.reader_restored());
  }

  /** A range of the text with where it comes from. */
  citation(range: Span): string {
    if (!this.view || !this.text) return '';
    return cite(this.text.slice(range), this.view.metadata);
  }

  copyCitation(range: Span): void {
    this.app.copy(this.citation(range), () => m.reader_copied());
  }

  /** Chooses the passage before or behind the chosen one, or from a position. */
  step(by: 1 | -1, from: CodePoint): PlacedPassage | undefined {
    const at = this.placed.findIndex(({ passage }) => passage.id === this.chosen);
    const next =
      at >= 0
        ? this.placed[at + by]
        : by > 0
          ? this.placed.find(({ start }) => start >= from)
          : this.placed.findLast(({ start }) => start < from);
    if (next) {
      this.chosen = next.passage.id;
      this.announce(m.told_of({ what: this.tagNames(next.passage), told: next.passage.quote }));
    }
    return next;
  }
}

/** A range of the wire as positions. */
export function placed(range: WireRange): Span {
  return span(range.start, range.end);
}
