/** What a tag is looked up by: upper and lower case are one tag, and so are the ways to encode an accent. */
export declare function tagKey(name: string): string;
