// The folders whose new files are imported by themselves.
import type { Settings } from '../protocol/protocol';
import type { SettingsPatch } from './patch';

export interface WatchedFolder {
  path: string;
  /** The file of the archive that they are imported into. */
  archive: string;
  collection: string | null;
  enabled: boolean;
}

export function watchedOf(settings: Settings): readonly WatchedFolder[] {
  return (settings as Settings & { watched?: WatchedFolder[] }).watched ?? [];
}

export function watching(watched: readonly WatchedFolder[]): SettingsPatch {
  return { watched: [...watched] } as SettingsPatch;
}
