// What the command palette finds: everything that has a name.
import { tabTitle } from '../frame/tabTitle';
import { loadGuide } from '../help/guide';
import { find, indexed, type HelpIndex } from '../help/search';
import { locale } from '../i18n/locale.svelte';
import { m, message } from '../i18n/messages';
import { emptyFilter } from '../platform/platform';
import type { ReportRow, TagSuggestion } from '../protocol/protocol';
import { ENTRY_LIST, SECTION_IDS, SECTIONS } from '../settings/entries';
import type { App } from '../state/app.svelte';
import { meets, Spelled } from './meeting.svelte';
import { COMMANDS, COMMAND_LIST, type CommandId } from './registry';

export type Kind = 'command' | 'tab' | 'report' | 'tag' | 'collection' | 'setting' | 'help';

export interface Item {
  /** Kind and identifier. */
  key: string;
  kind: Kind;
  name: string;
  /** Where it belongs, in faint ink. */
  detail: string;
  /** Whose shortcut is shown. */
  command?: CommandId;
  disabled?: boolean;
  run: () => unknown;
}

export interface Group {
  id: string;
  heading: string;
  items: Item[];
}

/** What a first character narrows the list to; full-width forms come from input methods. */
const PREFIXES: Record<string, readonly Kind[]> = {
  '>': ['command', 'setting'],
  '＞': ['command', 'setting'],
  '》': ['command', 'setting'],
  '@': ['report', 'tab'],
  '＠': ['report', 'tab'],
  '#': ['tag'],
  '＃': ['tag'],
  '?': ['help'],
  '？': ['help'],
};

const HEADINGS: Record<Kind, () => string> = {
  command: () => m.palette_commands(),
  tab: () => m.palette_tabs(),
  report: () => m.palette_reports(),
  tag: () => m.palette_tags(),
  collection: () => m.palette_collections(),
  setting: () => m.palette_settings(),
  help: () => m.palette_help(),
};

const ORDER: readonly Kind[] = ['command', 'tab', 'report', 'tag', 'collection', 'setting', 'help'];

/** Shown of each kind, beside others and where it was asked for alone. */
const FEW = 6;
const MANY = 50;
/** Asked of the archive. */
const ASKED = 20;
/** Remembered as used lately. */
const REMEMBERED = 24;
/** Milliseconds in which more letters are waited for before the archive is asked. */
const PAUSE = 40;

/** What was typed, without the character that narrows the list. */
export function parsed(typed: string): { kinds: readonly Kind[]; query: string; all: boolean } {
  const text = typed.trimStart();
  const kinds = PREFIXES[text.slice(0, 1)];
  return kinds
    ? { kinds, query: text.slice(1).trim(), all: false }
    : { kinds: ORDER, query: text.trim(), all: true };
}

// A type and no interface, which JSON values do not take.
type Used = { key: string; name: string };

export class PaletteState {
  readonly #app: App;
  typed = $state('');
  readonly #asked = $derived.by(() => parsed(this.typed));
  #reports = $state.raw<readonly ReportRow[]>([]);
  #tags = $state.raw<readonly TagSuggestion[]>([]);
  #guide = $state.raw<HelpIndex>([]);
  /** What had been typed when the archive was asked. */
  #answered = $state('');
  /** Whether the archive is still looking for what was typed last. */
  looking = $state(false);
  #generation = 0;
  readonly #spelled: Spelled;

  /** Follows the page for as long as the component lives. */
  constructor(app: App) {
    this.#app = app;
    this.#spelled = new Spelled(app, () =>
      app.shell.palette
        ? [
            ...COMMAND_LIST.map(([id]) => commandName(id)),
            ...ENTRY_LIST.map(([, { label }]) => label()),
            ...SECTION_IDS.map((id) => SECTIONS[id]()),
            ...app.tabs.list.map((tab) => tabTitle(tab)),
            ...app.collections.list.slice(0, 500).map(({ name }) => name),
          ]
        : [],
    );
    $effect(() => {
      if (!app.shell.palette) return;
      const wanted = locale();
      app.attempt(async () => {
        const index = indexed(await loadGuide(wanted));
        if (wanted === locale()) this.#guide = index;
      });
    });
    $effect(() => {
      const { kinds, query } = this.#asked;
      if (!app.shell.palette || !app.session.archive) return;
      const generation = ++this.#generation;
      const { typed } = this;
      this.looking = true;
      const timer = setTimeout(
        () =>
          app.attempt(async () => {
            await this.#ask(generation, kinds, query);
            if (generation === this.#generation) this.#answered = typed;
          }),
        PAUSE,
      );
      return () => clearTimeout(timer);
    });
  }

  async #ask(generation: number, kinds: readonly Kind[], query: string): Promise<void> {
    const { platform } = this.#app;
    // Without a word there is nothing to prefer among reports: those used lately are shown.
    const [page, tags] = await Promise.all([
      kinds.includes('report') && (query !== '' || kinds.length < ORDER.length)
        ? platform.call('reports', {
            filter: { ...emptyFilter(), text: query },
            sort: 'title',
            descending: false,
            offset: 0,
            limit: ASKED,
          })
        : null,
      kinds.includes('tag') && (query !== '' || kinds.length === 1)
        ? platform.call('suggest_tags', { query, limit: kinds.length === 1 ? MANY : ASKED })
        : [],
    ]);
    if (generation !== this.#generation) return;
    this.#reports = page?.rows ?? [];
    this.#tags = tags;
    this.looking = false;
  }

  get #used(): readonly Used[] {
    return this.#app.settings.page<Used[]>('paletteRecent', []);
  }

  /** What is shown, in its order. */
  readonly groups: Group[] = $derived.by(() => {
    const { kinds, query, all } = this.#asked;
    const used = new Map(this.#used.map(({ key }, at) => [key, at]));
    const place = (item: Item) => used.get(item.key) ?? Infinity;
    const byKind = ORDER.filter((kind) => kinds.includes(kind)).map((kind) => {
      const items = this.#of(kind, query);
      return { kind, items };
    });
    const groups: Group[] = [];
    if (all) {
      const known = new Map(byKind.flatMap(({ items }) => items).map((item) => [item.key, item]));
      const recent = this.#used
        .flatMap((each) => known.get(each.key) ?? this.#remembered(each, query))
        .filter((item) => !item.disabled)
        .slice(0, query === '' ? 6 : 3);
      if (recent.length > 0) {
        groups.push({ id: 'recent', heading: m.palette_recent(), items: recent });
      }
    }
    const shown = new Set(groups.flatMap(({ items }) => items.map(({ key }) => key)));
    for (const { kind, items } of byKind) {
      const rest = items.filter(({ key }) => !shown.has(key));
      // Those of the archive come in its own order.
      if (kind !== 'report' && kind !== 'tag' && kind !== 'help') {
        rest.sort((a, b) => Number(a.disabled ?? false) - Number(b.disabled ?? false));
      }
      if (!all) rest.sort((a, b) => place(a) - place(b) || 0);
      // Without a word the commands are the table of contents of the program.
      const most = all ? (query === '' && kind === 'command' ? MANY * 4 : FEW) : MANY * 4;
      if (rest.length > 0) {
        groups.push({ id: kind, heading: HEADINGS[kind](), items: rest.slice(0, most) });
      }
    }
    return groups;
  });

  /** Something used lately that is neither in sight nor asked for; only what can be opened so. */
  #remembered({ key, name }: Used, query: string): Item[] {
    if (!key.startsWith('report:') || !this.#app.session.archive) return [];
    if (meets(query, name) === null) return [];
    return [this.#report(key.slice('report:'.length), name, '')];
  }

  #report(id: string, name: string, detail: string): Item {
    const run = () => this.#app.tabs.openReport(id, name);
    return { key: `report:${id}`, kind: 'report', name, detail, run };
  }

  /** Those of a kind that are meant, best first. */
  #of(kind: Kind, query: string): Item[] {
    const app = this.#app;
    switch (kind) {
      case 'command':
        return this.#met(
          query,
          COMMAND_LIST.filter(([id]) => id !== 'palette.open').map(([id, { scope }]) => ({
            key: `command:${id}`,
            kind,
            name: commandName(id),
            detail: message(`scope_${scope}`, scope),
            command: id,
            disabled: !app.commands.available(id),
            run: () => app.commands.run(id),
          })),
        );
      case 'tab':
        if (!app.session.archive || (query === '' && this.#asked.all)) return [];
        return this.#met(
          query,
          app.tabs.list.map((tab) => ({
            key: `tab:${tab.id}`,
            kind,
            name: tabTitle(tab),
            detail: '',
            run: () => app.tabs.activate(tab.id),
          })),
        );
      case 'report':
        if (!app.session.archive) return [];
        return this.#still(query, this.#reports, ({ title }) => title).map(
          ({ id, title, place, published }) =>
            this.#report(id, title, [place, published?.slice(0, 4)].filter(Boolean).join(' · ')),
        );
      case 'tag':
        if (!app.session.archive) return [];
        return this.#still(query, this.#tags, ({ tag }) => tag.name).map(({ tag, path }) => ({
          key: `tag:${tag.id}`,
          kind,
          name: tag.name,
          detail: path.slice(0, -1).join(' / '),
          run: () => app.shell.showTag(app, tag.id),
        }));
      case 'collection':
        if (!app.session.archive || query === '') return [];
        return this.#met(
          query,
          app.collections.list.map(({ id, name }) => ({
            key: `collection:${id}`,
            kind,
            name,
            detail: app.collections.path(id).slice(0, -1).join(' / '),
            run: () => app.shell.showCollection(app, id),
          })),
        );
      case 'setting':
        if (query === '' && this.#asked.all) return [];
        return this.#met(query, [
          ...SECTION_IDS.map((id) => ({
            key: `setting:${id}`,
            kind,
            name: SECTIONS[id](),
            detail: m.command_settings(),
            run: () => app.shell.openSettings(id),
          })),
          ...ENTRY_LIST.map(([id, { label, section }]) => ({
            key: `setting:${section}/${id}`,
            kind,
            name: label(),
            detail: SECTIONS[section](),
            run: () => app.shell.openSettings(`${section}/${id}`),
          })),
        ]);
      case 'help':
        if (query === '') return [];
        return find(this.#guide, query, ASKED).map(({ page, anchor, title, heading }) => ({
          key: `help:${page}#${anchor}`,
          kind,
          name: heading,
          detail: heading === title ? '' : title,
          run: () => app.help.open(anchor === '' ? page : `${page}#${anchor}`),
        }));
    }
  }

  /** Of an answer to what was typed before, what the query means as well: Enter may come first. */
  #still<T>(query: string, found: readonly T[], name: (one: T) => string): readonly T[] {
    if (this.#answered === this.typed) return found;
    return found.filter((one) => meets(query, name(one)) !== null);
  }

  /** Those whose names meet the query, best first, and of equals those used lately first. */
  #met(query: string, items: Item[]): Item[] {
    if (query === '') return items;
    const used = new Map(this.#used.map(({ key }, at) => [key, at]));
    const ranked = items.flatMap((item) => {
      const rank = meets(query, item.name, this.#spelled.of(item.name));
      return rank === null ? [] : [{ item, rank, at: used.get(item.key) ?? Infinity }];
    });
    ranked.sort((a, b) => a.rank - b.rank || (a.at === b.at ? 0 : a.at - b.at));
    return ranked.map(({ item }) => item);
  }

  /** Does what an entry stands for, and remembers it. */
  run(item: Item): void {
    const app = this.#app;
    app.shell.palette = false;
    const used = [
      { key: item.key, name: item.name },
      ...this.#used.filter(({ key }) => key !== item.key),
    ];
    app.settings.change({ page: { paletteRecent: used.slice(0, REMEMBERED) } });
    // The dialog gives the focus back before the command may move it.
    requestAnimationFrame(() => app.attempt(async () => item.run()));
  }
}

function commandName(id: CommandId): string {
  return message(COMMANDS[id].message, id);
}
