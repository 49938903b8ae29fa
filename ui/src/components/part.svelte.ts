// Parts of the page that the window's first picture does without: views that are not in front, dialogs,
// panels. Their programs are read when that picture stands, or as soon as one of them is wanted; from
// then on they are there at once.

/** A component whose program is read later. */
class Part<View> {
  readonly #read: () => Promise<{ default: View }>;
  #reading: Promise<void> | null = null;
  #view = $state.raw<View | null>(null);

  constructor(read: () => Promise<{ default: View }>) {
    this.#read = read;
  }

  /** The component where its program has been read, else nothing. */
  get view(): View | null {
    return this.#view;
  }

  /** The same; where its program has not been read, that begins. */
  get wanted(): View | null {
    void this.load();
    return this.#view;
  }

  /** Reads the program. Where that fails it is tried again when it is wanted the next time. */
  load(): Promise<void> {
    this.#reading ??= this.#read().then(
      ({ default: view }) => {
        this.#view = view;
      },
      (thrown: unknown) => {
        this.#reading = null;
        throw thrown;
      },
    );
    return this.#reading;
  }
}

const parts: Part<unknown>[] = [];

/** A part of the page, from what imports its component. */
export function part<View>(read: () => Promise<{ default: View }>): Part<View> {
  const made = new Part(read);
  parts.push(made);
  return made;
}

/**
 * Reads the programs of all parts, one after the other, also of those that come with others. One that
 * cannot be read keeps none of the others; what was wrong with the first such is thrown when all were
 * tried.
 */
export async function loadParts(): Promise<void> {
  const failed: unknown[] = [];
  for (const one of parts) await one.load().catch((thrown: unknown) => failed.push(thrown));
  if (failed.length > 0) throw failed[0];
}
