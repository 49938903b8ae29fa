import { expect, it } from 'vitest';
import { whileSeen } from './seen';

it('a view behind others keeps what it measured', () => {
  const taken: number[] = [];
  const measured = whileSeen((size) => taken.push(size));
  for (const size of [640, 0, 0, 320]) measured(size);
  expect(taken).toEqual([640, 320]);
});
