import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALL_CHOSEN,
  chosenCount,
  isChosen,
  NOTHING_CHOSEN,
  only,
  toggled,
  underAnotherFilter,
  withAll,
  type Selection,
} from './selection';

/** The reports of a list; what is chosen of them is modelled as a plain set. */
const LIST = Array.from({ length: 12 }, (_, i) => `r${i}`);
const one = fc.constantFrom(...LIST);
const step = fc.oneof(
  fc.record({ act: fc.constant('toggle' as const), ids: one.map((id) => [id]) }),
  fc.record({ act: fc.constant('add' as const), ids: fc.array(one) }),
  fc.record({ act: fc.constant('only' as const), ids: fc.array(one) }),
  fc.record({ act: fc.constant('all' as const), ids: fc.constant([] as string[]) }),
  fc.record({ act: fc.constant('none' as const), ids: fc.constant([] as string[]) }),
);

describe('a selection', () => {
  it('is the set that the same steps make of the whole list', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let selection: Selection = NOTHING_CHOSEN;
        let model = new Set<string>();
        for (const { act, ids } of steps) {
          const before = JSON.stringify([...model]);
          const kept = selection;
          const held = LIST.filter((id) => isChosen(kept, id));
          if (act === 'toggle') {
            const [id] = ids as [string];
            selection = toggled(selection, id);
            model = new Set(model);
            if (!model.delete(id)) model.add(id);
          } else if (act === 'add') {
            selection = withAll(selection, ids);
            model = new Set([...model, ...ids]);
          } else if (act === 'only') {
            selection = only(ids);
            model = new Set(ids);
          } else if (act === 'all') {
            selection = ALL_CHOSEN;
            model = new Set(LIST);
          } else {
            selection = NOTHING_CHOSEN;
            model = new Set();
          }
          // The value of before is untouched.
          expect(LIST.filter((id) => isChosen(kept, id))).toEqual(held);
          expect(before.length).toBeGreaterThan(0);
          expect(LIST.filter((id) => isChosen(selection, id))).toEqual(
            LIST.filter((id) => model.has(id)),
          );
          expect(chosenCount(selection, LIST.length)).toBe(model.size);
        }
      }),
    );
  });

  it('takes a toggle back', () => {
    fc.assert(
      fc.property(fc.array(one), fc.boolean(), one, (ids, all, id) => {
        const selection = all ? withAll(ALL_CHOSEN, ids) : only(ids);
        const twice = toggled(toggled(selection, id), id);
        expect(LIST.map((each) => isChosen(twice, each))).toEqual(
          LIST.map((each) => isChosen(selection, each)),
        );
      }),
    );
  });

  it('of all that match ends with the filter, of named ones does not', () => {
    expect(underAnotherFilter(toggled(ALL_CHOSEN, 'r1'))).toBe(NOTHING_CHOSEN);
    expect(isChosen(underAnotherFilter(only(['r1'])), 'r1')).toBe(true);
  });
});
