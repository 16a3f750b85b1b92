"""Makes a safetensors file of trained weights: `python3 export.py --run RUN --cache CACHE --file everyday-0.5.safetensors`.

For each resolution it gathers batch-norm statistics on training photos as they will come, and calibrates each label's logit on
development photos, so that a confidence is the share of such confidences that are right. scripts/publish-weights.ts takes it on.
"""

import argparse
import json
import os

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import sets
from cache import ARRAYS, Cache
from labels import ASSUMED_NOT, DEVELOPMENT, NOT_ON, ON, TRAINING, UNKNOWN
from network import STEM_CHANNELS, MobileNet
from safetensors_file import write_safetensors

RESOLUTIONS = (96, 128, 160)
STATISTICS = {'large': 1500, 'small': 800, 'tiny': 300}
BATCH = 64
# A photo that nobody spoke about doesn't have a label that the probe believes in less than this.
BELIEVED_ABSENT, BELIEVED_PRESENT = 0.03, 0.5
# How strongly a label's slope and offset are held to those of all labels.
HELD_SLOPE, HELD_OFFSET = 20, 1


def views(cache, rows, resolution):
    for start in range(0, len(rows), BATCH):
        chosen, parts = rows[start : start + BATCH], []
        for name in ARRAYS:
            own = chosen - cache.first[name]
            own = np.sort(own[(own >= 0) & (own < cache.counts[name])])
            if len(own):
                x = torch.from_numpy(cache.squares(name)[own]).permute(0, 3, 1, 2).float()
                size = (resolution, resolution)
                parts.append(F.interpolate(x, size=size, mode='bilinear', antialias=True).div_(127.5).sub_(1))
        yield torch.cat(parts).contiguous(memory_format=torch.channels_last)


def known_of(known, probe):
    """Truths of photos x labels, and which of them are known well enough to measure by."""
    unseen = ~np.isfinite(probe)
    is_absent = (known == NOT_ON) | ((known == ASSUMED_NOT) & (unseen | (probe < BELIEVED_PRESENT)))
    is_absent |= (known == UNKNOWN) & (probe < BELIEVED_ABSENT)
    return known == ON, (known == ON) | is_absent


@torch.no_grad()
def gather_statistics(network, cache, rows, resolution):
    for norm in norms(network).values():
        norm.reset_running_stats()
        norm.momentum = None
    network.train()
    for x in views(cache, rows, resolution):
        network(x)
    network.eval()


def norms(network):
    return {name: module for name, module in network.named_modules() if isinstance(module, nn.BatchNorm2d)}


def fit_calibration(logits, truths, counted):
    """A scale and an offset a label that make the sigmoids of its logits most likely (Platt scaling), held together."""
    labels = logits.shape[1]
    slope, offset = torch.zeros(labels, requires_grad=True), torch.zeros(labels, requires_grad=True)
    shared = torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.LBFGS([slope, offset, shared], max_iter=60, line_search_fn='strong_wolfe')

    def closure():
        optimizer.zero_grad()
        calibrated = logits * (shared[0] + slope).exp() + shared[1] + offset
        loss = (F.binary_cross_entropy_with_logits(calibrated, truths, reduction='none') * counted).sum()
        loss = loss + HELD_SLOPE * slope.square().sum() + HELD_OFFSET * offset.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return (shared[0] + slope).exp().detach(), (shared[1] + offset).detach()


def load_trained(run, leaves, kept):
    """The network of RUN/average.pt with the outputs of the labels that are kept, and without those that learned the teacher's classes."""
    state = torch.load(os.path.join(run, 'average.pt'))
    chosen = [i for i, leaf in enumerate(leaves) if leaf.name in kept]
    for part in ('weight', 'bias'):
        state[f'classifier.{part}'] = state[f'classifier.{part}'][chosen]
    network = MobileNet(len(state['stem.conv.weight']) / STEM_CHANNELS, len(chosen))
    network.load_state_dict(state)
    return network.to(memory_format=torch.channels_last), chosen


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--run', required=True)
    parser.add_argument('--cache', required=True)
    parser.add_argument('--file', required=True)
    parser.add_argument('--labels', default=os.path.join(os.path.dirname(__file__), '../labels/everyday.json'))
    parser.add_argument('--photos', type=int, help='so many of the development photos, drawn at random')
    options = parser.parse_args()
    cache = Cache(options.cache)
    with open(options.labels) as file:
        network, chosen = load_trained(options.run, sets.read_vocabulary(), {label['name'] for label in json.load(file)})
    split, generator = cache.load('split.npy'), np.random.default_rng(7)
    training = []
    for name, count in STATISTICS.items():
        own = cache.first[name] + np.flatnonzero(split[cache.first[name] :][: cache.counts[name]] == TRAINING)
        training.append(generator.choice(own, min(count, len(own)), replace=False))
    statistics = generator.permutation(np.concatenate(training))
    development = np.sort(generator.permutation(np.flatnonzero(split == DEVELOPMENT))[: options.photos])
    truths, counted = known_of(cache.load('known.npy')[development][:, chosen], cache.load('probe.npy')[development][:, chosen])
    truths, counted = torch.from_numpy(truths).float(), torch.from_numpy(counted).float()
    tensors = {name: p.detach().clone() for name, p in network.named_parameters()}
    for resolution in RESOLUTIONS:
        gather_statistics(network, cache, statistics, resolution)
        with torch.no_grad():
            logits = torch.cat([network(x) for x in views(cache, development, resolution)])
        scales, offsets = fit_calibration(logits, truths, counted)
        tensors[f'at{resolution}.calibration.scales'] = scales
        tensors[f'at{resolution}.calibration.offsets'] = offsets
        for name, norm in norms(network).items():
            tensors[f'at{resolution}.{name}.running_mean'] = norm.running_mean.clone()
            tensors[f'at{resolution}.{name}.running_var'] = norm.running_var.clone()
        loss = F.binary_cross_entropy_with_logits(logits * scales + offsets, truths, reduction='none') * counted
        print(f'{resolution} px: cross-entropy {loss.sum() / len(logits):.3f} a photo', flush=True)
    write_safetensors(options.file, tensors)


if __name__ == '__main__':
    main()
