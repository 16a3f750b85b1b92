import { TagmillError } from '@tagmill/core';
import {
  createToken,
  EarlyExitException,
  EmbeddedActionsParser,
  EOF,
  type IRecognitionException,
  type IToken,
  Lexer,
  MismatchedTokenException,
  NoViableAltException,
} from 'chevrotain';

/** An expression as it was written: what its fields and values mean is not looked at yet. */
export type Syntax =
  | { kind: 'and' | 'or'; terms: Syntax[] }
  | { kind: 'not'; term: Syntax }
  /** Words side by side: which of them belong together, the known names tell. */
  | { kind: 'words'; words: WrittenWord[] }
  | { kind: 'field'; field: Located; operator: Operator; value: Located };

export interface WrittenWord {
  text: string;
  /** Ends with a star. */
  isPrefix: boolean;
  isQuoted: boolean;
}

export type Operator = '>' | '>=' | '<' | '<=' | ':';

/** A part of an expression, and the column where it starts, from 1. */
export interface Located {
  text: string;
  column: number;
}

/** Bounds the work, and the depth of the recursion, that one expression can ask for. */
const MAX_TOKENS = 200;

/** Of a word; a partition key of DynamoDB ends at 2,048 bytes, a sort key at 1,024. */
const MAX_LENGTH = 200;

const QUOTED = /"(?:[^"\\]|\\.)+"/;
const WORD = /[^\s()"<>:*]+/;
const NAME = `(?:${QUOTED.source}|${WORD.source})`;

const Space = createToken({ name: 'Space', pattern: /\s+/, group: Lexer.SKIPPED });
const Open = createToken({ name: 'Open', pattern: '(' });
const Close = createToken({ name: 'Close', pattern: ')' });
const Field = createToken({ name: 'Field', pattern: /[A-Za-z]+(?=\s*[<>:])/ });
const Operator = createToken({ name: 'Operator', pattern: /[<>]=?|:/, push_mode: 'value' });
const Value = createToken({ name: 'Value', pattern: new RegExp(`${QUOTED.source}|[^\\s()"]+`), pop_mode: true });
const Prefix = createToken({ name: 'Prefix', pattern: new RegExp(`${NAME}\\*`) });
const Quoted = createToken({ name: 'Quoted', pattern: QUOTED });
const Word = createToken({ name: 'Word', pattern: WORD });
const And = createToken({ name: 'And', pattern: /and/i, longer_alt: [Prefix, Word] });
const Or = createToken({ name: 'Or', pattern: /or/i, longer_alt: [Prefix, Word] });
const Not = createToken({ name: 'Not', pattern: /not/i, longer_alt: [Prefix, Word] });
/** Before what it excludes; within a word, as in t-shirt, it is a part of that. */
const Minus = createToken({ name: 'Minus', pattern: /-(?=[^\s)])/ });

const lexer = new Lexer(
  {
    modes: {
      term: [Space, Open, Close, Field, Operator, And, Or, Not, Minus, Prefix, Quoted, Word],
      value: [Space, Value],
    },
    defaultMode: 'term',
  },
  { positionTracking: 'onlyOffset' },
);

/** The grammar of docs/reference/query-language.md. */
class ExpressionParser extends EmbeddedActionsParser {
  constructor() {
    super([Open, Close, Field, Operator, Value, And, Or, Not, Minus, Prefix, Quoted, Word]);
    this.performSelfAnalysis();
  }

  readonly expression = this.RULE('expression', (): Syntax => {
    const terms: Syntax[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: Or, DEF: () => terms.push(this.SUBRULE(this.conjunction)) });
    return oneOrMore('or', terms);
  });

  /** Between terms, `and` may be left out. */
  readonly conjunction = this.RULE('conjunction', (): Syntax => {
    const terms: Syntax[] = [this.SUBRULE(this.term)];
    this.MANY(() => {
      this.OPTION(() => this.CONSUME(And));
      terms.push(this.SUBRULE2(this.term));
    });
    return oneOrMore('and', terms);
  });

  readonly term = this.RULE(
    'term',
    (): Syntax =>
      this.OR([
        {
          ALT: (): Syntax => {
            this.OR2([{ ALT: () => this.CONSUME(Not) }, { ALT: () => this.CONSUME(Minus) }]);
            return { kind: 'not', term: this.SUBRULE(this.term) };
          },
        },
        {
          ALT: (): Syntax => {
            this.CONSUME(Open);
            const inner = this.SUBRULE(this.expression);
            this.CONSUME(Close);
            // In parentheses, words stay together: not (sports car) is another thing than not sports car.
            return { kind: 'and', terms: [inner] };
          },
        },
        {
          ALT: (): Syntax => {
            const field = located(this.CONSUME(Field));
            const operator = this.CONSUME(Operator).image as Operator;
            return { kind: 'field', field, operator, value: located(this.CONSUME(Value)) };
          },
        },
        { ALT: () => this.SUBRULE(this.words) },
      ]),
  );

  readonly words = this.RULE('words', (): Syntax => {
    const words: WrittenWord[] = [];
    this.AT_LEAST_ONE(() =>
      this.OR([
        { ALT: () => words.push(word(this.CONSUME(Prefix).image.slice(0, -1), true)) },
        { ALT: () => words.push(word(this.CONSUME(Quoted).image, false)) },
        { ALT: () => words.push(word(this.CONSUME(Word).image, false)) },
      ]),
    );
    return { kind: 'words', words };
  });
}

const parser = new ExpressionParser();

/**
 * Reads an expression by its grammar.
 *
 * @throws {ExpressionError} at the column where it stops making sense.
 *
 * @example
 * parseSyntax('dog and not cat')
 * // { kind: 'and', terms: [{ kind: 'words', words: [{ text: 'dog', … }] }, { kind: 'not', term: { kind: 'words', … } }] }
 */
export function parseSyntax(text: string): Syntax {
  const { tokens, errors } = lexer.tokenize(text);
  const [unreadable] = errors;
  if (unreadable) throw new ExpressionError(unreadable.offset + 1, unreadableReason(text[unreadable.offset]));
  if (tokens.length > MAX_TOKENS) {
    throw new ExpressionError(tokens[MAX_TOKENS]!.startOffset + 1, `too long: at most ${MAX_TOKENS} words and signs`);
  }
  const long = tokens.find(({ image }) => image.length > MAX_LENGTH);
  if (long) throw new ExpressionError(long.startOffset + 1, `longer than ${MAX_LENGTH} characters`);
  parser.input = tokens;
  const syntax = parser.expression();
  const [fault] = parser.errors;
  if (fault) throw new ExpressionError(columnOf(fault.token, text), expectation(fault));
  return syntax;
}

/** An expression that makes no sense, and the column, from 1, where it stops to. */
export class ExpressionError extends TagmillError {
  readonly column: number;

  constructor(column: number, reason: string) {
    super('invalid-argument', `column ${column}: ${reason}`);
    this.column = column;
  }
}

function unreadableReason(character: string | undefined): string {
  if (character === '"') return 'a quote that is empty or not closed';
  if (character === '*') return 'a * may stand only at the end of a name, as in gold*';
  return `unexpected ${character}`;
}

function expectation(fault: IRecognitionException): string {
  const found = fault.token.tokenType === EOF ? 'the end' : `"${fault.token.image}"`;
  return `expected ${expected(fault)}, found ${found}`;
}

function expected(fault: IRecognitionException): string {
  if (fault instanceof NoViableAltException || fault instanceof EarlyExitException) {
    return 'a name, a field such as confidence>0.5, "not" or "("';
  }
  if (fault instanceof MismatchedTokenException) return fault.previousToken.tokenType === Operator ? 'a value' : '")"';
  return '"and", "or" or the end';
}

function columnOf({ tokenType, startOffset }: IToken, text: string): number {
  return (tokenType === EOF ? text.length : startOffset) + 1;
}

function oneOrMore(kind: 'and' | 'or', terms: Syntax[]): Syntax {
  return terms.length === 1 ? terms[0]! : { kind, terms };
}

function word(image: string, isPrefix: boolean): WrittenWord {
  return { text: unquoted(image), isPrefix, isQuoted: image.startsWith('"') };
}

function unquoted(image: string): string {
  return image.startsWith('"') ? image.slice(1, -1).replace(/\\(.)/g, '$1') : image;
}

function located({ image, startOffset }: IToken): Located {
  return { text: unquoted(image), column: startOffset + 1 };
}
