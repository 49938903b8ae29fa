// What the import says over the wire, until the protocol has it.
import type {
  Block,
  CommandError,
  FacetValue,
  Furniture,
  Job,
  Metadata,
  Nothing,
  Problem,
  Repair,
  ReportSelection,
  ReportView,
} from '../protocol/protocol';

/** Absent means unchanged, an empty string removes the value. */
export interface MetadataEdit {
  title?: string;
  published?: string;
  delivered?: string;
  authors?: string[];
  source?: string;
  editor?: string;
  place?: string;
  organisation?: string;
  period?: string;
  kind?: string;
  level?: string;
  address?: string;
}

export interface NearReport {
  report: string;
  title: string;
  likeness: number;
  same: 'bytes' | 'text' | 'near';
}

export type ImportOutcome =
  'imported' | 'duplicate' | 'version' | 'near' | 'refused' | 'failed' | 'skipped';

export interface ImportItem {
  path: string;
  outcome: ImportOutcome;
  report: string | null;
  metadata: Metadata | null;
  problems: Problem[];
  error: CommandError | null;
  address: string | null;
  format: string | null;
  encoding: string | null;
  characters: number;
  near: NearReport | null;
  repairs: FacetValue[];
  beginning: string;
}

export interface ImportChoice {
  path: string;
  action: 'take' | 'skip' | 'keep' | 'version';
  of?: string;
  password?: string;
  encoding?: string;
  metadata?: MetadataEdit;
}

export type TableField =
  | 'text'
  | 'file'
  | 'title'
  | 'published'
  | 'delivered'
  | 'authors'
  | 'source'
  | 'editor'
  | 'place'
  | 'organisation'
  | 'period'
  | 'kind'
  | 'level'
  | 'address';

export interface TableChoice {
  path: string;
  sheet?: string;
  header: boolean;
  fields: (TableField | null)[];
}

export interface TableColumn {
  name: string;
  field: TableField | null;
  samples: string[];
}

export interface TablePreview {
  path: string;
  sheets: string[];
  sheet: string;
  header: boolean;
  columns: TableColumn[];
  rows: string[][];
  total: number;
}

export interface ImportRequest {
  paths: string[];
  collection: string | null;
  choices: ImportChoice[];
  tables: TableChoice[];
}

export interface TextRequest {
  text: string;
  html: boolean;
  title?: string;
  address?: string;
  collection?: string;
  metadata?: MetadataEdit;
  keep?: boolean;
}

export interface Inspection {
  encoding: string | null;
  format: string | null;
  metadata: Metadata;
  text: string;
  blocks: Block[];
  furniture: Furniture[];
  repairs: Repair[];
  problems: Problem[];
  near: NearReport | null;
  pages?: number;
}

export interface NearPair {
  report: string;
  title: string;
  other: string;
  otherTitle: string;
  likeness: number;
  at: string;
}

export interface PendingImport {
  subject: string;
  done: number;
  total: number;
  started: string;
}

export interface ImportCommands {
  start_preview: [ImportRequest, Job];
  start_import: [ImportRequest, Job];
  job_items: [
    { id: string; outcomes: string[]; problems: string[]; offset: number; limit: number },
    { total: number; items: ImportItem[] },
  ];
  inspect_source: [{ path: string; password?: string; encoding?: string }, Inspection];
  inspect_text: [TextRequest, Inspection];
  import_text: [TextRequest, ImportItem];
  pending_import: [Nothing, PendingImport | null];
  resume_import: [Nothing, Job];
  discard_import: [Nothing, Nothing];
  near_pairs: [Nothing, NearPair[]];
  resolve_near: [{ report: string; other: string; action: 'keep' | 'version' }, Nothing];
  undo_repair: [{ id: string; index: number }, ReportView];
  reread: [{ reports: ReportSelection }, Job];
  recognise: [{ reports: ReportSelection }, Job];
  table_preview: [{ path: string; sheet?: string; header?: boolean }, TablePreview];
}
