import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { m } from '../i18n/messages';
import StepField from './StepField.svelte';

/** A field from 0 to 10, with its buttons and all values that it told of. */
function shown(first: number) {
  const told: number[] = [];
  const props = { label: '前', min: 0, max: 10 };
  const view = render(StepField, {
    ...props,
    value: first,
    onchange: (value: number) => {
      told.push(value);
      void view.rerender({ value });
    },
  });
  const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
  return {
    told,
    user: userEvent.setup(),
    field: screen.getByRole<HTMLInputElement>('spinbutton', { name: '前' }),
    less: button(m.step_less({ field: '前' })),
    more: button(m.step_more({ field: '前' })),
  };
}

it('steps by its buttons as far as it goes, and keeps the focus where the keys step', async () => {
  const { user, told, field, less, more } = shown(8);
  field.focus();
  await user.click(more);
  await user.click(more);
  expect(told).toEqual([9, 10]);
  expect(field.value).toBe('10');
  expect([less.disabled, more.disabled]).toEqual([false, true]);
  await user.click(less);
  expect(told.at(-1)).toBe(9);
  expect(more.disabled).toBe(false);
  expect(document.activeElement).toBe(field);
});

it('steps from what is typed, and not beyond a limit', async () => {
  const { user, told, field, less } = shown(5);
  await user.clear(field);
  await user.type(field, '3');
  await user.click(less);
  expect(told).toEqual([2]);
  await user.clear(field);
  await user.type(field, '70');
  await user.tab();
  expect(told).toEqual([2, 10]);
  await user.clear(field);
  await user.tab();
  expect([field.value, told.length]).toEqual(['10', 2]);
});
