// What a person needs who sees little, hears the page read out, or uses no mouse: measured on the
// window as it stands.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Themes, and high contrast in the light and the dark one. */
export const LOOKS = [
  { name: 'light', theme: 'light', contrast: 'normal' },
  { name: 'sepia', theme: 'sepia', contrast: 'normal' },
  { name: 'dark', theme: 'dark', contrast: 'normal' },
  { name: 'contrast-light', theme: 'light', contrast: 'more' },
  { name: 'contrast-dark', theme: 'dark', contrast: 'more' },
];

/**
 * Changes settings as another window would: at once on the page and where they are kept. Nothing
 * moves while it is measured.
 */
export async function settings(app, changes) {
  const failed = await app.browser.executeAsync((changes, done) => {
    const { invoke } = window.__TAURI_INTERNALS__;
    invoke('set_settings', { request: { changes: { motion: 'less', ...changes } } })
      // The window that changes them is not told of it.
      .then((payload) => invoke('plugin:event|emit', { event: 'settings_changed', payload }))
      .then(() => done(null), (error) => done(JSON.stringify(error)));
  }, changes);
  if (failed) throw new Error(`set_settings: ${failed}`);
  await app.until(
    'the settings are shown',
    ({ theme, contrast, language }) => {
      const { dataset, lang } = document.documentElement;
      return (
        (!theme || dataset.theme === theme) &&
        (!contrast || dataset.contrast === contrast) &&
        (!language || lang === language)
      );
    },
    changes,
  );
}

/** Shows a look: theme and contrast. */
export async function look(app, { theme, contrast }) {
  await settings(app, { theme, contrast });
}

/** Shows the window larger, in percent, as the command does. */
export async function zoom(app, interfaceSize) {
  const { width } = await app.browser.getWindowRect();
  await settings(app, { interfaceSize });
  app.zoomed = interfaceSize / 100;
  const wanted = width / app.zoomed;
  await app.until('the window is zoomed', (wanted) => Math.abs(innerWidth - wanted) < 1.5, wanted);
}

/** What axe-core finds, each as one line; `rules` narrows it. */
export async function axe(app, rules) {
  const there = await app.browser.execute(() => 'axe' in window);
  if (!there) await app.browser.execute(AXE);
  const found = await app.browser.executeAsync((rules, done) => {
    // What floats is put at the end of the page: a menu and a tip belong to what opened them; a
    // border that can be moved belongs to the two regions that it parts.
    const floating = '[role=menu], [role=listbox], [role=tooltip], [role=separator]';
    window.axe.configure({
      checks: [
        {
          id: 'region',
          options: { regionMatcher: `dialog, [role=dialog], [role=alertdialog], svg, ${floating}` },
        },
      ],
    });
    const options = {
      resultTypes: ['violations'],
      ...(rules ? { runOnly: { type: 'rule', values: rules } } : {}),
    };
    const line = ({ id, impact, nodes }) =>
      nodes.map(({ target, html, any, all, none }) =>
        [
          `${id} (${impact})`,
          target.join(' '),
          html.slice(0, 120),
          [...any, ...all, ...none].map(({ message }) => message).join('; '),
        ].join(' | '),
      );
    window.axe.run(document, options).then(
      ({ violations }) => done(violations.flatMap(line)),
      (error) => done([`axe broke off: ${error}`]),
    );
  }, rules ?? null);
  return found;
}

/**
 * Controls that nobody can reach: outside of everything that scrolls, cut off by a box that does
 * not, or lying under another thing; and text that is cut off without an ellipsis.
 */
export async function unreachable(app) {
  return app.browser.execute(() => {
    const CONTROLS =
      'a[href], button, input, select, textarea, summary, [role="tab"], [role="option"], ' +
      '[role="menuitem"], [role="switch"], [role="treeitem"], [role="separator"][tabindex]';
    const faults = [];
    const name = (element) => {
      const testid = element.closest('[data-testid]')?.dataset.testid ?? '';
      const text = element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 24);
      return `${element.tagName.toLowerCase()} “${text}” in ${testid}`;
    };
    const shown = (element) =>
      element.checkVisibility({ visibilityProperty: true }) &&
      !element.closest('[inert], [aria-hidden="true"], .visually-hidden') &&
      element.getBoundingClientRect().width > 0;
    const scrolls = (style, axis) =>
      ['auto', 'scroll', 'overlay'].includes(axis === 'x' ? style.overflowX : style.overflowY);

    /** Whether a point can be brought into sight by scrolling the boxes around it. */
    function fault(element) {
      let box = element.getBoundingClientRect();
      let { left, top, right, bottom } = box;
      const fixed = (node) => getComputedStyle(node).position === 'fixed';
      let free = { x: false, y: false };
      for (let node = element; node && node !== document.documentElement; node = node.parentElement) {
        if (fixed(node)) break;
        const parent = node.parentElement;
        if (!parent || parent === document.documentElement) break;
        const style = getComputedStyle(parent);
        const around = parent.getBoundingClientRect();
        for (const axis of ['x', 'y']) {
          const overflow = axis === 'x' ? style.overflowX : style.overflowY;
          if (overflow === 'visible') continue;
          const [low, high, from, to] =
            axis === 'x'
              ? [left, right, around.left, around.right]
              : [top, bottom, around.top, around.bottom];
          if (scrolls(style, axis)) {
            // In here everything can be scrolled to, unless it begins before the start.
            const scrolled = axis === 'x' ? parent.scrollLeft : parent.scrollTop;
            if (low + scrolled < from - 1) return `begins before its box on ${axis}`;
            free[axis] = true;
            if (axis === 'x') [left, right] = [around.left, around.right];
            else [top, bottom] = [around.top, around.bottom];
          } else if (!free[axis] && (high > to + 1 || low < from - 1)) {
            const hidden = Math.max(high - to, from - low);
            if (hidden > 2) return `cut off by ${Math.round(hidden)} px on ${axis}`;
          } else if (free[axis] && (high < from + 1 || low > to - 1)) {
            return `its box is out of sight on ${axis}`;
          }
        }
      }
      if (right > innerWidth + 1 || left < -1) return `outside of the window, ${Math.round(left)}–${Math.round(right)} of ${innerWidth}`;
      if (bottom > innerHeight + 1 || top < -1) return `outside of the window, ${Math.round(top)}–${Math.round(bottom)} of ${innerHeight} down`;
      // Whatever lies above it takes its clicks.
      box = element.getBoundingClientRect();
      const x = box.left + box.width / 2;
      const y = box.top + box.height / 2;
      if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return null;
      const hit = document.elementFromPoint(x, y);
      if (!hit || hit === element || element.contains(hit) || hit.contains(element)) return null;
      // What opens beside the work lies over it, until it is closed.
      const over =
        '[role="dialog"], [data-dialog-overlay], .toast, ' +
        ['library-quick-look', 'tour', 'activity', 'inspector'].map((id) => `[data-testid="${id}"]`);
      const aside = hit.closest('aside');
      if (hit.closest(over) || (aside && getComputedStyle(aside).position === 'absolute')) return null;
      const label = element.closest('label');
      if (label?.contains(hit)) return null;
      // Scrolled under the edge of its own box, or under a head that stays.
      for (let node = element.parentElement; node; node = node.parentElement) {
        const style = getComputedStyle(node);
        if (!scrolls(style, 'x') && !scrolls(style, 'y')) continue;
        const around = node.getBoundingClientRect();
        if (x < around.left || x > around.right || y < around.top || y > around.bottom) return null;
        const sticky = hit.closest('*');
        for (let on = sticky; on && on !== node; on = on.parentElement) {
          if (getComputedStyle(on).position === 'sticky') return null;
        }
      }
      return `lies under ${name(hit)}`;
    }

    // A dialog makes the rest of the page wait.
    const modal = [...document.querySelectorAll('[role="dialog"][aria-modal="true"], .dialog, .palette-box')].at(-1);
    const overlays = [...document.querySelectorAll('[role="menu"], [role="listbox"], .popover')];
    const roots = overlays.length > 0 ? overlays : [modal ?? document.body];
    for (const root of roots) {
      for (const control of root.querySelectorAll(CONTROLS)) {
        if (!shown(control)) continue;
        const why = fault(control);
        if (why) faults.push(`${name(control)}: ${why}`);
      }
      if (root.scrollWidth > root.clientWidth + 1 && getComputedStyle(root).overflowX === 'auto') {
        faults.push(`${name(root)} scrolls sideways`);
      }
    }
    return faults;
  });
}

/**
 * Walks with Tab once around and tells what is wrong: a focus that is not seen, that goes to what is
 * out of sight, or that jumps backwards inside of a region.
 */
export async function focusWalk(app, most = 80) {
  const faults = [];
  const seen = new Set();
  // The entries of a menu are walked with the arrows; Tab leaves it.
  if (await app.browser.execute(() => document.querySelector('[role="menu"]') !== null)) {
    return { faults, stops: 0 };
  }
  await app.browser.execute(() => {
    window.__walk = { last: null, ids: new WeakMap(), next: 1 };
  });
  for (let steps = 0; steps < most; steps++) {
    await app.press('Tab');
    const step = await app.browser.execute(() => {
      const walk = window.__walk;
      const at = document.activeElement;
      if (!at || at === document.body) return { id: 0, faults: [] };
      if (!walk.ids.has(at)) walk.ids.set(at, walk.next++);
      const found = [];
      const testid = at.closest('[data-testid]')?.dataset.testid ?? '';
      const text = at.getAttribute('aria-label') ?? at.textContent.trim().slice(0, 24);
      const name = `${at.tagName.toLowerCase()} “${text}” in ${testid}`;
      const paints = (node, part) => {
        const style = getComputedStyle(node, part);
        const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
        return outline || (style.boxShadow !== 'none' && style.boxShadow.includes('inset'));
      };
      // The control itself, the label that draws a field, the row that stands for a list.
      const current = at.getAttribute('aria-activedescendant');
      const marks = [at, at.closest('label'), at.parentElement, current && document.getElementById(current)];
      const changed = getComputedStyle(at);
      const separator = at.getAttribute('role') === 'separator';
      if (!separator && !marks.some((node) => node && paints(node, null))) {
        found.push(`${name}: the focus is not seen (${changed.outline}; ${changed.boxShadow})`);
      }
      const box = at.getBoundingClientRect();
      if (box.bottom < 0 || box.top > innerHeight || box.right < 0 || box.left > innerWidth) {
        found.push(`${name}: has the focus out of sight`);
      }
      // In reading order within its region: down, or to the right in the same line.
      const REGION = 'nav, header, footer, aside, main, [role="tablist"], [role="toolbar"], [role="dialog"], section, form, [role="tabpanel"]';
      const region = at.closest(REGION);
      const { last } = walk;
      // What lies on top is left by a cross in its corner, which comes last.
      const top = '[role="dialog"], [data-testid="library-quick-look"]';
      const tall = region === null || at.closest(top) !== null;
      if (last?.element.isConnected && last.region === region && region && !tall) {
        // Where it stands now: the focus may have scrolled both.
        const from = last.element.getBoundingClientRect();
        const above = box.bottom <= from.top + 1;
        const before =
          box.right <= from.left + 1 && box.top < from.bottom - 1 && box.bottom > from.top + 1;
        if (above || before) found.push(`${name}: comes after ${last.name}, but stands before it`);
      }
      walk.last = { region, name, element: at };
      return { id: walk.ids.get(at), faults: found };
    });
    if (step.id === 0) continue;
    if (seen.has(step.id)) break;
    seen.add(step.id);
    faults.push(...step.faults);
  }
  return { faults, stops: seen.size };
}
