"""Fits a width's classifier anew, and an output for each broader tag: `python3 heads.py --alpha 0.75 --cache CACHE --file FILE`.

The network learned its classifier beside everything else, and of leaves alone. Logistic regressions on its pooled features, which stay as
they are, know better: a leaf's logit becomes the mean of the old one and of its regression, and a broader tag has a regression of its own.
Both are fitted on training photos that the teacher has seen, at one resolution, and calibrated at each one on development photos.
`--none-of-them DIR`: photos that show none of the labels, at whatever place they were taken. Without some, textures are flowers.
scripts/publish-weights.ts takes FILE on.
"""

import argparse
import json
import os

import numpy as np
import torch
from torch.nn import functional as F

import sets
from cache import Cache
from embeddings import ROOT, features_of, point_of, squares_of
from export import fit_calibration, known_of
from labels import DEVELOPMENT, TRAINING
from photos import SIDES, central_square
from safetensors_file import read_safetensors, write_safetensors

FITTED_AT = 128
EPOCHS, BATCH, RATE, DECAY = 30, 2048, 0.02, 2e-3
# Of the photos that are learned from, so many show none of the labels.
NONE_SHARE = 0.05
SEED = 1


def above_broader(leaves):
    """Broader tags in the order in which they are met; what stands above each is what stands above it in all labels below it."""
    above = {}
    for leaf in leaves:
        for place, parent in enumerate(leaf.parents):
            own = leaf.parents[place + 1 :]
            above[parent] = [each for each in above.get(parent, own) if each in own]
    names = {leaf.name for leaf in leaves}
    return {name: parents for name, parents in above.items() if name not in names}


def with_broader(leaves, truths, counted):
    """Columns for the broader tags beside those of the leaves: on a photo if one below is, absent if all below are."""
    columns = [[i for i, leaf in enumerate(leaves) if name in leaf.parents] for name in above_broader(leaves)]
    are_on = [truths[:, below].any(1) for below in columns]
    are_counted = [on | counted[:, below].all(1) for on, below in zip(are_on, columns)]
    return np.column_stack([truths, *are_on]), np.column_stack([counted, *are_counted])


def without_labels(leaves, count):
    """Truths of so many photos that show none of the labels, and which are counted: all but places and what stands above them."""
    are_places = ['place' in leaf.parents for leaf in leaves]
    above_places = {parent for leaf in leaves if 'place' in leaf.parents for parent in leaf.parents}
    counted = [not is_place for is_place in are_places] + [name not in above_places for name in above_broader(leaves)]
    return np.zeros((count, len(counted)), bool), np.tile(counted, (count, 1))


def squares_in(directory):
    for name in sorted(os.listdir(directory)):
        with open(os.path.join(directory, name), 'rb') as file:
            yield np.asarray(central_square(file.read(), SIDES['large']))


def pooled_features(cache, variant, rows, options):
    """What the variant's classifier reads of each photo, N x channels; kept in the cache."""
    path = cache.path(f'pooled-{point_of(variant)}.npy')
    if not os.path.exists(path):
        np.save(path, features_of(squares_of(cache, rows), variant, options))
    features = np.load(path)
    if len(features) != len(rows):
        raise SystemExit(f'{path} is of other photos: remove it')
    return torch.from_numpy(features)


def fit(features, truths, counted):
    """Weights and biases of a logistic regression a column, over features as they are."""
    mean, spread = features.mean(0), features.std(0) + 1e-3
    inputs, truths, counted = (features - mean) / spread, torch.from_numpy(truths).float(), torch.from_numpy(counted).float()
    weight = torch.zeros(inputs.shape[1], truths.shape[1], requires_grad=True)
    bias = torch.full((truths.shape[1],), -2.0, requires_grad=True)
    optimizer = torch.optim.Adam([weight, bias], lr=RATE)
    steps = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS * (len(inputs) // BATCH + 1))
    generator = torch.Generator().manual_seed(SEED)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(inputs), generator=generator).split(BATCH):
            loss = F.binary_cross_entropy_with_logits(inputs[rows] @ weight + bias, truths[rows], reduction='none')
            loss = (loss * counted[rows]).sum() / len(rows) + DECAY * weight.square().sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            steps.step()
    weight = weight.detach() / spread[:, None]
    return weight.T, bias.detach() - mean @ weight


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--alpha', required=True)
    parser.add_argument('--cache', required=True)
    parser.add_argument('--file', required=True)
    parser.add_argument('--none-of-them', metavar='DIR')
    parser.add_argument('--photos', type=int, help='so many of the training photos, drawn at random')
    parser.add_argument('--node', default=os.path.join(ROOT, 'node_modules/.bin/node'))
    parser.add_argument('--threads', type=int, default=1)
    options = parser.parse_args()
    cache, leaves = Cache(options.cache), sets.read_vocabulary()
    with open(os.path.join(ROOT, 'models/catalogue.json')) as file:
        variants = [each for each in json.load(file)['variants'] if point_of(each).split('-')[0] == options.alpha]
    variants = {each['preprocessing']['inputSize']: each for each in variants if not each['variant'].endswith('-int8')}
    tensors = read_safetensors(os.path.join(ROOT, f'models/weights/everyday-{options.alpha}.safetensors'))

    split = cache.load('split.npy').reshape(-1)
    seen = cache.load('seen.npy')[:, 0] > 0
    training, development = np.flatnonzero(seen & (split == TRAINING)), np.flatnonzero(seen & (split == DEVELOPMENT))
    training = np.sort(np.random.default_rng(SEED).permutation(training)[: options.photos])
    known, probe = cache.load('known.npy'), cache.load('probe.npy')
    of_training = with_broader(leaves, *known_of(known[training], probe[training]))
    of_development = [torch.from_numpy(each).float() for each in with_broader(leaves, *known_of(known[development], probe[development]))]

    features = pooled_features(cache, variants[FITTED_AT], np.concatenate([training, development]), options)
    learned = features[: len(training)]
    if options.none_of_them:
        found = torch.from_numpy(features_of(squares_in(options.none_of_them), variants[FITTED_AT], options))
        drawn = torch.arange(int(NONE_SHARE * len(training))) % len(found)
        learned = torch.cat([learned, found[drawn]])
        of_training = [np.concatenate(each) for each in zip(of_training, without_labels(leaves, len(drawn)))]
    weight, bias = fit(learned, *of_training)
    # What heads.py made before has outputs of broader tags behind those of the leaves.
    scales, offsets = (tensors[f'at{FITTED_AT}.calibration.{part}'][: len(leaves)] for part in ('scales', 'offsets'))
    old = tensors['classifier.weight'][: len(leaves)] * scales[:, None], tensors['classifier.bias'][: len(leaves)] * scales + offsets
    for fitted, before in zip((weight, bias), old):
        fitted[: len(leaves)] = (fitted[: len(leaves)] + before) / 2
    tensors['classifier.weight'], tensors['classifier.bias'] = weight, bias

    for resolution, variant in variants.items():
        if resolution == FITTED_AT:
            own = features[len(training) :]
        else:
            own = pooled_features(cache, variant, development, options)
        logits = own @ weight.T + bias
        scales, offsets = fit_calibration(logits, *of_development)
        tensors[f'at{resolution}.calibration.scales'], tensors[f'at{resolution}.calibration.offsets'] = scales, offsets
        loss = F.binary_cross_entropy_with_logits(logits * scales + offsets, of_development[0], reduction='none') * of_development[1]
        print(f'{resolution} px: cross-entropy {loss.sum() / len(logits):.3f} a photo', flush=True)
    write_safetensors(options.file, tensors)


if __name__ == '__main__':
    main()
