/**
 * Environment of a process that is to start fast: has glibc ask for memory much at a time, for all threads from one place and, from
 * 2.35 on, in large pages. To touch a small page for the first time takes a virtual machine up to 12 microseconds, and
 * loading a model of 10 MB touches 60 (docs/experiments/speed-ways.md). Read when a process starts; other C libraries don't.
 */
export declare const LARGE_PAGES: {
    readonly GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1:glibc.malloc.top_pad=67108864:glibc.malloc.arena_max=1';
};
