import { describe, expect, it } from 'vitest';
import { setLanguage } from '../i18n/locale.svelte';
import { formatName } from './facts';

describe('names of formats', () => {
  it.each([
    ['slides', '幻灯片', 'Slides'],
    ['ofd', 'OFD', 'OFD'],
    ['doc', 'Word 97', 'Word 97'],
    ['text', '纯文本', 'Text'],
  ] as const)('%s is called %s and %s', (format, chinese, english) => {
    setLanguage('zh-Hans');
    expect(formatName(format)).toBe(chinese);
    setLanguage('en');
    expect(formatName(format)).toBe(english);
    expect(formatName(null)).toBeNull();
  });
});
