"""Writes models/labels/everyday.json: `python3 write_labels.py --kept kept.txt`, the labels that earn their place, a name a line.

Without --kept all of vocabulary.txt. The order is that of the classifier's outputs: the leaves, then the broader tags (heads.py).
"""

import argparse
import json
import os

import sets
from heads import above_broader

HERE = os.path.dirname(os.path.abspath(__file__))
TINY = 'tiny:'


def tiny_classes(leaves):
    """WordNet ids of the labels that are a class of Tiny ImageNet, and no more than one."""
    own = {leaf.name: [source[len(TINY) :] for source in leaf.sources if source.startswith(TINY)] for leaf in leaves}
    taken, found = set(), {}
    for name, wnids in own.items():
        if len(wnids) == 1 and wnids[0] not in taken:
            taken.add(wnids[0])
            found[name] = {'wnid': wnids[0]}
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--kept')
    options = parser.parse_args()
    leaves = sets.read_vocabulary()
    if options.kept:
        with open(options.kept) as file:
            kept = set(file.read().splitlines())
        leaves = [leaf for leaf in leaves if leaf.name in kept]
    classes = tiny_classes(leaves)
    rows = [
        {**classes.get(leaf.name, {}), 'name': leaf.name, 'synonyms': list(leaf.synonyms), 'parents': list(leaf.parents)} for leaf in leaves
    ]
    rows += [{'name': name, 'synonyms': [], 'parents': list(parents), 'isBroader': True} for name, parents in above_broader(leaves).items()]
    lines = ',\n'.join(f'  {json.dumps({"index": i, **row})}' for i, row in enumerate(rows))
    with open(os.path.join(HERE, '../labels/everyday.json'), 'w') as file:
        file.write(f'[\n{lines}\n]\n')
    print(f'{len(leaves)} leaves, {len(rows)} names')


if __name__ == '__main__':
    main()
