"""What is known of each photo, and its split: `python3 labels.py --cache CACHE --mirror DIR --tiny DIR`.

Writes CACHE/known.npy, photos x labels: 1 on it, 0 not on it, -1 a kind of photo that it is taken not to be on, -2 nobody said. And
CACHE/split.npy: 0 training, 1 development, 2 validation, as split.json beside this file names the last two by their blobs.
"""

import argparse
import hashlib
import json
import os
import re
import xml.etree.ElementTree as ET
from collections import Counter
from subprocess import check_output

import numpy as np

import sets
from cache import Cache

ON, NOT_ON, ASSUMED_NOT, UNKNOWN = 1, 0, -1, -2
TRAINING, DEVELOPMENT, VALIDATION = 0, 1, 2
HERE = os.path.dirname(__file__)
SPLIT_FILE = os.path.join(HERE, 'split.json')
PARTS = (('development', DEVELOPMENT), ('validation', VALIDATION))

# What stands about on any photo, beside the labels of VOC and of MiniPlaces' objects.
ANYWHERE = 'face|crowd|flower|street fashion|sky|cloudy sky|sunshine|snow|rain|fog|sunset|tree|grass|palm tree|road|sidewalk|lake|cliff|food|painting|sunglasses|watch|bag|backpack'.split('|')
# Scenes that another scene's photo often shows as well: unknown there. Any other is taken not to be, unless a probe believes in it. "Restaurant" was in
# this list once, and every room was one.
WIDE_SCENES = 'mountain|forest|sea|lake|river|street|city buildings|house|snow|road'.split('|')
# Photos of one thing, where what stands about doesn't stand.
CLOSE_UPS = {'flowers102', 'flowers5', 'butterfly', 'food_mnist', 'food101', 'foodish', 'grocery'}
# The same, but for these.
NEARLY_CLOSE_UPS = {
    'caltech': 'person|face|tree|grass|sky|flower|sunshine|cloudy sky'.split('|'),
    'drinks': 'bottle|cup|table|person|food'.split('|'),
    'animals': 'person|tree|grass|sky|snow|field|forest|sea'.split('|'),
    'clothing': 'person|chair|bed|curtain|sofa|clothing'.split('|'),
}
HOUSES_TOO = 'living room|dining room|shower|garden|tree|grass|sky'.split('|')
# Places of a sport, and sports whose photos often show nobody, or nobody to be recognized.
SPORTS_PLACES = set('baseball_field|bowling_alley|boxing_ring|golf_course|ice_skating_rink/outdoor|martial_arts_gym|racecourse|ski_slope|stadium/football|swimming_pool/outdoor|track/outdoor|playground|river|coast'.split('|'))
WITHOUT_PERSON = set('air_hockey|hydroplane_racing|nascar_racing|formula_1_racing|ice_yachting|snowmobile_racing|sailboat_racing|motorcycle_racing|sidecar_racing|chuckwagon_racing|harness_racing|barell_racing|horseshoe_pitching|sky_surfing|bobsled|bowling|billiards|shuffleboard'.split('|'))
# Sets that tell a kind's kinds apart: a photo of a dog there that isn't said to be a poodle is none.
KNOW_KINDS = {'tiny', 'flowers102', 'flowers5', 'animals'}
# Animals that people hold or lead into the picture: of the others, a photo of Tiny ImageNet is taken to show nobody.
WITH_PEOPLE = {'dog', 'cat', 'pet', 'fish', 'farm animal', 'camel', 'crustacean'}
# Of the picture's area: less of an object is too little to be asked for.
LEAST_AREA = 0.006
MINIPLACES = 'CRLarry/Miniplaces'
OBJECTS = 'miniplaces-master/model/tensorflow/data/objects'


def read_objects(mirror):
    """The objects that were drawn in on a part of MiniPlaces' photos: the largest area of each, by the photo's path."""
    git = ['git', '--git-dir', sets.git_directory(mirror, MINIPLACES)]
    names = [line.split()[0] for line in check_output([*git, 'show', 'HEAD:data/object_categories.txt'], text=True).splitlines() if line]
    blobs, found = sets.Blobs(mirror), {}
    for line in check_output([*git, 'ls-tree', '-r', 'HEAD', OBJECTS], text=True).splitlines():
        about, path = line.split('\t')
        # The files have no root.
        content = re.sub(rb'<\?xml[^>]*\?>', b'', blobs.read(MINIPLACES, about.split()[2]))
        areas = {}
        for each in ET.fromstring(b'<photo>' + content + b'</photo>').iter('objects'):
            name, outline = names[int(each.find('class').text)], each.find('polygon')
            areas[name] = max(areas.get(name, 0), area_of(outline))
        found[path[len(OBJECTS) + 1 : -len('.xml')]] = areas
    return found


def area_of(outline, side=128):
    points = np.array([[float(point.find(axis).text) for axis in 'xy'] for point in outline.findall('pt')])
    if len(points) < 3:
        return 0
    (x, y), (next_x, next_y) = points.T, np.roll(points, 1, 0).T
    return 0.5 * abs(np.dot(x, next_y) - np.dot(y, next_x)) / side**2


class Knowledge:
    def __init__(self, cache, leaves, objects, wnids):
        self.cache, self.leaves, self.wnids = cache, leaves, wnids
        self.index = {leaf.name: i for i, leaf in enumerate(leaves)}
        self.by_source = {}
        for i, leaf in enumerate(leaves):
            for source in leaf.sources:
                self.by_source.setdefault(source, []).append(i)
        self.above = [{self.index[name] for name in leaf.parents if name in self.index} for leaf in leaves]
        self.below = [[j for j in range(len(leaves)) if i in self.above[j]] for i in range(len(leaves))]
        place = re.compile(r'data/images/(.*)\.jpg')
        self.objects = {}
        for i, photo in enumerate(cache.photos):
            where = place.search(photo.path) if photo.set == 'mp' else None
            if where and where[1] in objects:
                self.objects[i] = objects[where[1]]
        self.known = np.full((cache.count, len(leaves)), ASSUMED_NOT, np.int8)

    def having(self, *prefixes):
        return [i for i, leaf in enumerate(self.leaves) if any(source.startswith(prefixes) for source in leaf.sources)]

    def called(self, names):
        return [i for i, leaf in enumerate(self.leaves) if leaf.name in names or set(leaf.parents) & (set(names) & {'clothing'})]

    def fill(self):
        self.say_what_sets_leave_open()
        for i in range(self.cache.count):
            self.say_what_is_on(i)
        return self.known

    def say_what_sets_leave_open(self):
        voc, objects = self.having('voc:'), self.having('obj:')
        scenes = self.having('mp:', 'scene:', 'houses:')
        kinds = {kind: [i for i, leaf in enumerate(self.leaves) if kind in leaf.parents] for kind in ('animal', 'sport', 'clothing')}
        anywhere = sorted({*voc, *objects, *kinds['clothing'], *self.called(ANYWHERE)} - set(kinds['animal']))
        for name in np.unique(self.cache.sets):
            rows = np.flatnonzero(self.cache.sets == name)
            open_labels = []
            if name in NEARLY_CLOSE_UPS:
                open_labels = self.called(NEARLY_CLOSE_UPS[name])
            elif name in ('bsds', 'coco'):
                open_labels = range(len(self.leaves))
            elif name not in CLOSE_UPS:
                open_labels = {
                    *anywhere,
                    *(self.called(WIDE_SCENES) if name in sets.SMALL else self.called(HOUSES_TOO) if name == 'houses' else scenes),
                    *(kinds['sport'] if name == 'voc' else []),
                }
            self.known[np.ix_(rows, list(open_labels))] = UNKNOWN
        self.known[np.ix_(np.flatnonzero(self.cache.sets == 'voc'), voc)] = NOT_ON
        self.say_that_wild_animals_are_alone()
        self.known[np.ix_(list(self.objects), objects)] = NOT_ON

    def say_that_wild_animals_are_alone(self):
        kinds = {
            source for leaf in self.leaves if 'animal' in leaf.parents and not {leaf.name, *leaf.parents} & WITH_PEOPLE
            for source in leaf.sources
        }
        classes = [i for i, wnid in enumerate(self.wnids) if f'tiny:{wnid}' in kinds]
        rows = self.cache.first['tiny'] + np.flatnonzero(np.isin(self.cache.tiny_classes, classes))
        self.known[np.ix_(rows, self.called({'person', 'face', 'crowd', 'street fashion', 'clothing'}))] = ASSUMED_NOT

    def say_what_is_on(self, i):
        row, name = self.known[i], self.cache.sets[i]
        if name == 'tiny':
            on = set(self.by_source.get('tiny:' + self.wnids[self.cache.tiny_classes[i - self.cache.first['tiny']]], []))
        else:
            on = self.labels_of(i, row)
        on |= {each for label in on for each in self.above[label]}
        if name not in KNOW_KINDS:
            for each in {kind for label in on for kind in self.below[label]}:
                row[each] = UNKNOWN if row[each] != NOT_ON else NOT_ON
        row[list(on)] = ON

    def labels_of(self, i, row):
        photo = self.cache.photos[i]
        on = {label for tag in photo.tags for label in self.by_source.get(f'{photo.set}:{tag}', [])}
        if photo.set == 'sports' and photo.tags and not set(photo.tags) & WITHOUT_PERSON:
            on.add(self.index['person'])
        if photo.set == 'mp' and set(photo.tags) & SPORTS_PLACES:
            row[[label for label, leaf in enumerate(self.leaves) if 'sport' in leaf.parents]] = UNKNOWN
        for name, area in self.objects.get(i, {}).items():
            for label in self.by_source.get(f'obj:{name}', []):
                if area >= LEAST_AREA:
                    on.add(label)
                elif row[label] == NOT_ON:
                    row[label] = UNKNOWN
        if not photo.tags and photo.set != 'voc' and i not in self.objects:
            row[row != NOT_ON] = UNKNOWN
        return on


def drawn(key):
    """A share between 0 and 1 that a cluster has for good."""
    return int(hashlib.sha256(f'tagmill-split-1:{key}'.encode()).hexdigest()[:12], 16) / 16**12


def split_of(cache, clusters, objects, tiny_development):
    """MiniPlaces' val.txt and what resembles it is held out; of a rare kind, more of it. A cluster is on one side."""
    photos, split = cache.photos, np.zeros(cache.count, np.int8)
    held_out = {clusters[i] for i, photo in enumerate(photos) if photo.set == 'mp' and '/val/' in photo.path}
    tag_counts = Counter((photo.set, tag) for photo in photos for tag in photo.tags)
    kinds = [(photo.set, min(photo.tags, key=lambda tag: tag_counts[photo.set, tag], default='')) for photo in photos]
    counts = Counter(kinds)
    for i, photo in enumerate(photos):
        share = drawn(photos[clusters[i]].blob)
        development, validation = 0, 0
        if clusters[i] in held_out:
            development, validation = 0.5, 0.5
        elif photo.set == 'mp':
            development, validation = (0.3, 0.15) if i in objects else (0, 0)
        elif photo.set == 'voc':
            development, validation = 0.35, 0.25
        elif photo.set in ('bsds', 'coco'):
            validation = 1
        else:
            count = counts[kinds[i]] if photo.set != 'pets' else 300
            development = max(0.1, min(0.5, 36 / count))
            validation = max(0.1, min(0.2, 15 / count)) if count >= 60 else max(0.05, min(0.15, 10 / count))
        split[i] = DEVELOPMENT if share < development else VALIDATION if share < development + validation else TRAINING
    strictest = {}
    for i, cluster in enumerate(clusters):
        strictest[cluster] = max(strictest.get(cluster, 0), split[i])
    split[: len(photos)] = [strictest[cluster] for cluster in clusters]
    split[cache.first['tiny'] + np.array(tiny_development)] = DEVELOPMENT
    return split


def tiny_development(classes, more=12):
    """The split that the first weights' thresholds were chosen on, and some more of each class: 37 of it."""
    with open(os.path.join(HERE, 'experiments/development-split.json')) as file:
        old = json.load(file)
    generator = np.random.RandomState(5)
    left = [np.setdiff1d(np.flatnonzero(classes == label), old) for label in range(200)]
    return old + [int(i) for each in left for i in generator.choice(each, more, replace=False)]


def kept_split(cache, tiny_development):
    """What split.json says: the clusters of a later run differ a little, and no photo may change sides."""
    with open(SPLIT_FILE) as file:
        kept = json.load(file)
    sides = {blob: side for name, side in PARTS for blob in kept[name]}
    split = np.zeros(cache.count, np.int8)
    split[: len(cache.photos)] = [sides.get(photo.blob[:10], TRAINING) for photo in cache.photos]
    split[cache.first['tiny'] + np.array(tiny_development)] = DEVELOPMENT
    return split


def write_split(cache, split):
    parts = {name: sorted(photo.blob[:10] for photo, part in zip(cache.photos, split) if part == side) for name, side in PARTS}
    with open(SPLIT_FILE, 'w') as file:
        json.dump(parts, file, separators=(',', ':'))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ('--cache', '--mirror', '--tiny'):
        parser.add_argument(option, required=True)
    parser.add_argument('--new-split', action='store_true', help='draw split.json anew from clusters.npy')
    options = parser.parse_args()
    cache, leaves = Cache(options.cache), sets.read_vocabulary()
    with open(os.path.join(options.tiny, 'labels.json')) as file:
        wnids = [row['wnid'] for row in json.load(file)]
    knowledge = Knowledge(cache, leaves, read_objects(options.mirror), wnids)
    known = knowledge.fill()
    held_out = tiny_development(cache.tiny_classes)
    if options.new_split:
        split = split_of(cache, cache.load('clusters.npy'), knowledge.objects, held_out)
        write_split(cache, split)
    else:
        split = kept_split(cache, held_out)
    np.save(cache.path('known.npy'), known)
    np.save(cache.path('split.npy'), split)
    for name in np.unique(cache.sets):
        print(name, [int(((split == part) & (cache.sets == name)).sum()) for part in range(3)])


if __name__ == '__main__':
    main()
