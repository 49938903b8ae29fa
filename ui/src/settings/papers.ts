import { m } from '../i18n/messages';

/** The sizes of paper that a PDF can be set on. */
export function PAPERS(): { value: string; label: string }[] {
  return [
    { value: 'a4', label: m.settings_export_paper_a4() },
    { value: 'b5', label: m.settings_export_paper_b5() },
    { value: 'a5', label: m.settings_export_paper_a5() },
    { value: 'letter', label: m.settings_export_paper_letter() },
  ];
}
