"""Tiny ImageNet, decoded once into memory-mapped arrays: images as N x 64 x 64 x 3 bytes, labels as N bytes.

    python3 data.py --data ../../../shared/data/tiny-imagenet --cache CACHE
"""

import argparse
import io
import json
import os

import numpy as np
from PIL import Image

SIDE = 64
DEVELOPMENT_PER_CLASS = 25
SEED = 20260301


def unpack(data, split, cache):
    """Writes `SPLIT.images.npy`, and `SPLIT.again.npy`: the same, once more through a JPEG of random quality."""
    packed = open(os.path.join(data, f'{split}.webps'), 'rb').read()
    offsets = np.fromfile(os.path.join(data, f'{split}.offsets.u32'), '<u4')
    labels = np.fromfile(os.path.join(data, f'{split}.labels.u8'), np.uint8)
    random = np.random.default_rng(SEED)
    shape = (len(labels), SIDE, SIDE, 3)
    images, again = (
        np.lib.format.open_memmap(os.path.join(cache, f'{split}.{name}.npy'), 'w+', np.uint8, shape)
        for name in ('images', 'again')
    )
    for index, (start, end) in enumerate(zip(offsets, offsets[1:])):
        image = Image.open(io.BytesIO(packed[start:end])).convert('RGB')
        images[index] = np.asarray(image)
        jpeg = io.BytesIO()
        image.save(jpeg, 'JPEG', quality=int(random.integers(40, 96)), subsampling=int(random.integers(0, 3)))
        again[index] = np.asarray(Image.open(jpeg))
    np.save(os.path.join(cache, f'{split}.labels.npy'), labels)


def load(cache, split):
    """Images, the same re-encoded, labels: memory-mapped."""
    return [np.load(os.path.join(cache, f'{split}.{name}.npy'), mmap_mode='r') for name in ('images', 'again', 'labels')]


def splits(labels):
    """Indices of the images to train on, and of the development split: the same few of every class, whoever asks."""
    random = np.random.default_rng(SEED)
    development = np.concatenate([
        random.permutation(np.flatnonzero(labels == label))[:DEVELOPMENT_PER_CLASS] for label in np.unique(labels)
    ])
    return np.setdiff1d(np.arange(len(labels)), development), np.sort(development)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--data', required=True)
    parser.add_argument('--cache', required=True)
    options = parser.parse_args()
    os.makedirs(options.cache, exist_ok=True)
    for split in ('train', 'validation'):
        unpack(options.data, split, options.cache)
        print(json.dumps({'split': split, 'images': len(load(options.cache, split)[2])}))
