// Recognising the text of scans, wherever it is asked for.
import { m } from '../i18n/messages';
import { toFailure } from '../platform/platform';
import type { OcrState, Problem, RecogniseRequest } from '../protocol/protocol';
import type { App } from '../state/app.svelte';

/** Names of the data that tesseract has for a script. */
const DATA = { Hans: 'chi_sim', Hant: 'chi_tra' } as const;

/** A script that text is recognised in. */
export type ScanScript = keyof typeof DATA;

/** The scripts that the machine can recognise; none where it has no program or no data. */
export function recognisable(state: OcrState): ScanScript[] {
  const scripts: ScanScript[] = ['Hans', 'Hant'];
  return state.path === null
    ? []
    : scripts.filter((script) => state.languages.includes(DATA[script]));
}

/** Whether pages of a report are pictures whose text nobody has recognised. */
export function hasScans(problems: readonly Pick<Problem, 'code'>[]): boolean {
  return problems.some(({ code }) => code === 'no_text_layer');
}

/**
 * Begins to recognise reports; returns the job. Where the machine lacks the program, the way to it is
 * offered instead.
 */
export async function recognise(app: App, request: RecogniseRequest): Promise<string | null> {
  try {
    return await app.jobs.startRecognition(request);
  } catch (thrown) {
    if (toFailure(thrown).code !== 'missing_program') throw thrown;
    app.toasts.lasting(() => m.recognition_unable(), {
      label: () => m.import_scan_how(),
      run: () => app.shell.openSettings('ocr'),
    });
    return null;
  }
}
