import type { Commands, Events } from '../protocol/protocol';
import { CommandFailure, type FileDrop, type Platform, type Unsubscribe } from './platform';
export class MemoryPlatform implements Platform {
  call<K extends keyof Commands>(name: K, _request: Commands[K][0]): Promise<Commands[K][1]> {
    return Promise.reject(new CommandFailure({ code: 'internal', message: name, hints: [] }));
  }
  on<K extends keyof Events>(_event: K, _handler: (payload: Events[K]) => void): Unsubscribe {
    return () => {};
  }
  onFileDrop(_handler: (drop: FileDrop) => void): Unsubscribe {
    return () => {};
  }
}
