"""What each label is trained towards: `python3 targets.py --cache CACHE`.

A set's silence is no "no": what nobody said of a photo, a logistic probe on the teacher's features says, fitted on the other half of
the training photos. Writes CACHE/targets.npy, photos x labels, bytes: 200 times the target, or 255 where nothing is learned;
CACHE/probe.npy, the probes' probabilities; CACHE/weights.npy, how often a photo is drawn; CACHE/prior.npy, each label's share.
"""

import argparse

import numpy as np
import torch
from torch.nn import functional as F

import sets
from cache import Cache
from labels import ASSUMED_NOT, DEVELOPMENT, NOT_ON, ON, TRAINING, UNKNOWN

MASKED, FULL = 255, 200
# Between these, a probe knows too little.
DOUBTFUL = (0.2, 0.6)
# What is taken not to be on a photo is left out where the probe is at least so sure of it.
DISBELIEVED = 0.25
EPOCHS, BATCH, RATE, DECAY = 7, 1024, 3e-3, 2e-4
# Against the root of rarity: photos of many alike less, of what people photograph most more.
OFTEN = {'butterfly': 0.5, 'grocery': 0.5, 'flowers102': 0.6, 'voc': 5, 'pets': 4, 'animals': 2.5, 'pacs': 3, 'ccp': 2, 'houses': 1.5}


class Probes:
    """A linear layer from the teacher's standardized features to the labels."""

    def __init__(self, features, known, generator):
        self.features, self.known, self.generator = features, known, generator
        some = features[::7].float()
        self.mean, self.spread = some.mean(0), some.std(0) + 0.02

    def standardized(self, rows):
        return ((self.features[rows].float() - self.mean) / self.spread).clamp(-6, 6).bfloat16()

    def fit(self, rows):
        weight = torch.zeros(self.features.shape[1], self.known.shape[1], requires_grad=True)
        bias = torch.full((self.known.shape[1],), -5.0, requires_grad=True)
        optimizer = torch.optim.Adam([weight, bias], lr=RATE)
        steps = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS * (len(rows) // BATCH + 1))
        for _ in range(EPOCHS):
            for chosen in torch.from_numpy(self.generator.permutation(rows)).split(BATCH):
                logits = (self.standardized(chosen) @ weight.bfloat16()).float() + bias
                known = self.known[chosen]
                loss = F.binary_cross_entropy_with_logits(logits, (known == ON).float(), reduction='none')
                loss = (loss * (known > UNKNOWN)).sum() / len(chosen) + DECAY * weight.square().sum()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                steps.step()
        return weight.detach(), bias.detach()

    def probabilities(self, fitted, rows):
        weight, bias = fitted
        parts = [
            torch.sigmoid((self.standardized(each) @ weight.bfloat16()).float() + bias)
            for each in torch.from_numpy(rows).split(4096)
        ]
        return torch.cat(parts).numpy()


def out_of_fold(features, known, split):
    """Each training photo by the probes that didn't see it, every other photo by the mean of both."""
    generator = np.random.RandomState(0)
    probes = Probes(features, known, generator)
    training, others = np.flatnonzero(split == TRAINING), np.flatnonzero(split != TRAINING)
    half = generator.randint(0, 2, len(training))
    result = np.zeros((len(split), known.shape[1]), np.float32)
    for part in range(2):
        fitted = probes.fit(training[half != part])
        result[training[half == part]] = probes.probabilities(fitted, training[half == part])
        result[others] += probes.probabilities(fitted, others) / 2
    return result


def targets_of(known, probe):
    """`probe`: probabilities, NaN where the teacher hasn't seen the photo."""
    low, high = DOUBTFUL
    guess = np.round(np.nan_to_num(probe) * FULL).astype(np.uint8)
    is_told = np.isfinite(probe) & ((probe < low) | (probe > high))
    targets = np.where((known == UNKNOWN) & is_told, guess, np.uint8(MASKED))
    targets[known == ON] = FULL
    targets[known == NOT_ON] = 0
    targets[(known == ASSUMED_NOT) & ~(probe >= DISBELIEVED)] = 0
    return targets


def sampling_weights(known, split, names):
    """By the root of how rare the rarest of its labels is."""
    counts = (known[split == TRAINING] == ON).sum(0) + 1
    rarest = np.where(known == ON, counts, 4000).min(1)
    weights = np.where(split == TRAINING, 1 / np.sqrt(rarest), 0)
    for name, share in OFTEN.items():
        weights[names == name] *= share
    return weights


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--cache', required=True)
    cache = Cache(parser.parse_args().cache)
    known, split = cache.load('known.npy'), cache.load('split.npy')
    seen = np.flatnonzero(cache.load('seen.npy')[:, 0])
    features = torch.from_numpy(np.asarray(cache.load('features.npy')[seen]))
    probe = np.full(known.shape, np.nan, np.float16)
    probe[seen] = out_of_fold(features, torch.from_numpy(known[seen]), split[seen])
    np.save(cache.path('probe.npy'), probe)
    targets = np.concatenate([targets_of(known[i : i + 8192], probe[i : i + 8192]) for i in range(0, len(known), 8192)])
    np.save(cache.path('targets.npy'), targets)
    np.save(cache.path('prior.npy'), np.clip((targets[split == TRAINING] == FULL).mean(0), 1e-4, 0.5))
    np.save(cache.path('weights.npy'), sampling_weights(known, split, cache.sets))
    report(known, split, probe, cache.sets)


def report(known, split, probe, names):
    """Average precision on development photos, and what VOC's alone say: they are the only ones on which all is marked."""
    from sklearn.metrics import average_precision_score

    for part, rows in (('all sets', split == DEVELOPMENT), ('VOC', (split == DEVELOPMENT) & (names == 'voc'))):
        for i, leaf in enumerate(sets.read_vocabulary()):
            use = rows & np.isfinite(probe[:, i]) & (known[:, i] > (UNKNOWN if part == 'all sets' else ASSUMED_NOT))
            truth = known[use, i] == ON
            if truth.any():
                print(part, leaf.name, f'{average_precision_score(truth, probe[use, i]):.3f} of {truth.sum()}')


if __name__ == '__main__':
    main()
