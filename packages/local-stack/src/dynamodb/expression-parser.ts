/**
 * DynamoDB's expressions, as trees.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
 */
import { invalid } from './errors.ts';
import { RESERVED_WORDS } from './reserved-words.ts';
import type { Value } from './values.ts';

/** From the item down: names of attributes, indices of lists. */
export type Path = readonly (string | number)[];

export type Operand =
  | { kind: 'path'; path: Path }
  | { kind: 'value'; value: Value }
  | { kind: 'size'; path: Path }
  | { kind: 'if_not_exists'; path: Path; otherwise: Operand }
  | { kind: 'list_append'; left: Operand; right: Operand }
  | { kind: 'sum'; left: Operand; right: Operand; sign: 1 | -1 };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type Predicate = 'attribute_exists' | 'attribute_not_exists' | 'attribute_type' | 'begins_with' | 'contains';

export type Condition =
  | { kind: 'and' | 'or'; left: Condition; right: Condition }
  | { kind: 'not'; condition: Condition }
  | { kind: 'compare'; comparator: Comparator; left: Operand; right: Operand }
  | { kind: 'between'; operand: Operand; from: Operand; to: Operand }
  | { kind: 'in'; operand: Operand; list: readonly Operand[] }
  | { kind: 'predicate'; name: Predicate; operands: readonly Operand[] };

export interface Update {
  set: { path: Path; operand: Operand }[];
  remove: Path[];
  add: { path: Path; value: Value }[];
  delete: { path: Path; value: Value }[];
}

/** What the expressions of a request may stand for, and what of it they have named. */
export class Placeholders {
  readonly #names: Readonly<Record<string, string>>;
  readonly #values: Readonly<Record<string, Value>>;
  readonly #used = new Set<string>();

  constructor(names: Readonly<Record<string, string>> = {}, values: Readonly<Record<string, Value>> = {}) {
    this.#names = names;
    this.#values = values;
  }

  name(placeholder: string): string {
    this.#used.add(placeholder);
    const name = Object.hasOwn(this.#names, placeholder) ? this.#names[placeholder] : undefined;
    if (name === '__proto__') throw new SyntaxFault('An attribute that is called __proto__ is not emulated');
    if (name !== undefined) return name;
    throw new Undefined(
      `An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
    );
  }

  value(placeholder: string): Value {
    this.#used.add(placeholder);
    if (Object.hasOwn(this.#values, placeholder)) return this.#values[placeholder]!;
    throw new Undefined(
      `An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
    );
  }

  /** @throws {DynamoDbError} if something is defined that no expression names. */
  checkAllUsed(): void {
    for (const [member, all] of [
      ['ExpressionAttributeNames', this.#names],
      ['ExpressionAttributeValues', this.#values],
    ] as const) {
      const unused = Object.keys(all).filter((placeholder) => !this.#used.has(placeholder));
      if (unused.length > 0) {
        throw invalid(`Value provided in ${member} unused in expressions: keys: {${unused.join(', ')}}`);
      }
    }
  }
}

class Undefined extends Error {}

const TOKEN = /\s*(?:([#:]?\w+)|(<>|<=|>=|[=<>(),.[\]+-])|(\S))/gy;
const PREDICATES: Readonly<Record<Predicate, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
};
const COMPARATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);
const MAX_EXPRESSION_BYTES = 4096;

/**
 * Reads one expression.
 *
 * @param member such as `ConditionExpression`: errors name it.
 * @throws {DynamoDbError} `ValidationException`.
 */
export function parseExpression<Tree>(
  member: string,
  expression: string,
  placeholders: Placeholders,
  read: (parser: Parser) => Tree,
): Tree {
  const fail = (reason: string) => invalid(`Invalid ${member}: ${reason}`);
  if (expression.trim() === '') throw fail('The expression can not be empty;');
  if (Buffer.byteLength(expression) > MAX_EXPRESSION_BYTES) {
    throw fail('Expression size has exceeded the maximum allowed size;');
  }
  const tokens = [...expression.matchAll(TOKEN)].map(([whole]) => whole.trim()).filter(Boolean);
  try {
    const parser = new Parser(tokens, placeholders);
    const tree = read(parser);
    parser.end();
    return tree;
  } catch (error) {
    if (error instanceof Undefined || error instanceof SyntaxFault) throw fail(error.message);
    throw error;
  }
}

class SyntaxFault extends Error {}

export class Parser {
  readonly #tokens: readonly string[];
  readonly #placeholders: Placeholders;
  #position = 0;

  constructor(tokens: readonly string[], placeholders: Placeholders) {
    this.#tokens = tokens;
    this.#placeholders = placeholders;
  }

  condition(): Condition {
    let left = this.#conjunction();
    while (this.#takes('OR')) left = { kind: 'or', left, right: this.#conjunction() };
    return left;
  }

  projection(): Path[] {
    return this.#list(() => this.#path());
  }

  update(): Update {
    const update: Update = { set: [], remove: [], add: [], delete: [] };
    const seen = new Set<string>();
    while (this.#peek() !== undefined) {
      const clause = this.#next().toUpperCase();
      if (seen.has(clause))
        throw new SyntaxFault(`The "${clause}" section can only be used once in an update expression;`);
      seen.add(clause);
      if (clause === 'SET') update.set.push(...this.#list(() => this.#assignment()));
      else if (clause === 'REMOVE') update.remove.push(...this.#list(() => this.#path()));
      else if (clause === 'ADD') update.add.push(...this.#list(() => this.#pathAndValue()));
      else if (clause === 'DELETE') update.delete.push(...this.#list(() => this.#pathAndValue()));
      else throw this.#unexpected(1);
    }
    return update;
  }

  end(): void {
    if (this.#peek() !== undefined) throw this.#unexpected();
  }

  #conjunction(): Condition {
    let left = this.#negation();
    while (this.#takes('AND')) left = { kind: 'and', left, right: this.#negation() };
    return left;
  }

  #negation(): Condition {
    if (this.#takes('NOT')) return { kind: 'not', condition: this.#negation() };
    if (this.#takes('(')) {
      const condition = this.condition();
      this.#expect(')');
      return condition;
    }
    return this.#predicate();
  }

  #predicate(): Condition {
    const name = this.#peek();
    if (name !== undefined && this.#tokens[this.#position + 1] === '(' && name !== 'size') {
      if (!Object.hasOwn(PREDICATES, name)) throw new SyntaxFault(`Invalid function name; function: ${name}`);
      this.#position += 2;
      const operands = this.#list(() => this.#operand());
      this.#expect(')');
      const wanted = PREDICATES[name as Predicate];
      if (operands.length !== wanted) {
        throw new SyntaxFault(
          `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
        );
      }
      return { kind: 'predicate', name: name as Predicate, operands };
    }
    const operand = this.#operand();
    if (this.#takes('BETWEEN')) {
      const from = this.#operand();
      this.#expect('AND');
      return { kind: 'between', operand, from, to: this.#operand() };
    }
    if (this.#takes('IN')) {
      this.#expect('(');
      const list = this.#list(() => this.#operand());
      this.#expect(')');
      return { kind: 'in', operand, list };
    }
    const comparator = this.#next();
    if (!COMPARATORS.has(comparator)) throw this.#unexpected(1);
    return { kind: 'compare', comparator: comparator as Comparator, left: operand, right: this.#operand() };
  }

  #assignment(): Update['set'][number] {
    const path = this.#path();
    this.#expect('=');
    const left = this.#updateOperand();
    const sign = this.#takes('+') ? 1 : this.#takes('-') ? -1 : undefined;
    if (sign === undefined) return { path, operand: left };
    return { path, operand: { kind: 'sum', left, right: this.#updateOperand(), sign } };
  }

  #updateOperand(): Operand {
    const name = this.#peek();
    const isCall = this.#tokens[this.#position + 1] === '(';
    if (!isCall) return this.#operand();
    this.#position += 2;
    let operand: Operand;
    if (name === 'if_not_exists') {
      const path = this.#path();
      this.#expect(',');
      operand = { kind: 'if_not_exists', path, otherwise: this.#updateOperand() };
    } else if (name === 'list_append') {
      const left = this.#updateOperand();
      this.#expect(',');
      operand = { kind: 'list_append', left, right: this.#updateOperand() };
    } else {
      throw new SyntaxFault(`Invalid function name; function: ${name}`);
    }
    this.#expect(')');
    return operand;
  }

  #pathAndValue(): { path: Path; value: Value } {
    const path = this.#path();
    const token = this.#next();
    if (!token.startsWith(':')) throw this.#unexpected(1);
    return { path, value: this.#placeholders.value(token) };
  }

  #operand(): Operand {
    const token = this.#peek();
    if (token?.startsWith(':')) return { kind: 'value', value: this.#placeholders.value(this.#next()) };
    if (token === 'size' && this.#tokens[this.#position + 1] === '(') {
      this.#position += 2;
      const path = this.#path();
      this.#expect(')');
      return { kind: 'size', path };
    }
    return { kind: 'path', path: this.#path() };
  }

  #path(): Path {
    const path: (string | number)[] = [this.#name()];
    for (;;) {
      if (this.#takes('.')) path.push(this.#name());
      else if (this.#takes('[')) {
        const index = this.#next();
        if (!/^\d+$/.test(index)) throw this.#unexpected(1);
        path.push(Number(index));
        this.#expect(']');
      } else return path;
    }
  }

  #name(): string {
    const token = this.#next();
    if (token.startsWith('#')) return this.#placeholders.name(token);
    if (token === '__proto__') throw this.#unexpected(1);
    if (!/^[A-Za-z_]\w*$/.test(token)) throw this.#unexpected(1);
    if (!RESERVED_WORDS.has(token.toUpperCase())) return token;
    throw new SyntaxFault(`Attribute name is a reserved keyword; reserved keyword: ${token}`);
  }

  #list<Each>(read: () => Each): Each[] {
    const all = [read()];
    while (this.#takes(',')) all.push(read());
    return all;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#position];
  }

  #next(): string {
    const token = this.#tokens[this.#position++];
    if (token === undefined) throw this.#unexpected(1);
    return token;
  }

  #takes(token: string): boolean {
    if (this.#peek()?.toUpperCase() !== token) return false;
    this.#position++;
    return true;
  }

  #expect(token: string): void {
    if (!this.#takes(token)) throw this.#unexpected();
  }

  #unexpected(back = 0): SyntaxFault {
    const at = this.#position - back;
    const token = this.#tokens[at] ?? '<EOF>';
    const near = this.#tokens.slice(Math.max(0, at - 1), at + 2).join(' ');
    return new SyntaxFault(`Syntax error; token: "${token}", near: "${near}"`);
  }
}
