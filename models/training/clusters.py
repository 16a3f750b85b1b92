"""Finds photos that show the same picture: `python3 clusters.py --cache CACHE`. Writes CACHE/clusters.npy, a number a photo.

A 128-bit difference hash of each square, across and down; two that differ in six bits at most are one picture, and so are two that a
third connects. Candidates share one of eight parts of the hash. Pictures of one plain colour are left apart.
"""

import argparse

import numpy as np

from cache import Cache

DISTANCE, PARTS, LARGEST_BUCKET, PLAIN = 6, 8, 1200, 8
SET_BITS = np.array([bin(value).count('1') for value in range(256)], np.uint8)


def hashes(squares, block=1024):
    """N x 16 bytes, and whether a picture is plain."""
    side = squares.shape[1]
    cell, margin = side // 9, side % 9 // 2
    found, plain = np.zeros((len(squares), 16), np.uint8), np.zeros(len(squares), bool)
    for i in range(0, len(squares), block):
        grey = squares[i : i + block].astype(np.float32).mean(3)[:, margin : margin + 9 * cell, margin : margin + 9 * cell]
        cells = grey.reshape(len(grey), 9, cell, 9, cell).mean((2, 4))
        across, down = cells[:, :8, 1:] > cells[:, :8, :-1], cells[:, 1:, :8] > cells[:, :-1, :8]
        bits = np.concatenate([across.reshape(len(grey), 64), down.reshape(len(grey), 64)], 1)
        found[i : i + block] = np.packbits(bits, axis=1)
        plain[i : i + block] = cells.reshape(len(grey), -1).std(1) < PLAIN
    return found, plain


class Groups:
    """Union-find."""

    def __init__(self, count):
        self.above = np.arange(count)

    def root(self, x):
        while self.above[x] != x:
            self.above[x] = self.above[self.above[x]]
            x = self.above[x]
        return x

    def join(self, x, y):
        self.above[self.root(y)] = self.root(x)


def buckets(keys):
    order = np.argsort(keys, kind='stable')
    return np.split(order, np.flatnonzero(np.diff(keys[order])) + 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--cache', required=True)
    cache = Cache(parser.parse_args().cache)
    found, plain = (np.concatenate(each) for each in zip(*(hashes(cache.squares(name)) for name in ('large', 'small'))))
    groups = Groups(len(found))
    for part in range(PARTS):
        for members in buckets(found[:, 2 * part].astype(np.int32) * 256 + found[:, 2 * part + 1]):
            members = members[~plain[members]]
            # So many alike in one part are a sky or a frame, no picture: only whole hashes tell.
            if len(members) > LARGEST_BUCKET:
                continue
            apart = SET_BITS[found[members][:, None] ^ found[members][None]].sum(2, dtype=np.int32)
            for i, j in np.argwhere(np.triu(apart <= DISTANCE, 1)):
                groups.join(members[i], members[j])
    for members in buckets(np.unique(found, axis=0, return_inverse=True)[1].ravel()):
        for each in members[1:]:
            if not plain[each]:
                groups.join(members[0], each)
    np.save(cache.path('clusters.npy'), np.array([groups.root(i) for i in range(len(found))]))


if __name__ == '__main__':
    main()
