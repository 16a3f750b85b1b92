"""Decodes every photo once: `python3 photos.py --index photos.tsv.gz --mirror DIR --tiny DIR --cache CACHE`.

A photo is kept as its central square, the part that the product looks at: at 224 pixels (CACHE/large.u8) or, where the set has no
more, at 128 (CACHE/small.u8). Tiny ImageNet stays at 64 (CACHE/tiny.npy). CACHE/training.u8 has the large ones at 160 pixels, half
of them through a JPEG of any quality, as photos in the wild are.
"""

import argparse
import io
import json
import os
import random
from multiprocessing import Process

import numpy as np
from PIL import Image, ImageOps

import sets

SIDES = {'large': 224, 'small': 128}
TRAINING_SIDE = 160


def chosen_photos(index):
    """Photos by the array that holds them: all of a set, or a sample."""
    by_set = {}
    for photo in sets.read_index(index):
        by_set.setdefault(photo.set, []).append(photo)
    arrays = {'large': [], 'small': []}
    for name, photos in sorted(by_set.items()):
        if name in sets.AT_MOST:
            photos = random.Random(1).sample(photos, min(len(photos), sets.AT_MOST[name]))
        arrays['small' if name in sets.SMALL else 'large'] += photos
    return arrays


def open_array(cache, name, count, mode='r'):
    side = SIDES.get(name, TRAINING_SIDE)
    return np.memmap(os.path.join(cache, f'{name}.u8'), np.uint8, mode, shape=(count, side, side, 3))


def central_square(content, side):
    """Upright, on white where it is transparent, shrunk by a triangle filter as the product does it."""
    image = Image.open(io.BytesIO(content))
    if min(image.size) > 4 * side:
        image.draft('RGB', (2 * side, 2 * side))
    image = ImageOps.exif_transpose(image)
    if image.mode != 'RGB':
        image = image.convert('RGBA')
        image = Image.alpha_composite(Image.new('RGBA', image.size, 'white'), image).convert('RGB')
    width, height = image.size
    short = min(width, height)
    left, top = (width - short) / 2, (height - short) / 2
    return image.resize((side, side), Image.BILINEAR, box=(left, top, left + short, top + short))


def decode(photos, first, array, mirror):
    blobs = sets.Blobs(mirror)
    for i, photo in enumerate(photos, first):
        array[i] = np.asarray(central_square(blobs.read(photo.repository, photo.blob), array.shape[1]))


def decode_all(photos, array, mirror, processes=2):
    bounds = [len(photos) * k // processes for k in range(processes + 1)]
    running = [
        Process(target=decode, args=(photos[a:b], a, array, mirror)) for a, b in zip(bounds[:-1], bounds[1:])
    ]
    for process in running:
        process.start()
    for process in running:
        process.join()
        if process.exitcode:
            raise SystemExit('a photo could not be decoded')


def through_jpeg(image, generator):
    buffer = io.BytesIO()
    image.save(buffer, 'JPEG', quality=int(generator.integers(35, 92)))
    return Image.open(buffer)


def write_training_array(large, training):
    generator = np.random.default_rng(3)
    for i, square in enumerate(large):
        image = Image.fromarray(square).resize((TRAINING_SIDE, TRAINING_SIDE), Image.BILINEAR)
        training[i] = np.asarray(through_jpeg(image, generator) if generator.random() < 0.5 else image)


def read_tiny(directory, part):
    """N x 64 x 64 x 3 bytes, and each image's class."""
    offsets = np.fromfile(os.path.join(directory, f'{part}.offsets.u32'), '<u4')
    content = np.memmap(os.path.join(directory, f'{part}.webps'), np.uint8, 'r')
    images = [Image.open(io.BytesIO(bytes(content[a:b]))).convert('RGB') for a, b in zip(offsets[:-1], offsets[1:])]
    return np.stack([np.asarray(image) for image in images]), np.fromfile(os.path.join(directory, f'{part}.labels.u8'), 'u1')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ('--index', '--mirror', '--tiny', '--cache'):
        parser.add_argument(option, required=True)
    options = parser.parse_args()
    os.makedirs(options.cache, exist_ok=True)
    arrays = chosen_photos(options.index)
    for name, photos in arrays.items():
        decode_all(photos, open_array(options.cache, name, len(photos), 'w+'), options.mirror)
    large = open_array(options.cache, 'large', len(arrays['large']))
    write_training_array(large, open_array(options.cache, 'training', len(large), 'w+'))
    images, classes = read_tiny(options.tiny, 'train')
    np.save(os.path.join(options.cache, 'tiny.npy'), images)
    np.save(os.path.join(options.cache, 'tiny-classes.npy'), classes)
    with open(os.path.join(options.cache, 'photos.json'), 'w') as file:
        json.dump({name: [vars(photo) for photo in photos] for name, photos in arrays.items()}, file)


if __name__ == '__main__':
    main()
