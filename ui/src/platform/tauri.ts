// The platform inside the desktop window. The only file that knows the shell.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { getCurrentWebview } from '@tauri-apps/api/webview';
import type { Commands, Events } from '../protocol/protocol';
import { toFailure, type FileDrop, type Platform, type Point, type Unsubscribe } from './platform';

/** Turns a subscription that arrives later into one that can be ended at once. */
function subscription(pending: Promise<Unsubscribe>): Unsubscribe {
  let ended = false;
  let end: Unsubscribe | undefined;
  pending.then(
    (unsubscribe) => {
      if (ended) unsubscribe();
      else end = unsubscribe;
    },
    (error: unknown) => console.error(toFailure(error)),
  );
  return () => {
    ended = true;
    end?.();
  };
}

export class TauriPlatform implements Platform {
  async call<K extends keyof Commands>(name: K, request: Commands[K][0]): Promise<Commands[K][1]> {
    try {
      return await invoke<Commands[K][1]>(name, { request });
    } catch (thrown) {
      throw toFailure(thrown);
    }
  }

  on<K extends keyof Events>(event: K, handler: (payload: Events[K]) => void): Unsubscribe {
    // Without a target a window would hear what is told to the others.
    const target = { kind: 'WebviewWindow', label: getCurrentWebview().label } as const;
    return subscription(listen<Events[K]>(event, ({ payload }) => handler(payload), { target }));
  }

  onFileDrop(handler: (drop: FileDrop) => void): Unsubscribe {
    return subscription(
      getCurrentWebview().onDragDropEvent(({ payload }) => {
        if (payload.type === 'leave') return handler({ phase: 'leave' });
        const at = inPage(payload.position);
        if (payload.type === 'drop') handler({ phase: 'drop', paths: payload.paths, at });
        else handler({ phase: 'over', at });
      }),
    );
  }

  zoom(factor: number): void {
    // By the engine and not by the page: icons, borders, media queries and heights in pixels all
    // follow, as in a browser.
    getCurrentWebview()
      .setZoom(factor)
      .catch((error: unknown) => console.error(toFailure(error)));
  }
}

/** A place that the shell tells of: in pixels of the screen on Windows, of the page elsewhere. */
function inPage({ x, y }: Point): Point {
  const scale = navigator.userAgent.includes('Windows') ? window.devicePixelRatio : 1;
  return { x: x / scale, y: y / scale };
}

/** Whether the page runs inside the desktop window. */
export function insideShell(): boolean {
  return '__TAURI_INTERNALS__' in window;
}
