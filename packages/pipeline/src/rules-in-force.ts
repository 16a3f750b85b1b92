import { TagmillError, validate } from '@tagmill/core';
import { NO_RULES, type Rules, rulesSchema } from '@tagmill/rules';
import type { RulesStore } from '@tagmill/tag-store';

/** Rules, and the version that records name them by. */
export interface RuleSet {
  rules: Rules;
  /** Undefined as long as nobody has made any. */
  version: string | undefined;
}

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
  #current: RuleSet = { rules: NO_RULES, version: undefined };

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
    if (version === undefined) return { rules: NO_RULES, version };
    const result = validate(rulesSchema, parseJson(await this.#store.text(version)));
    if (!result.issues) return { rules: result.value, version };
    throw new TagmillError(
      'internal',
      `The rules ${version} are damaged, or say what this version of tagmill does not know: apply rules anew`,
      { cause: result.issues },
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
