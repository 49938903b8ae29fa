// The commands of the import that the protocol does not have yet.
import type { Platform } from '../platform/platform';
import type { ImportCommands } from './types';

/** Runs a command of the import. */
export function ask<K extends keyof ImportCommands>(
  platform: Platform,
  name: K,
  request: ImportCommands[K][0],
): Promise<ImportCommands[K][1]> {
  return platform.call(name as never, request as never);
}
