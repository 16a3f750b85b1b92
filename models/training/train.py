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
from network import MobileNet

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


def rate_at(step, steps, peak):
    if step < recipe.WARM_UP_STEPS:
        return peak * (step + 1) / recipe.WARM_UP_STEPS
    done = (step - recipe.WARM_UP_STEPS) / (steps - recipe.WARM_UP_STEPS)
    return peak * 0.5 * (1 + math.cos(math.pi * done))


def batch_of(step, order, count, seed):
    """Positions of a step's images: every epoch has its own order."""
    first = step * recipe.BATCH
    epoch, offset = divmod(first, count)
    if order.get('epoch') != epoch:
        order.update(epoch=epoch, indices=torch.randperm(count, generator=torch.Generator().manual_seed(seed + epoch)))
    return order['indices'][offset : offset + recipe.BATCH]


def loss_of(logits, targets):
    """Half of it ranks the classes against each other (softmax), half makes each output sure on its own (sigmoid)."""
    smooth = targets * (1 - recipe.LABEL_SMOOTHING) + recipe.LABEL_SMOOTHING / targets.shape[1]
    ranked = -(smooth * F.log_softmax(logits, 1)).sum(1).mean()
    independent = F.binary_cross_entropy_with_logits(logits, targets, reduction='sum') / len(logits)
    return 0.5 * ranked + 0.5 * independent


def parameter_groups(network, weight_decay):
    decayed = [p for name, p in network.named_parameters() if name.endswith(('pointwise.weight', 'classifier.weight'))]
    chosen = set(decayed)
    rest = [p for p in network.parameters() if p not in chosen]
    return [{'params': decayed, 'weight_decay': weight_decay}, {'params': rest, 'weight_decay': 0}]


def save(path, content):
    torch.save(content, path + '.new')
    os.replace(path + '.new', path)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--alpha', type=float, required=True, choices=list(recipe.RECIPES))
    parser.add_argument('--cache', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--threads', type=int, default=1)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    torch.set_num_threads(options.threads)

    settings = recipe.RECIPES[options.alpha]
    images, again, labels = data.load(options.cache, 'train')
    training, _ = data.splits(labels)
    labels = torch.from_numpy(labels[:].astype('int64'))
    classes = int(labels.max()) + 1
    steps_per_epoch = len(training) / recipe.BATCH
    plan = schedule(settings.phases, steps_per_epoch, torch.Generator().manual_seed(options.seed))

    torch.manual_seed(options.seed)
    network = MobileNet(options.alpha, classes).to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.SGD(
        parameter_groups(network, settings.weight_decay), lr=0, momentum=recipe.MOMENTUM, nesterov=True
    )
    parameters = list(network.parameters())
    average = [p.detach().clone() for p in parameters]
    checkpoint, start = os.path.join(options.out, 'checkpoint.pt'), 0
    if os.path.exists(checkpoint):
        state = torch.load(checkpoint)
        network.load_state_dict(state['network'])
        optimizer.load_state_dict(state['optimizer'])
        average, start = state['average'], state['step']

    log = open(os.path.join(options.out, 'log.jsonl'), 'a', buffering=1)
    order, since, losses = {}, time.time(), []
    for step in range(start, len(plan)):
        torch.manual_seed(options.seed * 1_000_003 + step)
        resolution, least_area, last = plan[step]
        indices = training[batch_of(step, order, len(training), options.seed).numpy()]
        source = again if torch.rand(()) < 0.3 else images
        x = augment.augmented(torch.from_numpy(source[indices]), resolution, least_area)
        targets = F.one_hot(labels[indices], classes).float()
        if not last:
            x, targets = augment.cut_mixed(x, targets, settings.cut_mix)

        rate = rate_at(step, len(plan), settings.peak_rate)
        for group in optimizer.param_groups:
            group['lr'] = rate
        optimizer.zero_grad(set_to_none=True)
        # Weights and losses stay in float32; activations and products in bfloat16 take about half the time.
        with torch.autocast('cpu', dtype=torch.bfloat16):
            logits = network(x)
        loss = loss_of(logits.float(), targets)
        loss.backward()
        optimizer.step()
        # Early on the average follows closely: it would drag the first, bad weights along.
        decay = min(recipe.AVERAGE_DECAY, (step + 1) / (step + 10))
        with torch.no_grad():
            torch._foreach_mul_(average, decay)
            torch._foreach_add_(average, parameters, alpha=1 - decay)

        losses.append(loss.item())
        if not math.isfinite(losses[-1]):
            raise SystemExit(f'The loss is {losses[-1]} at step {step}')
        if (step + 1) % LOG_EVERY == 0:
            seconds = time.time() - since
            log.write(json.dumps({
                'step': step + 1, 'of': len(plan), 'resolution': resolution, 'rate': round(rate, 5),
                'loss': round(sum(losses) / len(losses), 4), 'imagesPerSecond': round(len(losses) * recipe.BATCH / seconds),
            }) + '\n')
            since, losses = time.time(), []
        if (step + 1) % SAVE_EVERY == 0:
            state = {'network': network.state_dict(), 'optimizer': optimizer.state_dict()}
            save(checkpoint, {**state, 'average': average, 'step': step + 1})

    with torch.no_grad():
        for parameter, averaged in zip(parameters, average):
            parameter.copy_(averaged)
    save(os.path.join(options.out, 'trained.pt'), {'alpha': options.alpha, 'network': network.state_dict()})


if __name__ == '__main__':
    main()
