/** The kinds of reports that are told apart. */
export const KINDS = [
  'work_report',
  'summary',
  'multi_year',
  'plan',
  'interview',
  'news',
  'speech',
  'law',
  'notice',
  'statistics',
  'article',
  'other',
] as const;
