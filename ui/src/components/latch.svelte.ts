/**
 * On from the first time that a condition holds. What a menu, a popover or a tip shows is made when it
 * opens first, and kept: of the many controls of a page few are ever opened, and making what none of
 * them shows took about a tenth of the time that a window or a report needs to come.
 */
export class Latch {
  #on = $state(false);

  constructor(condition: () => boolean) {
    $effect.pre(() => {
      if (condition()) this.#on = true;
    });
  }

  get on(): boolean {
    return this.#on;
  }
}
