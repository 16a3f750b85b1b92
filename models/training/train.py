"""Trains one width: `python3 train.py --alpha 0.5 --cache CACHE --out RUN --phases 96:450000 128:170000`. See README.md.

A phase is a resolution and how many photos are seen at it. Binary cross-entropy on the labels, and a second classifier, thrown away
afterwards, that learns the teacher's 1,000 classes. Ends with RUN/average.pt, the averaged weights. Interrupted, it goes on where
its last checkpoint was: every step draws its random numbers from the seed and its own number. A process has one thread; `--processes 2`
share a step, a batch each, and average their gradients.
"""

import argparse
import math
import os
import tempfile
import time

import numpy as np
import torch
from torch import distributed, multiprocessing
from torch.nn import functional as F

import augment
from cache import ARRAYS, Cache
from labels import TRAINING
from network import MobileNet, autocast
from targets import FULL, MASKED

# Of a process's batch of 128, from each array.
SHARES = {'large': 66, 'small': 30, 'tiny': 32}
BATCH = sum(SHARES.values())
TEACHER_CLASSES = 1000
# On pointwise and classifier weights; a depthwise filter has nine weights and needs none (section 3.1 of the paper).
WEIGHT_DECAY = 5e-5
MOMENTUM, AVERAGE_DECAY, WARM_UP_STEPS = 0.9, 0.9985, 300
LEAST_AREA, LEAST_AREA_AT_LAST = 0.35, 0.5
LOG_EVERY, SAVE_EVERY = 50, 500


class Batches:
    def __init__(self, cache, seed):
        self.seed, self.targets, self.logits = seed, cache.load('targets.npy'), cache.load('logits.npy')
        weights, split = cache.load('weights.npy'), cache.load('split.npy')
        self.squares, self.rows, self.shares, self.first = {}, {}, {}, cache.first
        for name in ARRAYS:
            rows = np.arange(cache.first[name], cache.first[name] + cache.counts[name])
            self.rows[name] = rows[(split[rows] == TRAINING) & (weights[rows] > 0)]
            self.shares[name] = np.cumsum(weights[self.rows[name]]) / weights[self.rows[name]].sum()
            self.squares[name] = cache.squares(name, training=True)

    def draw(self, step, resolution, least_area):
        """The network's input, targets and which of them count, the teacher's logits and which photos it saw."""
        torch.manual_seed(self.seed * 1_000_003 + step)
        generator = np.random.default_rng((self.seed, step))
        images, rows = [], []
        for name, count in SHARES.items():
            drawn = np.searchsorted(self.shares[name], generator.random(count)).clip(max=len(self.rows[name]) - 1)
            chosen = np.sort(self.rows[name][drawn])
            squares = torch.from_numpy(self.squares[name][chosen - self.first[name]])
            images.append(augment.cropped(squares, resolution, least_area))
            rows.append(chosen)
        rows = np.concatenate(rows)
        targets = torch.from_numpy(self.targets[rows])
        logits = torch.from_numpy(np.asarray(self.logits[rows], np.float32))
        return (
            augment.recoloured(torch.cat(images)), targets.clamp(max=FULL) / FULL, targets != MASKED,
            logits, logits.abs().sum(1) > 0,
        )


def starting_network(alpha, labels, prior, start):
    network = MobileNet(alpha, labels + TEACHER_CLASSES).to(memory_format=torch.channels_last).train()
    with torch.no_grad():
        network.classifier.bias[:labels] = torch.from_numpy(np.log(prior / (1 - prior)))
        network.classifier.bias[labels:] = 0
    if start:
        own, given = network.state_dict(), torch.load(start)
        for part in ('weight', 'bias'):
            # A network that was stored has the labels' outputs alone: those of the teacher's classes begin anew.
            name = f'classifier.{part}'
            given[name] = torch.cat([given[name], own[name][len(given[name]) :]])
        network.load_state_dict(given, strict=False)
    return network


def loss_of(logits, labels, targets, counts, teacher, seen):
    """Summed over an image's labels, and the teacher's share beside it."""
    independent = F.binary_cross_entropy_with_logits(logits[:, :labels], targets, reduction='none')
    ranked = -(F.log_softmax(logits[:, labels:], 1) * F.softmax(teacher, 1)).sum(1)
    return (independent * counts).sum() / len(logits), ranked[seen].mean()


def parameter_groups(network):
    names = ('pointwise.weight', 'conv.weight', 'classifier.weight')
    decayed = [p for name, p in network.named_parameters() if name.endswith(names)]
    chosen = set(decayed)
    return [
        {'params': decayed, 'weight_decay': WEIGHT_DECAY},
        {'params': [p for p in network.parameters() if p not in chosen], 'weight_decay': 0},
    ]


def rate_at(step, steps, peak):
    if step < WARM_UP_STEPS:
        return peak * (step + 1) / WARM_UP_STEPS
    return peak * max(0.002, 0.5 * (1 + math.cos(math.pi * (step - WARM_UP_STEPS) / (steps - WARM_UP_STEPS))))


def share_gradients(parameters):
    """Replaces the gradients by their mean over the processes."""
    together = torch.cat([p.grad.flatten() for p in parameters])
    distributed.all_reduce(together)
    together /= distributed.get_world_size()
    for p, part in zip(parameters, together.split([p.numel() for p in parameters])):
        p.grad.copy_(part.view_as(p))


def save(path, content):
    torch.save(content, path + '.new')
    os.replace(path + '.new', path)


class Run:
    def __init__(self, network, out):
        self.network, self.out, self.step = network, out, 0
        self.optimizer = torch.optim.SGD(parameter_groups(network), lr=0, momentum=MOMENTUM, nesterov=True)
        self.parameters = list(network.parameters())
        self.average = [p.detach().clone() for p in self.parameters]
        self.checkpoint = os.path.join(out, 'checkpoint.pt')
        if os.path.exists(self.checkpoint):
            state = torch.load(self.checkpoint)
            network.load_state_dict(state['network'])
            self.optimizer.load_state_dict(state['optimizer'])
            self.average, self.step = state['average'], state['step']

    def update(self, loss, rate):
        for group in self.optimizer.param_groups:
            group['lr'] = rate
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        share_gradients(self.parameters)
        self.optimizer.step()
        self.step += 1
        # Early on the average follows closely: it would drag the first, bad weights along.
        decay = min(AVERAGE_DECAY, self.step / (self.step + 9))
        with torch.no_grad():
            torch._foreach_mul_(self.average, decay)
            torch._foreach_add_(self.average, self.parameters, alpha=1 - decay)

    def save(self):
        state = {'network': self.network.state_dict(), 'optimizer': self.optimizer.state_dict()}
        save(self.checkpoint, {**state, 'average': self.average, 'step': self.step})
        averaged = {name: p for (name, _), p in zip(self.network.named_parameters(), self.average)}
        save(os.path.join(self.out, 'average.pt'), {**self.network.state_dict(), **averaged})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--alpha', type=float, required=True)
    parser.add_argument('--cache', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--phases', nargs='+', required=True, help='RESOLUTION:PHOTOS')
    parser.add_argument('--start', help='what widths.py made, or an average.pt')
    parser.add_argument('--peak-rate', type=float, default=0.12)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--processes', type=int, default=1)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    with tempfile.TemporaryDirectory() as meeting:
        multiprocessing.spawn(train, (options, f'file://{meeting}/meeting'), options.processes)


def train(process, options, meeting):
    distributed.init_process_group('gloo', init_method=meeting, rank=process, world_size=options.processes)
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    cache = Cache(options.cache)
    batches, prior = Batches(cache, options.seed), cache.load('prior.npy')
    labels = len(prior)
    run = Run(starting_network(options.alpha, labels, prior, options.start), options.out)
    phases = [[int(part) for part in phase.split(':')] for phase in options.phases]
    together = BATCH * options.processes
    plan = [
        (resolution, LEAST_AREA_AT_LAST if number == len(phases) else LEAST_AREA)
        for number, (resolution, photos) in enumerate(phases, 1) for _ in range(photos // together)
    ]
    log = open(os.path.join(options.out, 'log.txt'), 'a', buffering=1)
    since, losses = time.time(), []
    while run.step < len(plan):
        x, *truth = batches.draw(run.step * options.processes + process, *plan[run.step])
        with autocast():
            logits = run.network(x)
        parts = loss_of(logits.float(), labels, *truth)
        run.update(sum(parts), rate_at(run.step, len(plan), options.peak_rate))
        losses.append([part.item() for part in parts])
        if not math.isfinite(sum(losses[-1])):
            raise SystemExit(f'The loss is {losses[-1]} at step {run.step}')
        if process:
            continue
        if run.step % LOG_EVERY == 0:
            own, teacher = np.mean(losses, 0)
            speed = LOG_EVERY * together / (time.time() - since)
            log.write(f'step {run.step} of {len(plan)}: loss {own:.3f}, teacher {teacher:.3f}, {speed:.0f} images a second\n')
            since, losses = time.time(), []
        if run.step % SAVE_EVERY == 0 or run.step == len(plan):
            run.save()


if __name__ == '__main__':
    main()
