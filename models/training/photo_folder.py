"""Writes a split's photos for `tagmill models eval --data DIR`: `python3 photo_folder.py --split validation --cache CACHE --mirror DIR --tiny DIR --out DIR`.

The photos as files and what is known of them (labels.jsonl), with the share of people's photos that a tag is taken to be on
(prevalence.json). Rare labels' photos are chosen first, up to --photos. They are in random order, so that `eval --limit` takes some of all.
`--split annotated`: the photos of annotated.txt, of sets that nothing was trained on. `strangers`: the same, and some that show no label.
`--split none-training`, `none-validation`: photos that show none of the labels, alone. All three have other kinds of these.
"""

import argparse
import json
import os
import random
from subprocess import check_output

import numpy as np

import sets
from cache import Cache
from export import known_of
from labels import DEVELOPMENT, ON, VALIDATION

SPLITS = {'development': DEVELOPMENT, 'validation': VALIDATION}
HERE = os.path.dirname(__file__)
TEXTURES, MINERALS = 'pan8915/DeepTexture', 'albertotb/curso-csic-ml'
RUBBISH, CHESS = 'JMadiedo/RecycleNet', 'tunlaton11/Chess-Image-Recognition-Project'
# Folders by repository. Of the textures, cobwebs are a label, and what is braided is hair.
NONE_OF_THEM = {
    'none-training': {
        TEXTURES: [f'images/{name}' for name in ('banded', 'blotchy', 'bubbly', 'bumpy', 'chequered', 'crosshatched')],
        MINERALS: ['data/minet'],
    },
    'strangers': {TEXTURES: ['images/cracked'], RUBBISH: ['data/dataset-resized/cardboard', 'data/dataset-resized/paper']},
    'none-validation': {TEXTURES: ['images/crystalline'], CHESS: ['Chess']},
}
# Of each repository, where it isn't for training: about a fifth of the strangers' photos show none of the labels.
AT_MOST = {'none-training': 2000, 'strangers': 80, 'none-validation': 300}
RARE = 60
# Dishes: the sets show some thirty of the thousands there are. What else looks like one was never seen, so nothing is concluded of them.
OPEN_KINDS = set('pizza|burger|pasta|rice dish|waffle|pie|ribs|meat loaf|raw meat dish|salad|pastry|pudding|burrito|dosa|mashed potato|guacamole'.split('|'))
# On a photo that shows the first, the others are a matter of taste.
TASTE = {
    'outdoors': ['nature', 'plant', 'landscape'],
    'sky': ['weather'],
    'person': ['clothing'],
    'indoors': ['household', 'furniture', 'room'],
}


def chosen_rows(rows, known, at_most):
    generator = np.random.RandomState(11)
    rows = generator.permutation(rows)
    counts, first, others = np.zeros(known.shape[1], int), [], []
    for row in rows:
        on = np.flatnonzero(known[row] == ON)
        is_rare = len(on) and counts[on].min() < RARE
        counts[on] += is_rare
        (first if is_rare else others).append(row)
    return generator.permutation(first + others[: max(0, at_most - len(first))])


def annotated_photos(photos, above):
    """The index's photos of annotated.txt, each with what is on it and what may be."""
    by_blob = {photo.blob[:10]: photo for photo in photos}
    with open(os.path.join(HERE, 'annotated.txt')) as file:
        for line in file:
            if line.startswith('#'):
                continue
            blob, yes, maybe = [part.strip() for part in line.split('|')]
            yes, maybe = ([name for name in part.split(', ') if name] for part in (yes, maybe))
            present = with_broader(yes, above)
            if present & {'outdoors', 'indoors'}:
                present.add('place')
            taste = [each for name, some in TASTE.items() if name in present for each in some]
            yield by_blob[blob], present, with_broader([*maybe, *taste], above) - present


def with_broader(names, above):
    return {*names, *(each for name in names for each in above.get(name, []))}


def write_annotated(options):
    above = {leaf.name: leaf.parents for leaf in sets.read_vocabulary()}
    names = with_broader(above, above)
    blobs = sets.Blobs(options.mirror)
    with open(os.path.join(options.out, 'labels.jsonl'), 'w') as lines:
        for photo, yes, maybe in annotated_photos(sets.read_index(options.index), above):
            name = f'{photo.blob[:16]}.jpg'
            with open(os.path.join(options.out, name), 'wb') as file:
                file.write(blobs.read(photo.repository, photo.blob))
            lines.write(json.dumps({'file': name, 'yes': sorted(yes), 'no': sorted(names - yes - maybe)}) + '\n')


def write_none_of_them(options):
    """The photos' files."""
    blobs = sets.Blobs(options.mirror)
    for repository, folders in NONE_OF_THEM[options.split].items():
        git = ['git', '--git-dir', sets.git_directory(options.mirror, repository)]
        listed = check_output([*git, 'ls-tree', '-r', 'HEAD', *folders], text=True).splitlines()
        found = [about.split()[2] for about, path in (line.split('\t') for line in listed) if path.lower().endswith(('.jpg', '.jpeg', '.png'))]
        for blob in random.Random(1).sample(found, min(len(found), AT_MOST[options.split])):
            try:
                content = blobs.read(repository, blob)
            except LookupError as error:
                print(f'{error}: left out')
                continue
            name = f'{blob[:16]}.jpg'
            with open(os.path.join(options.out, name), 'wb') as file:
                file.write(content)
            yield name


def write_strangers(options):
    """The annotated photos, and some that show no label: of what place these are, nobody said."""
    write_annotated(options)
    with open(os.path.join(options.out, 'labels.jsonl'), 'a') as lines:
        for name in write_none_of_them(options):
            lines.write(json.dumps({'file': name, 'yes': [], 'no': 'rest', 'unknown': ['place']}) + '\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--split', choices=[*SPLITS, 'annotated', *NONE_OF_THEM], required=True)
    for option in ('--mirror', '--out'):
        parser.add_argument(option, required=True)
    parser.add_argument('--cache')
    parser.add_argument('--tiny')
    parser.add_argument('--index', help='for annotated ones')
    parser.add_argument('--photos', type=int, default=14_000)
    parser.add_argument('--labels', default=os.path.join(HERE, '../labels/everyday.json'))
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    if options.split.startswith('none-'):
        return print(f'{sum(1 for _ in write_none_of_them(options))} photos')
    write = {'annotated': write_annotated, 'strangers': write_strangers}.get(options.split, write_split)
    write(options)
    with open(os.path.join(HERE, 'prevalence.json')) as source, open(os.path.join(options.out, 'prevalence.json'), 'w') as copy:
        copy.write(source.read())


def write_split(options):
    cache, leaves = Cache(options.cache), sets.read_vocabulary()
    with open(options.labels) as file:
        kept = {label['name'] for label in json.load(file)}
    columns = [i for i, leaf in enumerate(leaves) if leaf.name in kept]
    names = [leaves[i].name for i in columns]
    known, probe, split = (cache.load(f'{name}.npy') for name in ('known', 'probe', 'split'))
    rows = np.flatnonzero((split == SPLITS[options.split]) & ~np.isin(cache.sets, ('bsds', 'coco')))
    blobs = sets.Blobs(options.mirror)
    offsets = np.fromfile(os.path.join(options.tiny, 'train.offsets.u32'), '<u4')
    tiny = np.memmap(os.path.join(options.tiny, 'train.webps'), np.uint8, 'r')
    with open(os.path.join(options.out, 'labels.jsonl'), 'w') as lines:
        for row in chosen_rows(rows, known, options.photos):
            if row < cache.first['tiny']:
                photo = cache.photos[row]
                name, content = f'{photo.blob[:16]}.jpg', blobs.read(photo.repository, photo.blob)
            else:
                number = row - cache.first['tiny']
                name, content = f'tiny{number}.webp', bytes(tiny[offsets[number] : offsets[number + 1]])
            with open(os.path.join(options.out, name), 'wb') as file:
                file.write(content)
            truths, counted = known_of(known[row][columns], probe[row][columns])
            yes, unknown = ({names[i] for i in np.flatnonzero(each)} for each in (truths, ~counted))
            unknown |= OPEN_KINDS
            yes -= OPEN_KINDS
            lines.write(json.dumps({'file': name, 'yes': sorted(yes), 'no': 'rest', 'unknown': sorted(unknown)}) + '\n')


if __name__ == '__main__':
    main()
