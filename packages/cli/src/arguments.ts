/** Parsers of commander's options. Each throws an InvalidArgumentError that names the allowed values. */
import type { MinConfidence } from '@tagmill/core';
import { InvalidArgumentError } from 'commander';

/** @returns reads a whole number, `least` or more. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`must be a whole number from ${least}`);
    return value;
  };
}

export function oneOrFive(text: string): 1 | 5 {
  if (text === '1') return 1;
  if (text === '5') return 5;
  throw new InvalidArgumentError('must be 1 or 5');
}

export function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('must be between 0 and 1');
  return value;
}

/** The share of photos that show something: of none or all of them nothing can be learned. */
export function prevalence(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 0.5))
    throw new InvalidArgumentError('must be above 0, and 0.5 at most');
  return value;
}

export function minConfidence(text: string): MinConfidence {
  return text === 'default' || text === 'sure' ? text : fraction(text);
}

/** Each value that is given must be one of those; given once more, they add up. */
export function parseEachOf(allowed: readonly number[]): (text: string, previous?: number[]) => number[] {
  return (text, previous = []) => {
    const value = Number(text);
    if (text.trim() === '' || !allowed.includes(value))
      throw new InvalidArgumentError(`must be one of ${allowed.join(', ')}`);
    return previous.includes(value) ? previous : [...previous, value];
  };
}

/** It must be one of those. */
export function parseOneOf<Allowed extends string>(allowed: readonly Allowed[]): (text: string) => Allowed {
  return (text) => {
    const found = allowed.find((each) => each === text);
    if (!found) throw new InvalidArgumentError(`must be one of ${allowed.join(', ')}`);
    return found;
  };
}

/** Given once more, they add up. */
export function eachText(text: string, previous: readonly string[]): string[] {
  return [...previous, text];
}

/** The address of a folder. */
export function rootUrl(text: string): URL {
  const url = URL.parse(text.endsWith('/') ? text : `${text}/`);
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new InvalidArgumentError('must be a URL such as https://example.org/mirror');
}
