"""Trains one width of `everyday`: `python3 train.py --alpha 0.5 --cache CACHE --out RUN`. See README.md.

Ends with RUN/trained.pt, the averaged weights; export.py makes a safetensors file of them. Interrupted, it goes on where
its last checkpoint was: every step draws its random numbers from the seed and its own number.
"""

import argparse
import json
import math
import os
import time

import torch
from torch.nn import functional as F

import augment
import data
import recipe
from network import MobileNet, autocast
from teacher import Teacher

LOG_EVERY, SAVE_EVERY = 50, 500


def schedule(phases, steps_per_epoch, generator):
    """One (resolution, least area, whether it is the last phase) a step."""
    steps = []
    for phase in phases:
        count = round(phase.epochs * steps_per_epoch)
        sizes, shares = list(phase.resolutions), torch.tensor(list(phase.resolutions.values()), dtype=torch.float)
        drawn = torch.multinomial(shares, count, replacement=True, generator=generator)
        steps += [(sizes[index], phase.least_area, phase is phases[-1]) for index in drawn.tolist()]
    return steps


def rate_at(step, steps, peak, warm_up):
    if step < warm_up:
        return peak * (step + 1) / warm_up
    done = (step - warm_up) / (steps - warm_up)
    return peak * 0.5 * (1 + math.cos(math.pi * done))


def batch_of(step, order, count, seed):
    """Positions of a step's images: every epoch has its own order."""
    first = step * recipe.BATCH
    epoch, offset = divmod(first, count)
    if order.get('epoch') != epoch:
        order.update(epoch=epoch, indices=torch.randperm(count, generator=torch.Generator().manual_seed(seed + epoch)))
    return order['indices'][offset : offset + recipe.BATCH]


def loss_of(logits, targets, settings, smoothing):
    smooth = targets * (1 - smoothing) + smoothing / targets.shape[1]
    ranked = -(smooth * F.log_softmax(logits, 1)).sum(1).mean()
    independent = F.binary_cross_entropy_with_logits(logits, targets, reduction='sum') / len(logits)
    return (1 - settings.independent) * ranked + settings.independent * independent


def parameter_groups(network, settings):
    names = ('pointwise.weight', 'conv.weight', 'classifier.weight') + ('depthwise.weight',) * settings.decays_depthwise
    decayed = [p for name, p in network.named_parameters() if name.endswith(names)]
    chosen = set(decayed)
    rest = [p for p in network.parameters() if p not in chosen]
    return [{'params': decayed, 'weight_decay': settings.weight_decay}, {'params': rest, 'weight_decay': 0}]


class Trainer:
    """One network on its way: every step draws its random numbers from the seed and its own number.

    `every`: learns each so-many-th class alone, numbered anew.
    """

    def __init__(self, network, settings, cache, seed, teacher=None, every=1):
        self.network, self.settings, self.seed, self.teacher = network, settings, seed, teacher
        self.images, self.again, labels = data.load(cache, 'train')
        training, _ = data.splits(labels)
        self.training = training[labels[training] % every == 0]
        self.labels = torch.from_numpy(labels[:].astype('int64') // every)
        self.plan = schedule(settings.phases, len(self.training) / recipe.BATCH, torch.Generator().manual_seed(seed))
        self.optimizer = torch.optim.SGD(
            parameter_groups(network, settings), lr=0, momentum=recipe.MOMENTUM, nesterov=True
        )
        self.parameters = list(network.parameters())
        self.average = [p.detach().clone() for p in self.parameters]
        self.order = {}

    def state(self):
        return {
            'network': self.network.state_dict(), 'optimizer': self.optimizer.state_dict(), 'average': self.average
        }

    def load(self, state):
        self.network.load_state_dict(state['network'])
        self.optimizer.load_state_dict(state['optimizer'])
        self.average = state['average']

    def step(self, number):
        """Returns the loss."""
        torch.manual_seed(self.seed * 1_000_003 + number)
        logits, targets = self.forward(number)
        # A teacher's guesses are smooth already.
        loss = loss_of(logits, targets, self.settings, 0 if self.teacher else self.settings.label_smoothing)
        for group in self.optimizer.param_groups:
            group['lr'] = rate_at(number, len(self.plan), self.settings.peak_rate, self.settings.warm_up_steps)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        # Early on the average follows closely: it would drag the first, bad weights along.
        decay = min(recipe.AVERAGE_DECAY, (number + 1) / (number + 10))
        with torch.no_grad():
            torch._foreach_mul_(self.average, decay)
            torch._foreach_add_(self.average, self.parameters, alpha=1 - decay)
        if not math.isfinite(loss.item()):
            raise SystemExit(f'The loss is {loss.item()} at step {number}')
        return loss.item()

    def forward(self, number):
        resolution, least_area, last = self.plan[number]
        indices = self.training[batch_of(number, self.order, len(self.training), self.seed).numpy()]
        source = self.again if torch.rand(()) < self.settings.encoded_again else self.images
        targets = F.one_hot(self.labels[indices], int(self.labels.max()) + 1).float()
        if self.teacher:
            targets = (1 - recipe.TEACHER_SHARE) * targets + recipe.TEACHER_SHARE * self.teacher.about(indices)
        crops = augment.random_crops(len(indices), least_area)
        x = augment.augmented(torch.from_numpy(source[indices]), resolution, crops, self.settings)
        if not last:
            x, targets = augment.cut_mixed(x, targets, self.settings.cut_mix)
        with autocast():
            return self.network(x).float(), targets

    @torch.no_grad()
    def finish(self):
        """Puts the averaged weights into the network."""
        for parameter, averaged in zip(self.parameters, self.average):
            parameter.copy_(averaged)


def save(path, content):
    torch.save(content, path + '.new')
    os.replace(path + '.new', path)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--alpha', type=float, required=True, choices=list(recipe.RECIPES))
    parser.add_argument('--cache', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--start', help='what widths.py made')
    parser.add_argument('--teacher', help='what teacher.py made')
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    # More threads wait for each other at every layer: two widths side by side take less than one after the other.
    torch.set_num_threads(1)

    torch.manual_seed(options.seed)
    network = MobileNet(options.alpha).to(memory_format=torch.channels_last).train()
    teacher = Teacher(options.teacher) if options.teacher else None
    if options.start:
        network.load_state_dict(torch.load(options.start))
    recipes = recipe.RECIPES_FROM_START if options.start else recipe.RECIPES
    trainer = Trainer(network, recipes[options.alpha], options.cache, options.seed, teacher)
    checkpoint, start = os.path.join(options.out, 'checkpoint.pt'), 0
    if os.path.exists(checkpoint):
        state = torch.load(checkpoint)
        trainer.load(state)
        start = state['step']

    log = open(os.path.join(options.out, 'log.jsonl'), 'a', buffering=1)
    since, losses = time.time(), []
    for number in range(start, len(trainer.plan)):
        losses.append(trainer.step(number))
        if (number + 1) % LOG_EVERY == 0:
            log.write(json.dumps({
                'step': number + 1, 'of': len(trainer.plan), 'resolution': trainer.plan[number][0],
                'loss': round(sum(losses) / len(losses), 4),
                'imagesPerSecond': round(len(losses) * recipe.BATCH / (time.time() - since)),
            }) + '\n')
            since, losses = time.time(), []
        if (number + 1) % SAVE_EVERY == 0:
            save(checkpoint, {**trainer.state(), 'step': number + 1})

    trainer.finish()
    save(os.path.join(options.out, 'trained.pt'), {'alpha': options.alpha, 'network': network.state_dict()})


if __name__ == '__main__':
    main()
