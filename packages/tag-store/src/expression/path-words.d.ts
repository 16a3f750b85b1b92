/**
 * The words of a text such as a key, in lower case, with a space before each: what a word begins with is found in it.
 *
 * @example
 * pathWords('2009/Summer in Italy/IMG_1234.jpg') // ' 2009 summer in italy img 1234 jpg'
 * pathWords('img 12') // ' img 12', which is within the above
 */
export declare function pathWords(text: string): string;
