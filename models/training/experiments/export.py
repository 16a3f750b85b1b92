"""Makes a safetensors file of trained weights: `python3 export.py --run RUN --cache CACHE --file everyday-0.5.safetensors`.

For each resolution it gathers batch-norm statistics on images as they will come, and calibrates the logits
on the development split, so that a score is the share of such scores that are right. scripts/publish-weights.ts takes it on.
"""

import argparse
import json

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import augment
import data
from network import load_trained
from safetensors_file import write_safetensors

RESOLUTIONS = (64, 96, 128, 160)
STATISTICS_BATCHES, BATCH = 30, 128


def views(images, indices, resolution):
    for start in range(0, len(indices), BATCH):
        chunk = torch.from_numpy(images[indices[start : start + BATCH]])
        yield augment.enlarged(augment.to_input(chunk), resolution).contiguous(memory_format=torch.channels_last)


def sample_of(training):
    """Training images enough for statistics, the same for whoever asks."""
    return np.sort(np.random.default_rng(data.SEED).permutation(training)[: STATISTICS_BATCHES * BATCH])


def norms(network):
    return {name: module for name, module in network.named_modules() if isinstance(module, nn.BatchNorm2d)}


@torch.no_grad()
def gather_statistics(network, images, indices, resolution):
    for norm in norms(network).values():
        norm.reset_running_stats()
        norm.momentum = None
    network.train()
    for x in views(images, indices, resolution):
        network(x)
    network.eval()


@torch.no_grad()
def logits_of(network, images, indices, resolution):
    return torch.cat([network(x) for x in views(images, indices, resolution)])


def fit_calibration(logits, labels):
    """Weights of 1, the log odds of a class's share in a softmax, its logit, and the log-sum-exp of an image's logits that make
    independent sigmoids most likely.

    The same for all classes: Platt scaling that knows how sure the others are.
    """
    targets = F.one_hot(labels, logits.shape[1]).float()
    log_share = logits.log_softmax(1)
    odds = log_share - torch.log1p(-log_share.exp().clamp(max=1 - 1e-6))
    shared = logits.logsumexp(1, keepdim=True).expand_as(logits)
    features = torch.stack([torch.ones_like(logits), odds, logits, shared], -1)
    fitted = torch.tensor([0.0, 1.0, 0.0, 0.0], requires_grad=True)
    optimizer = torch.optim.LBFGS([fitted], max_iter=300, line_search_fn='strong_wolfe')

    def closure():
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(features @ fitted, targets)
        loss.backward()
        return loss

    optimizer.step(closure)
    return fitted.detach()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--run', required=True)
    parser.add_argument('--cache', required=True)
    parser.add_argument('--file', required=True)
    options = parser.parse_args()

    network = load_trained(options.run)
    images, _, labels = data.load(options.cache, 'train')
    training, development = data.splits(labels)
    labels = torch.from_numpy(labels[:].astype('int64'))[development]

    tensors = {name: p.detach().clone() for name, p in network.named_parameters()}
    for resolution in RESOLUTIONS:
        gather_statistics(network, images, sample_of(training), resolution)
        logits = logits_of(network, images, development, resolution)
        calibration = fit_calibration(logits, labels)
        tensors[f'at{resolution}.calibration'] = calibration
        for name, norm in norms(network).items():
            tensors[f'at{resolution}.{name}.running_mean'] = norm.running_mean.clone()
            tensors[f'at{resolution}.{name}.running_var'] = norm.running_var.clone()
        ranks = (logits > logits.gather(1, labels[:, None])).sum(1)
        print(json.dumps({
            'resolution': resolution,
            'top1': round((ranks < 1).float().mean().item(), 4),
            'top5': round((ranks < 5).float().mean().item(), 4),
            'calibration': [round(value, 3) for value in calibration.tolist()],
        }), flush=True)
    write_safetensors(options.file, tensors)


if __name__ == '__main__':
    main()
