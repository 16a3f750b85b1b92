import type { RulesStore } from '@tagmill/tag-store';
import { NOTHING_IN_FORCE, parseRuleSet, type RuleSet } from './rule-set.ts';

/** The rules that a stack's images are named by. They may change at any time. */
export interface RulesInForce {
  /** As they were when they were last asked for. */
  readonly current: RuleSet;
  /**
   * Asks which are in force now.
   *
   * @returns those.
   */
  refresh(): Promise<RuleSet>;
}

/** The rules that the table holds. */
export class StoredRulesInForce implements RulesInForce {
  readonly #store: Pick<RulesStore, 'version' | 'text'>;
  #current: RuleSet = NOTHING_IN_FORCE;

  constructor({ store }: { store: Pick<RulesStore, 'version' | 'text'> }) {
    this.#store = store;
  }

  get current(): RuleSet {
    return this.#current;
  }

  /** @throws {TagmillError} of the table; `internal` if its rules aren't of a kind that this version of tagmill knows. */
  async refresh(): Promise<RuleSet> {
    const version = await this.#store.version();
    if (version !== this.#current.version) {
      // Who asks meanwhile may be ahead.
      this.#current = await this.#read(version);
    }
    return this.#current;
  }

  async #read(version: string | undefined): Promise<RuleSet> {
    if (version === undefined) return NOTHING_IN_FORCE;
    return parseRuleSet({ version, text: await this.#store.text(version) });
  }
}
