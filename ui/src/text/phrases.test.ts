import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phrases } from './phrases';

describe('a title', () => {
  it.each([
    ['南埔市僑聯二〇一九年工作回顧', ['南埔市', '僑聯', '二〇一九年', '工作', '回顧']],
    ['云溪市侨联2021年工作总结', ['2021年']],
    ['关于印发《工作要点》的通知', ['《工作']],
    ['三、引资引智见行见效', []],
  ])('%s breaks between phrases', (title, whole) => {
    const cut = phrases(title);
    for (const phrase of whole) expect(cut).toContain(phrase);
    for (const phrase of cut.slice(1)) expect(phrase).not.toMatch(/^[，。、；：》”）]/u);
  });

  it('is all of its phrases, in their order', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'南埔市僑聯二〇一九年工作2021（《》、a 𠮷') }),
        (title) => {
          expect(phrases(title).join('')).toBe(title);
        },
      ),
    );
  });
});
